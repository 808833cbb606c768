import { createHash } from 'node:crypto'
import {
  allow,
  ask,
  BUCKET,
  NOW,
  post,
  ROOT,
  send,
  session,
  startCloud,
  type TestCloud,
  textOf,
} from './cloud'
import { basicDate, type FormDraft, formV1, formV4, toPolicy, v1 } from './sign'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud()
})
afterAll(() => cloud.close())
beforeEach(() => {
  cloud.clock.now = NOW
})

const FILE = { content: 'hello', filename: 'h.txt', type: 'text/plain' }
const DRAFT: FormDraft = {
  fields: [['key', 'in/a']],
  conditions: [{ bucket: BUCKET }, ['eq', '$key', 'in/a'], ['content-length-range', 1, 10]],
}

const signers = [
  ['V4', formV4],
  ['V1', formV1],
] as const

describe.each(signers)('a form signed %s', (_, sign) => {
  it('stores the file', async () => {
    const reply = await post(cloud, sign(DRAFT, ROOT, NOW), FILE)
    expect([reply.status, reply.text]).toEqual([204, ''])
    expect(reply.headers).toMatchObject({
      etag: '"5D41402ABC4B2A76B9719D911017C592"',
      'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==',
      'x-oss-hash-crc64ecma': '11177612005948864433',
    })
    const got = await ask(cloud, { method: 'GET', key: 'in/a' })
    expect([got.text, got.headers['content-type']]).toEqual(['hello', 'text/plain'])
  })

  it('takes an STS token and its policy', async () => {
    const role = allow(['oss:*'], ['*'])
    const policy = allow(['oss:PutObject'], [`acs:oss:*:*:${BUCKET}/in/*`])
    const signer = session(cloud, role, policy)
    expect((await post(cloud, sign(DRAFT, signer, NOW), FILE)).status).toBe(204)
    const other = {
      fields: [['key', 'out/a']] as [string, string][],
      conditions: [{ bucket: BUCKET }],
    }
    const refused = await post(cloud, sign(other, signer, NOW), FILE)
    expect([refused.status, refused.code]).toEqual([403, 'AccessDenied'])
    const fields = sign(DRAFT, signer, NOW).filter(([name]) => name !== 'x-oss-security-token')
    const bare = await post(cloud, fields, FILE)
    expect([bare.status, bare.code, bare.ec]).toEqual([403, 'InvalidAccessKeyId', '0002-00000003'])
  })

  it.each([
    ['one byte under the minimum', '', 400, 'EntityTooSmall', '0006-00000004'],
    ['the minimum', 'a', 204, undefined, undefined],
    ['the maximum', 'a'.repeat(10), 204, undefined, undefined],
    ['one byte over the maximum', 'a'.repeat(11), 400, 'EntityTooLarge', '0006-00000003'],
    ['far over the maximum', 'a'.repeat(3_000_000), 400, 'EntityTooLarge', '0006-00000003'],
  ])('judges a file of %s', async (_name, content, status, code, ec) => {
    const reply = await post(cloud, sign(DRAFT, ROOT, NOW), { ...FILE, content })
    expect([reply.status, reply.code, reply.ec]).toEqual([status, code, ec])
  })

  it('refuses a signature with one character changed', async () => {
    const fields = sign(DRAFT, ROOT, NOW).map(([name, value]): [string, string] =>
      /signature$/i.test(name)
        ? [name, (value.startsWith('a') ? 'b' : 'a') + value.slice(1)]
        : [name, value],
    )
    const reply = await post(cloud, fields, FILE)
    expect([reply.status, reply.code]).toEqual([403, 'SignatureDoesNotMatch'])
    expect(textOf(reply.text, 'SignatureProvided')).toBeDefined()
  })

  it('refuses an unknown key id', async () => {
    const reply = await post(cloud, sign(DRAFT, { ...ROOT, id: 'nobody' }, NOW), FILE)
    expect([reply.status, reply.code]).toEqual([403, 'InvalidAccessKeyId'])
  })

  it('refuses a policy that has expired, and not one that is about to', async () => {
    const fields = sign(DRAFT, ROOT, NOW)
    cloud.clock.now = NOW + 600_000
    expect((await post(cloud, fields, FILE)).status).toBe(204)
    cloud.clock.now = NOW + 600_001
    const reply = await post(cloud, fields, FILE)
    expect([reply.status, reply.code, reply.ec, reply.message]).toEqual([
      403,
      'AccessDenied',
      '0006-00000213',
      'Invalid according to Policy: Policy expired.',
    ])
  })

  it.each([
    ['another value', ['eq', '$key', 'in/b'], '["eq", "$key", "in/b"]', '0006-00000227'],
    ['another value, object form', { key: 'in/b' }, '["eq", "$key", "in/b"]', '0006-00000227'],
    [
      'another prefix',
      ['starts-with', '$key', 'out/'],
      '["starts-with", "$key", "out/"]',
      '0006-00000227',
    ],
    [
      'a value off the list',
      ['in', '$key', ['a', 'b']],
      '["in", "$key", ["a", "b"]]',
      '0006-00000227',
    ],
    [
      'a listed value',
      ['not-in', '$key', ['in/a']],
      '["not-in", "$key", ["in/a"]]',
      '0006-00000227',
    ],
    ['another bucket', { bucket: 'other-bkt' }, '["eq", "$bucket", "other-bkt"]', '0006-00000227'],
    [
      'an absent field',
      ['eq', '$x-oss-meta-a', ''],
      '["eq", "$x-oss-meta-a", ""]',
      '0006-00000226',
    ],
    [
      'an absent field that must not be',
      ['not-in', '$x-oss-meta-a', ['b']],
      '["not-in", "$x-oss-meta-a", ["b"]]',
      '0006-00000226',
    ],
    [
      'another type',
      ['eq', '$content-type', 'image/png'],
      '["eq", "$content-type", "image/png"]',
      '0006-00000227',
    ],
  ] as [string, unknown, string, string][])('refuses %s', async (_name, condition, echo, ec) => {
    const conditions = [...DRAFT.conditions, condition]
    const reply = await post(cloud, sign({ ...DRAFT, conditions }, ROOT, NOW), FILE)
    expect([reply.status, reply.code, reply.ec]).toEqual([403, 'AccessDenied', ec])
    expect(reply.text).toContain(
      `Policy Condition failed: ${echo.replaceAll('"', '&quot;')}</Message>`,
    )
  })

  it.each([
    ['a prefix', ['starts-with', '$key', 'in/']],
    ['any value', ['starts-with', '$key', '']],
    ['a list', ['in', '$key', ['x', 'in/a']]],
    ['a list of others', ['not-in', '$key', ['x']]],
    ['a name in capitals', ['eq', '$KEY', 'in/a']],
    ["the file part's own type", ['in', '$content-type', ['text/plain']]],
  ] as [string, unknown][])('admits %s', async (_name, condition) => {
    const conditions = [...DRAFT.conditions, condition]
    expect((await post(cloud, sign({ ...DRAFT, conditions }, ROOT, NOW), FILE)).status).toBe(204)
  })
})

describe('the V4 form', () => {
  const change = (name: string, value: string | undefined) =>
    formV4(DRAFT, ROOT, NOW).flatMap(([field, old]): [string, string][] => {
      if (field !== name) return [[field, old]]
      return value === undefined ? [] : [[field, value]]
    })
  const credential = (day: string, region: string, product = 'oss', end = 'aliyun_v4_request') =>
    `${ROOT.id}/${day}/${region}/${product}/${end}`

  it.each([
    ['x-oss-signature-version', 'OSS2', '0002-00000701'],
    ['x-oss-signature-version', undefined, '0002-00000701'],
    ['policy', undefined, '0002-00000702'],
    ['x-oss-signature', undefined, '0002-00000703'],
    ['x-oss-signature', ' ', '0002-00000704'],
    ['x-oss-signature', 'a'.repeat(64), '0002-00000705'],
    ['x-oss-credential', credential('20231115', 'cn-hangzhou'), '0002-00000709'],
    ['x-oss-credential', credential('2023', 'cn-hangzhou'), '0002-00000709'],
    ['x-oss-credential', credential('20231114', 'cn-hangzhou', 'oss', 'request'), '0002-00000710'],
    ['x-oss-credential', credential('20231114', 'cn-hangzhou', 'ecs'), '0002-00000710'],
    ['x-oss-credential', 'nonsense', '0002-00000710'],
    ['x-oss-credential', credential('20231114', 'cn-beijing'), '0002-00000715'],
  ])('refuses %s %j', async (name, value, ec) => {
    const reply = await post(cloud, change(name, value), FILE)
    expect(reply.ec).toBe(ec)
    expect(reply.status).toBe(ec === '0002-00000705' ? 403 : 400)
  })

  it('must pin its own fields in the policy', async () => {
    const fields = formV4(DRAFT, ROOT, NOW)
    const { v4 } = await import('./sign')
    const policy = toPolicy(NOW + 600_000, DRAFT.conditions)
    const changed = fields.map(([name, value]): [string, string] => {
      if (name === 'policy') return [name, policy]
      return name === 'x-oss-signature'
        ? [name, v4(ROOT.secret, '20231114', policy)]
        : [name, value]
    })
    expect((await post(cloud, changed, FILE)).ec).toBe('0006-00000226')
  })

  it('lives seven days whatever its expiration says', async () => {
    const fields = formV4({ ...DRAFT, expiration: NOW + 30 * 86_400_000 }, ROOT, NOW)
    cloud.clock.now = NOW + 7 * 86_400_000
    expect((await post(cloud, fields, FILE)).status).toBe(204)
    cloud.clock.now += 1
    expect((await post(cloud, fields, FILE)).ec).toBe('0006-00000213')
  })

  it('may be at most 15 minutes ahead of the server', async () => {
    const fields = formV4(DRAFT, ROOT, NOW)
    cloud.clock.now = NOW - 15 * 60_000
    expect((await post(cloud, fields, FILE)).status).toBe(204)
    cloud.clock.now -= 1000
    expect((await post(cloud, fields, FILE)).status).toBe(403)
    expect(basicDate(NOW)).toBe('20231114T221320Z')
  })
})

describe('the V1 form', () => {
  it.each([
    ['OSSAccessKeyId', 'Post request accessKeyId is empty.'],
    ['Signature', 'Post request signature is empty.'],
    ['policy', 'Post request policy is empty.'],
  ])('needs all three fields, %s too', async (name, message) => {
    const fields = formV1(DRAFT, ROOT, NOW).filter(([field]) => field !== name)
    const reply = await post(cloud, fields, FILE)
    expect([reply.status, reply.code, reply.message]).toEqual([400, 'InvalidArgument', message])
  })

  const policies: [string, string, string | undefined][] = [
    ['{"expiration":"2030-01-01T00:00:00Z"}', 'conditions', '0006-00000207'],
    ['{"conditions":[{"a":"b"}]}', 'expiration', '0006-00000208'],
    ['{}', 'missing', '0006-00000209'],
    ['{"expiration":1,"conditions":[{"a":"b"}]}', 'string', '0006-00000210'],
    ['{"expiration":"","conditions":[{"a":"b"}]}', 'empty', '0006-00000211'],
    ['{"expiration":"tomorrow","conditions":[{"a":"b"}]}', 'ISO', '0006-00000201'],
    ['{"expiration":"2030-01-01T00:00:00Z","conditions":[]}', 'empty', '0006-00000215'],
    ['{"expiration":"2030-01-01T00:00:00Z","conditions":{}}', 'list', '0006-00000224'],
    ['{"expiration":"2030-01-01T00:00:00Z","conditions":[["$key","a"]]}', 'mode', '0006-00000216'],
    [
      '{"expiration":"2030-01-01T00:00:00Z","conditions":[["eq","$key","a","b"]]}',
      'extra',
      '0006-00000218',
    ],
    [
      '{"expiration":"2030-01-01T00:00:00Z","conditions":[["eq","key","a"]]}',
      'argument',
      '0006-00000224',
    ],
    [
      '{"expiration":"2030-01-01T00:00:00Z","conditions":[["eq","$key",1]]}',
      'argument',
      '0006-00000224',
    ],
    [
      '{"expiration":"2030-01-01T00:00:00Z","conditions":[["in","$key","a"]]}',
      'argument',
      '0006-00000224',
    ],
    [
      '{"expiration":"2030-01-01T00:00:00Z","conditions":[["content-length-range","a",1]]}',
      'argument',
      '0006-00000224',
    ],
    [
      '{"expiration":"2030-01-01T00:00:00Z","conditions":[["content-length-range",-1,1]]}',
      'argument',
      '0006-00000224',
    ],
    [
      '{"expiration":"2030-01-01T00:00:00Z","conditions":[{"a":"b","c":"d"}]}',
      'exactly one property',
      undefined,
    ],
    ['{"expiration":"2030-01-01T00:00:00Z","conditions":[{}]}', 'exactly one property', undefined],
    ['{e', 'Invalid JSON', '0006-00000201'],
    ['[1 2]', ', or ] expected', '0006-00000201'],
    ['null', 'object', '0006-00000201'],
    ['[]', 'object', '0006-00000201'],
  ]
  it.each(policies)('refuses the policy %s', async (text, words, ec) => {
    const policy = Buffer.from(text).toString('base64')
    const fields: [string, string][] = [
      ['key', 'in/a'],
      ['OSSAccessKeyId', ROOT.id],
      ['policy', policy],
      ['Signature', v1(ROOT.secret, policy)],
    ]
    const reply = await post(cloud, fields, FILE)
    expect([reply.status, reply.code, reply.ec]).toEqual([400, 'InvalidPolicyDocument', ec])
    expect(reply.message).toContain(words)
  })

  it('refuses a policy that is not base64', async () => {
    const fields: [string, string][] = [
      ['key', 'in/a'],
      ['OSSAccessKeyId', ROOT.id],
      ['policy', '{"expiration"'],
      ['Signature', v1(ROOT.secret, '{"expiration"')],
    ]
    expect((await post(cloud, fields, FILE)).code).toBe('InvalidPolicyDocument')
  })

  it('reads the escape \\$', async () => {
    const text = String.raw`{"expiration":"2030-01-01T00:00:00Z","conditions":[["eq","\$key","in\/\u0061"],["starts-with","$x-oss-meta-m","\\\$"]]}`
    const policy = Buffer.from(text).toString('base64')
    const fields: [string, string][] = [
      ['key', 'in/a'],
      ['x-oss-meta-m', '\\$5'],
      ['OSSAccessKeyId', ROOT.id],
      ['policy', policy],
      ['Signature', v1(ROOT.secret, policy)],
    ]
    expect((await post(cloud, fields, FILE)).status).toBe(204)
  })
})

describe('fields', () => {
  const sign = (fields: [string, string][], conditions: unknown[] = [{ bucket: BUCKET }]) =>
    formV4({ fields, conditions }, ROOT, NOW)

  it('puts the file name into the key after the policy was checked', async () => {
    const conditions = [{ bucket: BUCKET }, ['eq', '$key', `up/\${filename}`]]
    const fields = sign([['key', `up/\${filename}`]], conditions)
    expect((await post(cloud, fields, { ...FILE, filename: '$& 报告.txt' })).status).toBe(204)
    expect((await ask(cloud, { method: 'HEAD', key: 'up/$& 报告.txt' })).status).toBe(200)
  })

  it('stores headers, metadata, ACL and storage class', async () => {
    const fields = sign([
      ['key', 'headers'],
      ['Cache-Control', 'no-cache'],
      ['Content-Disposition', 'inline'],
      ['Expires', 'never'],
      ['x-oss-meta-Tag', 'T'],
      ['x-oss-storage-class', 'IA'],
      ['x-oss-object-acl', 'private'],
    ])
    expect((await post(cloud, fields, FILE)).status).toBe(204)
    const { headers } = await ask(cloud, { method: 'HEAD', key: 'headers' })
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-disposition': 'inline',
      expires: 'never',
      'x-oss-meta-tag': 'T',
      'x-oss-storage-class': 'IA',
    })
  })

  it.each([
    [
      [
        ['x-oss-content-type', 'a/b'],
        ['Content-Type', 'c/d'],
      ],
      'e/f',
      'a/b',
    ],
    [[['Content-Type', 'c/d']], 'e/f', 'e/f'],
    [[['Content-Type', 'c/d']], undefined, 'c/d'],
    [[], undefined, 'application/octet-stream'],
  ] as [[string, string][], string | undefined, string][])(
    'takes the type of %j and a part of %s as %s',
    async (types, type, expected) => {
      const file = { content: 'x', filename: 'x', ...(type && { type }) }
      await post(cloud, sign([['key', 'typed'], ...types]), file)
      const { headers } = await ask(cloud, { method: 'HEAD', key: 'typed' })
      expect(headers['content-type']).toBe(expected)
    },
  )

  it.each([
    ['200', 200, ''],
    ['204', 204, ''],
    ['abc', 204, ''],
    ['201', 201, 'PostResponse'],
  ])('answers success_action_status %s by %d', async (value, status, root) => {
    const reply = await post(
      cloud,
      sign([
        ['key', 'status'],
        ['success_action_status', value],
      ]),
      FILE,
    )
    expect(reply.status).toBe(status)
    expect(reply.text).toContain(root)
    if (root === '') expect(reply.text).toBe('')
    else expect(textOf(reply.text, 'Key')).toBe('status')
  })

  it('redirects after success only', async () => {
    const url = ['success_action_redirect', 'http://app.example/done?a=b'] as [string, string]
    const reply = await post(cloud, sign([['key', 'go'], url]), FILE)
    expect(reply.status).toBe(303)
    expect(reply.headers.location).toBe(
      'http://app.example/done?a=b&bucket=demo-bkt&key=go&etag=%225D41402ABC4B2A76B9719D911017C592%22',
    )
    const refused = await post(cloud, sign([['key', 'go'], url], [{ bucket: 'other' }]), FILE)
    expect([refused.status, refused.headers.location]).toEqual([403, undefined])
  })

  it('does not overwrite what it was told not to', async () => {
    const fields = sign([
      ['key', 'once'],
      ['x-oss-forbid-overwrite', 'true'],
    ])
    expect((await post(cloud, fields, FILE)).status).toBe(204)
    const reply = await post(cloud, fields, FILE)
    expect([reply.status, reply.code]).toEqual([409, 'FileAlreadyExists'])
  })

  it('refuses a form without a key', async () => {
    const reply = await post(cloud, sign([]), FILE)
    expect([reply.status, reply.code]).toEqual([400, 'InvalidArgument'])
    expect(reply.message).toContain("must contain the specified 'key'")
  })

  it('reads names in any case and the first of a repeated one', async () => {
    const fields = sign([
      ['KEY', 'first'],
      ['key', 'second'],
    ])
    expect((await post(cloud, fields, FILE)).status).toBe(204)
    expect((await ask(cloud, { method: 'HEAD', key: 'first' })).status).toBe(200)
    expect((await ask(cloud, { method: 'HEAD', key: 'second' })).status).toBe(404)
  })

  it('refuses an anonymous form on a private bucket', async () => {
    const reply = await post(cloud, [['key', 'anonymous']], FILE)
    expect([reply.status, reply.code]).toEqual([403, 'AccessDenied'])
  })

  it.each([
    ['8 KB', 8192, 204, undefined],
    ['8 KB and one byte', 8193, 400, '0006-00000110'],
  ])('judges a field name of %s', async (_, length, status, ec) => {
    const fields: [string, string][] = [['n'.repeat(length), 'v'], ...sign([['key', 'names']])]
    const reply = await post(cloud, fields, FILE)
    expect([reply.status, reply.ec]).toEqual([status, ec])
  })

  it.each([
    ['2 MB', 2 * 1024 * 1024, 204],
    ['2 MB and one byte', 2 * 1024 * 1024 + 1, 400],
  ])('judges a field value of %s', async (_, length, status) => {
    const fields: [string, string][] = [['x', 'v'.repeat(length)], ...sign([['key', 'values']])]
    expect((await post(cloud, fields, FILE)).status).toBe(status)
  })

  it('refuses more than 8 MB before the file', async () => {
    const values = Array.from({ length: 5 }, (_, i): [string, string] => [
      `f${i}`,
      'v'.repeat(1_800_000),
    ])
    const reply = await post(cloud, [...values, ...sign([['key', 'much']])], FILE)
    expect([reply.status, reply.ec]).toEqual([400, '0006-00000112'])
  })
})

describe('the body', () => {
  const raw = (body: string, type = 'multipart/form-data; boundary=B') => {
    const headers = { 'content-type': type }
    return send(cloud, { method: 'POST', path: `/${BUCKET}/`, headers }, body)
  }
  const fields = () =>
    formV4({ fields: [['key', 'body']], conditions: [{ bucket: BUCKET }] }, ROOT, NOW)
      .map(([n, v]) => `--B\r\nContent-Disposition: form-data; name="${n}"\r\n\r\n${v}\r\n`)
      .join('')
  const file = '--B\r\nContent-Disposition: form-data; name="file"\r\n\r\nhi\r\n'

  it('may have a preamble, padding, fields after the file and an epilogue', async () => {
    const after = '--B\r\nContent-Disposition: form-data; name="submit"\r\n\r\nUpload\r\n'
    const reply = await raw(`preamble\r\n${fields()}${file}${after}--B--\r\nepilogue --B`)
    expect(reply.status).toBe(204)
    expect((await ask(cloud, { method: 'GET', key: 'body' })).text).toBe('hi')
  })

  it('may hold a boundary look-alike', async () => {
    const content = '\r\n--\r\n--A\r\n-B\r\n--'
    const reply = await raw(`${fields()}${file.replace('hi', content)}--B--\r\n`)
    expect(reply.status).toBe(204)
    expect((await ask(cloud, { method: 'GET', key: 'body' })).text).toBe(content)
  })

  it.each([
    ['no file', `--B--\r\n`],
    ['a file that never ends', '--B\r\nContent-Disposition: form-data; name="file"\r\n\r\nhi'],
    ['a file without the last dashes', `${file}--B`],
    ['a part without a name', '--B\r\n\r\nx\r\n--B--'],
    ['nothing', ''],
  ])('is refused with %s', async (_, rest) => {
    const reply = await raw(rest === '' ? '' : `${fields()}${rest}`)
    expect([reply.status, reply.code, reply.ec]).toEqual([
      400,
      'MalformedPOSTRequest',
      '0006-00000104',
    ])
  })

  it('is refused with two files', async () => {
    const reply = await raw(`${fields()}${file}${file}--B--\r\n`)
    expect([reply.status, reply.code]).toEqual([400, 'IncorrectNumberOfFilesInPOSTRequest'])
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', ''])(
    'is refused as %j',
    async (type) => {
      const reply = await raw('a=b', type)
      expect([reply.status, reply.code]).toEqual([400, 'RequestIsNotMultiPartContent'])
    },
  )

  it('does not let a file name smuggle in another name', async () => {
    const evil = file.replace('name="file"', 'name="file"; filename="a; name=\\"key\\""')
    expect((await raw(`${fields()}${evil}--B--\r\n`)).status).toBe(204)
  })

  it('must match its Content-MD5', async () => {
    const body = `${fields()}${file}--B--\r\n`
    const digest = createHash('md5').update(body).digest('base64')
    const headers = { 'content-type': 'multipart/form-data; boundary=B', 'content-md5': digest }
    const signed = { method: 'POST', path: `/${BUCKET}/`, headers }
    expect((await send(cloud, signed, body)).status).toBe(204)
    const other = await send(cloud, signed, `${body} `)
    expect([other.status, other.code]).toEqual([400, 'InvalidDigest'])
  })
})
