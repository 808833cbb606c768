import {
  allow,
  ask,
  BUCKET,
  NOW,
  type Reply,
  ROOT,
  send,
  session,
  startCloud,
  type TestCloud,
  textOf,
} from './cloud'
import {
  basicDate,
  type Draft,
  headerV1,
  headerV4,
  type Signed,
  type Signer,
  urlV1,
  urlV4,
} from './sign'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud()
  await ask(cloud, { method: 'PUT', key: 'a/b' }, 'hello')
})
afterAll(() => cloud.close())
beforeEach(() => {
  cloud.clock.now = NOW
})

const GET: Draft = { method: 'GET', bucket: BUCKET, key: 'a/b' }
const EXPIRES = NOW / 1000 + 600

const SCHEMES: [string, (draft: Draft, signer: Signer) => Signed][] = [
  ['V4 in the header', (draft, signer) => headerV4(draft, signer, NOW)],
  ['V4 in the URL', (draft, signer) => urlV4(draft, signer, { now: NOW })],
  ['V1 in the header', (draft, signer) => headerV1(draft, signer, NOW)],
  ['V1 in the URL', (draft, signer) => urlV1(draft, signer, EXPIRES)],
]

function outcome({ status, code, ec }: Reply) {
  return [status, code, ec]
}

describe.each(SCHEMES)('%s', (name, sign) => {
  it('opens the object', async () => {
    expect((await send(cloud, sign(GET, ROOT))).text).toBe('hello')
  })

  it('opens it with a token', async () => {
    const signer = session(cloud, allow(['oss:GetObject'], ['*']))
    expect((await send(cloud, sign(GET, signer))).text).toBe('hello')
  })

  it.each(['PUT', 'DELETE', 'HEAD'])('is bound to its verb, not %s', async (method) => {
    const reply = await send(cloud, { ...sign(GET, ROOT), method })
    expect([reply.status, reply.code]).toEqual([403, 'SignatureDoesNotMatch'])
  })

  it('is bound to its key, its secret and every character of itself', async () => {
    const signed = sign(GET, ROOT)
    const other = await send(cloud, { ...signed, path: signed.path.replace('a/b', 'a/c') })
    expect(other.code).toBe('SignatureDoesNotMatch')
    const wrong = await send(cloud, sign(GET, { ...ROOT, secret: 'local-root-secreT' }))
    expect(wrong.code).toBe('SignatureDoesNotMatch')
    expect((await send(cloud, flip(signed))).code).toBe('SignatureDoesNotMatch')
  })

  it('is bound to its content type, Content-MD5 and x-oss- headers', async () => {
    for (const header of [
      'content-type',
      'content-md5',
      'x-oss-meta-a',
      'x-oss-forbid-overwrite',
    ]) {
      const signed = sign(GET, ROOT)
      const added = { ...signed, headers: { ...signed.headers, [header]: 'x' } }
      expect((await send(cloud, added)).code).toBe('SignatureDoesNotMatch')
    }
    const signed = sign({ ...GET, headers: { 'x-oss-meta-a': 'b', 'content-type': 'c/d' } }, ROOT)
    expect((await send(cloud, signed)).status).toBe(200)
    const plain = sign(GET, ROOT)
    const free = { range: 'bytes=0-1', 'user-agent': 'x', 'cache-control': 'no-cache' }
    expect((await send(cloud, { ...plain, headers: { ...plain.headers, ...free } })).text).toBe(
      'he',
    )
  })

  it('says what it compared', async () => {
    const reply = await send(cloud, flip(sign(GET, ROOT)))
    expect(textOf(reply.text, 'OSSAccessKeyId')).toBe(ROOT.id)
    expect(textOf(reply.text, 'SignatureProvided')).toBeDefined()
    const text = (textOf(reply.text, 'StringToSign') ?? '').replaceAll('&amp;', '&')
    expect(textOf(reply.text, 'StringToSignBytes')).toBe(
      Buffer.from(text).toString('hex').toUpperCase().replace(/../g, '$& '),
    )
    expect(reply.text.includes('<CanonicalRequest>GET\n/demo-bkt/a/b\n')).toBe(
      name.startsWith('V4'),
    )
    expect(reply.ec).toBe(name.startsWith('V4') ? '0002-00000201' : '0002-00000040')
  })

  it('refuses an unknown key', async () => {
    const reply = await send(cloud, sign(GET, { ...ROOT, id: 'nobody' }))
    expect(outcome(reply)).toEqual([403, 'InvalidAccessKeyId', '0002-00000902'])
  })

  it('refuses a session key without its token', async () => {
    const { token: _, ...signer } = session(cloud, allow(['oss:*'], ['*']))
    expect(outcome(await send(cloud, sign(GET, signer)))).toEqual([
      403,
      'InvalidAccessKeyId',
      '0002-00000003',
    ])
  })

  it('refuses the token of another session, a broken one and one where none belongs', async () => {
    const one = session(cloud, allow(['oss:*'], ['*']))
    const two = session(cloud, allow(['oss:*'], ['*']))
    const swapped = await send(cloud, sign(GET, { ...one, token: two.token ?? '' }))
    expect(outcome(swapped)).toEqual([403, 'AccessKeyIdAndSecurityTokenNotMatch', '0002-00000004'])
    const broken = await send(
      cloud,
      sign(GET, { ...one, token: `${one.token?.slice(0, -8)}AAAAAAA=` }),
    )
    expect(outcome(broken)).toEqual([403, 'InvalidSecurityToken', '0002-00000006'])
    const misplaced = await send(cloud, sign(GET, { ...ROOT, token: one.token ?? '' }))
    expect(outcome(misplaced)).toEqual([403, 'InvalidAccessKeyId', '0002-00000002'])
  })

  it('dies with its token', async () => {
    const signer = session(cloud, allow(['oss:*'], ['*']), undefined, 300)
    const signed = sign(GET, signer)
    cloud.clock.now = NOW + 299_999
    expect((await send(cloud, signed)).status).toBe(200)
    cloud.clock.now = NOW + 300_000
    expect(outcome(await send(cloud, signed))).toEqual([
      403,
      'SecurityTokenExpired',
      '0002-00000007',
    ])
  })

  it('hides the error of a HEAD in x-oss-err', async () => {
    const reply = await send(cloud, flip(sign({ ...GET, method: 'HEAD' }, ROOT)))
    expect([reply.status, reply.code]).toEqual([403, 'SignatureDoesNotMatch'])
    expect(reply.headers['x-oss-ec']).toBe(reply.ec)
  })
})

// Changes one character of the signature, wherever it is.
function flip(signed: Signed): Signed {
  const change = (text: string) =>
    text.replace(
      /((?:Signature|signature)=|:)([A-Za-z0-9%+/=]+)$/,
      (_, head: string, tail: string) => {
        const last = tail.charAt(3) === 'a' ? 'b' : 'a'
        return `${head}${tail.slice(0, 3)}${last}${tail.slice(4)}`
      },
    )
  const { authorization } = signed.headers
  if (authorization !== undefined) {
    return { ...signed, headers: { ...signed.headers, authorization: change(authorization) } }
  }
  const at = /([?&])((?:x-oss-signature|Signature)=[^&]*)/.exec(signed.path)
  const text = at?.[2] ?? ''
  return { ...signed, path: signed.path.replace(text, change(text)) }
}

describe('the clock', () => {
  it.each([
    ['V4', (now: number) => headerV4(GET, ROOT, now)],
    ['V1', (now: number) => headerV1(GET, ROOT, now)],
  ])('may differ by 15 minutes with %s in the header', async (_, sign) => {
    for (const offset of [-900_000, 900_000]) {
      expect((await send(cloud, sign(NOW + offset))).status).toBe(200)
    }
    for (const offset of [-901_000, 901_000]) {
      expect(outcome(await send(cloud, sign(NOW + offset)))).toEqual([
        403,
        'RequestTimeTooSkewed',
        '0002-00000504',
      ])
    }
  })

  it('ends a V4 URL after its seconds and begins it 15 minutes early', async () => {
    const signed = urlV4(GET, ROOT, { now: NOW, expires: 60 })
    cloud.clock.now = NOW + 60_000
    expect((await send(cloud, signed)).status).toBe(200)
    cloud.clock.now += 1
    const late = await send(cloud, signed)
    expect([...outcome(late), late.message]).toEqual([
      403,
      'AccessDenied',
      '0002-00000236',
      'Request has expired.',
    ])
    expect(textOf(late.text, 'Expires')).toBe(new Date(NOW + 60_000).toISOString())
    cloud.clock.now = NOW - 900_000
    expect((await send(cloud, signed)).status).toBe(200)
    cloud.clock.now -= 1
    expect(outcome(await send(cloud, signed))).toEqual([403, 'AccessDenied', '0002-00000235'])
  })

  it('ends a V1 URL, before anybody looks at its signature', async () => {
    const signed = urlV1(GET, ROOT, NOW / 1000)
    expect((await send(cloud, signed)).status).toBe(200)
    cloud.clock.now = NOW + 1000
    const reply = await send(cloud, flip(signed))
    expect([...outcome(reply), reply.message]).toEqual([
      403,
      'AccessDenied',
      '0002-00000069',
      'Request has expired.',
    ])
    expect(textOf(reply.text, 'ServerTime')).toBe(new Date(NOW + 1000).toISOString())
  })

  it.each([
    ['604800', 200, undefined],
    ['604801', 400, '0002-00000232'],
    ['0', 400, '0002-00000232'],
    ['-1', 400, '0002-00000232'],
    ['NaN', 400, '0002-00000232'],
    ['1e3', 400, '0002-00000232'],
  ])('lets a V4 URL last %s seconds by %d', async (expires, status, ec) => {
    const signed = urlV4({ ...GET }, ROOT, { now: NOW, expires: expires as unknown as number })
    const reply = await send(cloud, signed)
    expect([reply.status, reply.ec]).toEqual([status, ec])
  })
})

describe('a V4 header that is malformed', () => {
  const day = basicDate(NOW).slice(0, 8)
  const credential = (text: string) => (signed: Signed) => {
    const authorization = signed.headers.authorization?.replace(
      /Credential=[^,]+/,
      `Credential=${text}`,
    )
    return { ...signed, headers: { ...signed.headers, authorization: authorization ?? '' } }
  }
  const scope = `${day}/cn-hangzhou/oss/aliyun_v4_request`
  const cases: [string, (signed: Signed) => Signed, number, string, string | undefined][] = [
    [
      'another terminator',
      credential(`${ROOT.id}/${day}/cn-hangzhou/oss/aws4_request`),
      400,
      'InvalidArgument',
      '0002-00000213',
    ],
    [
      'another region',
      credential(`${ROOT.id}/${day}/cn-beijing/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000226',
    ],
    [
      'an oss- region',
      credential(`${ROOT.id}/${day}/oss-cn-hangzhou/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000226',
    ],
    [
      'another product',
      credential(`${ROOT.id}/${day}/cn-hangzhou/ecs/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000227',
    ],
    [
      'no day',
      credential(`${ROOT.id}/today/cn-hangzhou/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000212',
    ],
    [
      'another day',
      credential(`${ROOT.id}/20231115/cn-hangzhou/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000212',
    ],
    [
      'odd characters in the key id',
      credential(`LT(AI/${scope}`),
      400,
      'InvalidArgument',
      '0002-00000206',
    ],
    [
      'too many parts',
      credential(`a/${ROOT.id}/${scope}`),
      400,
      'InvalidArgument',
      '0002-00000213',
    ],
  ]
  it.each(cases)('is refused with %s', async (_, change, status, code, ec) => {
    const reply = await send(cloud, change(headerV4(GET, ROOT, NOW)))
    expect(outcome(reply)).toEqual([status, code, ec])
  })

  const authorizations: [string, string, string][] = [
    ['OSS4-HMAC-SHA256', 'Authorization header is invalid', 'no parameters'],
    ['OSS4-HMAC-SHA256 Credential=a', 'Authorization header is invalid', 'no signature'],
    ['OSS4-HMAC-SHA256 Signature=a', 'Authorization header is invalid', 'no credential'],
    [
      `OSS4-HMAC-SHA256 Credential=a/${scope},Signature=a,Signature=b`,
      'Authorization header is invalid',
      'two signatures',
    ],
    ['OSS2 AccessKeyId:a,Signature:b', 'Authorization header is invalid', 'V2'],
    ['Bearer abc', 'Authorization header is invalid', 'a bearer token'],
    ['', 'Authorization header value is empty', 'nothing'],
    [
      'OSS abc',
      'AccessKeyId or Signature is missing in Authorization header',
      'V1 without a colon',
    ],
    ['OSS :abc', 'AccessKeyId or Signature is missing in Authorization header', 'V1 without an id'],
    [
      'OSS abc:',
      'AccessKeyId or Signature is missing in Authorization header',
      'V1 without a signature',
    ],
  ]
  it.each(authorizations)('is refused: %j', async (authorization, message) => {
    const headers = { 'x-oss-date': basicDate(NOW), authorization }
    const reply = await send(cloud, { method: 'GET', path: '/demo-bkt/a/b', headers })
    expect([reply.status, reply.code, reply.message]).toEqual([400, 'InvalidArgument', message])
  })

  it('must say that its payload is unsigned', async () => {
    const signed = headerV4(GET, ROOT, NOW)
    const headers = { ...signed.headers, 'x-oss-content-sha256': 'e3b0c442' }
    expect(outcome(await send(cloud, { ...signed, headers }))).toEqual([
      400,
      'InvalidArgument',
      '0002-00000214',
    ])
  })

  it.each([
    ['', '0002-00000209'],
    ['range;', '0002-00000210'],
    [';', '0002-00000210'],
    ['range', undefined],
  ])('is refused with the additional headers %j', async (names, ec) => {
    const signed = headerV4(GET, ROOT, NOW)
    const authorization =
      signed.headers.authorization?.replace(',Sig', `,AdditionalHeaders=${names},Sig`) ?? ''
    const reply = await send(cloud, { ...signed, headers: { ...signed.headers, authorization } })
    expect(outcome(reply)).toEqual([400, 'InvalidArgument', ec])
  })

  it.each([
    [undefined, '0002-00000503'],
    ['yesterday', '0002-00000502'],
    ['20231131T000000Z', '0002-00000502'],
    [new Date(NOW).toUTCString(), '0002-00000502'],
  ])('needs a date, not %j', async (date, ec) => {
    const { 'x-oss-date': _, ...headers } = headerV4(GET, ROOT, NOW).headers
    const given = { ...headers, ...(date !== undefined && { 'x-oss-date': date }) }
    const reply = await send(cloud, { method: 'GET', path: '/demo-bkt/a/b', headers: given })
    expect(outcome(reply)).toEqual([403, 'AccessDenied', ec])
  })
})

describe('a V4 header that is unusual', () => {
  it('may have blanks after its commas and its parts in another order', async () => {
    const signed = headerV4({ ...GET, headers: { range: 'bytes=0-0' } }, ROOT, NOW, ['range'])
    const [credential, additional, signature] = (signed.headers.authorization ?? '')
      .replace('OSS4-HMAC-SHA256 ', '')
      .split(',')
    const authorization = `OSS4-HMAC-SHA256 ${signature},  ${additional} , ${credential}`
    const reply = await send(cloud, { ...signed, headers: { ...signed.headers, authorization } })
    expect([reply.status, reply.text]).toEqual([206, 'h'])
  })

  it('may name its additional headers in any case and order, and is bound to them', async () => {
    const headers = { range: 'bytes=0-0', 'user-agent': 'test' }
    const signed = headerV4({ ...GET, headers }, ROOT, NOW, ['range', 'user-agent'])
    const authorization =
      signed.headers.authorization?.replace('range;user-agent', 'User-Agent;RANGE') ?? ''
    expect(
      (await send(cloud, { ...signed, headers: { ...signed.headers, authorization } })).status,
    ).toBe(206)
    const other = { ...signed.headers, range: 'bytes=0-1' }
    expect((await send(cloud, { ...signed, headers: other })).code).toBe('SignatureDoesNotMatch')
  })

  it('may be dated by Date alone', async () => {
    const { createHash } = await import('node:crypto')
    const { v4 } = await import('./sign')
    const day = basicDate(NOW).slice(0, 8)
    const canonical = 'GET\n/demo-bkt/a/b\n\n\n\nUNSIGNED-PAYLOAD'
    const hash = createHash('sha256').update(canonical).digest('hex')
    const scope = `${day}/cn-hangzhou/oss/aliyun_v4_request`
    const text = `OSS4-HMAC-SHA256\n${basicDate(NOW)}\n${scope}\n${hash}`
    const signature = v4(ROOT.secret, day, text)
    const authorization = `OSS4-HMAC-SHA256 Credential=${ROOT.id}/${scope},Signature=${signature}`
    const headers = { authorization, date: new Date(NOW).toUTCString() }
    const reply = await send(cloud, { method: 'GET', path: '/demo-bkt/a/b', headers })
    expect(reply.status).toBe(200)
  })

  it('covers the query however it is written on the wire, unknown names included', async () => {
    const query = { prefix: "a !'()*~/", 'x y': '', acl2: '+' }
    const signed = headerV4({ method: 'GET', bucket: BUCKET, key: '', query }, ROOT, NOW)
    const bare = signed.path
      .replaceAll('%21', '!')
      .replaceAll('%2A', '*')
      .replaceAll('%20', '+')
      .replace('x+y', 'x%20y=')
    expect((await send(cloud, { ...signed, path: bare })).status).toBe(200)
    expect((await send(cloud, { ...signed, path: `${bare}&more=1` })).code).toBe(
      'SignatureDoesNotMatch',
    )
  })
})

describe('a V4 URL that is malformed', () => {
  const url = () => urlV4(GET, ROOT, { now: NOW })
  const set = (name: string, value: string | undefined) => {
    const signed = url()
    const parameter = new RegExp(`([?&])${name}=[^&]*&?`)
    const path = signed.path.replace(parameter, value === undefined ? '$1' : `$1${name}=${value}&`)
    return { ...signed, path }
  }
  const day = basicDate(NOW).slice(0, 8)
  const scope = (text: string) => encodeURIComponent(text)
  const cases: [string, string | undefined, number, string, string | undefined][] = [
    ['x-oss-signature-version', 'OSS2', 400, 'InvalidArgument', '0002-00000066'],
    ['x-oss-signature', undefined, 403, 'AccessDenied', '0002-00000219'],
    ['x-oss-signature', '', 403, 'AccessDenied', '0002-00000219'],
    ['x-oss-expires', undefined, 403, 'AccessDenied', '0002-00000215'],
    ['x-oss-credential', undefined, 403, 'AccessDenied', undefined],
    [
      'x-oss-credential',
      scope(`L(/${day}/cn-hangzhou/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000222',
    ],
    [
      'x-oss-credential',
      scope(`a/20231115/cn-hangzhou/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000223',
    ],
    [
      'x-oss-credential',
      scope(`a/2023/cn-hangzhou/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000223',
    ],
    [
      'x-oss-credential',
      scope(`a/${day}/cn-beijing/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000228',
    ],
    [
      'x-oss-credential',
      scope(`a/${day}/cn-hangzhou/ecs/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000227',
    ],
    [
      'x-oss-credential',
      scope(`a/${day}/cn-hangzhou/oss/request`),
      400,
      'InvalidArgument',
      '0002-00000213',
    ],
    ['x-oss-date', undefined, 403, 'AccessDenied', undefined],
    ['x-oss-date', '2023-11-14', 403, 'AccessDenied', undefined],
  ]
  it.each(cases)('is refused with %s=%s', async (name, value, status, code, ec) => {
    expect(outcome(await send(cloud, set(name, value)))).toEqual([status, code, ec])
  })

  it('is bound to its additional headers, the length for one', async () => {
    const draft = {
      method: 'PUT',
      bucket: BUCKET,
      key: 'sized',
      headers: { 'content-length': '5' },
    }
    const signed = urlV4(draft, ROOT, { now: NOW, additional: ['content-length'] })
    expect((await send(cloud, signed, 'hello')).status).toBe(200)
    const headers = { 'content-length': '6' }
    expect((await send(cloud, { ...signed, headers }, 'hello!')).code).toBe('SignatureDoesNotMatch')
    const host = urlV4({ ...GET, headers: { host: 'localhost' } }, ROOT, {
      now: NOW,
      additional: ['host'],
    })
    expect((await send(cloud, host)).status).toBe(200)
    const elsewhere = { host: '127.0.0.1' }
    expect((await send(cloud, { ...host, headers: elsewhere })).code).toBe('SignatureDoesNotMatch')
  })

  it('takes no token from a header', async () => {
    const signed = url()
    const headers = { 'x-oss-security-token': 'token' }
    expect(outcome(await send(cloud, { ...signed, headers }))).toEqual([
      400,
      'InvalidRequest',
      undefined,
    ])
  })
})

describe('a V1 URL that is malformed', () => {
  const cases: [string, string, number, string, string | undefined][] = [
    ['no Expires', 'OSSAccessKeyId=a&Signature=b', 403, 'AccessDenied', '0002-00000067'],
    ['no Signature', 'OSSAccessKeyId=a&Expires=1', 403, 'AccessDenied', '0002-00000067'],
    ['no key id', 'Expires=1&Signature=b', 403, 'AccessDenied', '0002-00000067'],
    [
      'a blank Expires',
      'OSSAccessKeyId=a&Expires=&Signature=b',
      403,
      'AccessDenied',
      '0002-00000068',
    ],
    [
      'Expires abc',
      'OSSAccessKeyId=a&Expires=abc&Signature=b',
      403,
      'AccessDenied',
      '0002-00000070',
    ],
    ['Expires -1', 'OSSAccessKeyId=a&Expires=-1&Signature=b', 403, 'AccessDenied', '0002-00000070'],
    [
      'Expires 1.5',
      'OSSAccessKeyId=a&Expires=1.5&Signature=b',
      403,
      'AccessDenied',
      '0002-00000070',
    ],
    [
      'odd characters',
      `OSSAccessKeyId=a%20b&Expires=${EXPIRES}&Signature=b`,
      403,
      'InvalidAccessKeyId',
      '0002-00000073',
    ],
  ]
  it.each(cases)('is refused with %s', async (_, query, status, code, ec) => {
    const signed = { method: 'GET', path: `/demo-bkt/a/b?${query}`, headers: {} }
    expect(outcome(await send(cloud, signed))).toEqual([status, code, ec])
  })

  it('counts the first of a repeated parameter', async () => {
    const signed = urlV1(GET, ROOT, EXPIRES)
    const path = `${signed.path}&Expires=1&Signature=x&OSSAccessKeyId=y`
    expect((await send(cloud, { ...signed, path })).status).toBe(200)
  })

  it('lets anybody add parameters that V1 does not sign, and no others', async () => {
    const signed = urlV1(GET, ROOT, EXPIRES)
    expect((await send(cloud, { ...signed, path: `${signed.path}&utm=x&prefix=y` })).status).toBe(
      200,
    )
    for (const more of ['response-content-type=a', 'x-oss-unknown=b', 'acl', 'callback=c']) {
      const reply = await send(cloud, { ...signed, path: `${signed.path}&${more}` })
      expect(reply.code).toBe('SignatureDoesNotMatch')
    }
  })

  it('takes no token from a header', async () => {
    const headers = { 'x-oss-security-token': 'token' }
    const reply = await send(cloud, { ...urlV1(GET, ROOT, EXPIRES), headers })
    expect([reply.status, reply.code, reply.message]).toEqual([
      400,
      'InvalidRequest',
      'Security-token must be provided by query string parameter.',
    ])
  })
})

describe('a V1 header', () => {
  it('may be dated by x-oss-date, which then counts', async () => {
    const date = new Date(NOW).toUTCString()
    const { v1 } = await import('./sign')
    const text = `GET\n\n\n${date}\nx-oss-date:${date}\n/demo-bkt/a/b`
    const authorization = `OSS ${ROOT.id}:${v1(ROOT.secret, text)}`
    const headers = { 'x-oss-date': date, date: 'Thu, 01 Jan 1970 00:00:00 GMT', authorization }
    expect((await send(cloud, { method: 'GET', path: '/demo-bkt/a/b', headers })).status).toBe(200)
  })

  it('joins repeated headers with a comma', async () => {
    const signed = headerV1({ ...GET, headers: { 'x-oss-meta-a': 'b,c' } }, ROOT, NOW)
    const headers = { ...signed.headers, 'x-oss-meta-a': ['b', 'c'] } as unknown as Record<
      string,
      string
    >
    expect((await send(cloud, { ...signed, headers })).status).toBe(200)
  })

  it.each([
    [undefined, '0002-00000503'],
    ['soon', '0002-00000502'],
  ])('needs a date, not %j', async (date, ec) => {
    const headers = { authorization: 'OSS a:b', ...(date !== undefined && { date }) }
    const reply = await send(cloud, { method: 'GET', path: '/demo-bkt/a/b', headers })
    expect([...outcome(reply), reply.message]).toEqual([
      403,
      'AccessDenied',
      ec,
      'OSS authentication requires a valid Date.',
    ])
  })

  it('refuses odd characters in a key id', async () => {
    const headers = { authorization: 'OSS a(b:c', date: new Date(NOW).toUTCString() }
    const reply = await send(cloud, { method: 'GET', path: '/demo-bkt/a/b', headers })
    expect(outcome(reply)).toEqual([403, 'InvalidAccessKeyId', '0002-00000901'])
  })
})

it('refuses a signature in the header and one in the URL at once', async () => {
  const { path } = urlV4(GET, ROOT, { now: NOW })
  const { headers } = headerV4(GET, ROOT, NOW)
  const reply = await send(cloud, { method: 'GET', path, headers })
  expect([reply.status, reply.code]).toEqual([400, 'InvalidArgument'])
})

it('refuses V1 altogether when told so', async () => {
  const strict = await startCloud({ v1Refused: true })
  for (const signed of [headerV1(GET, ROOT, NOW), urlV1(GET, ROOT, EXPIRES)]) {
    expect(outcome(await send(strict, signed))).toEqual([403, 'AccessDenied', '0002-00000080'])
  }
  expect((await send(strict, headerV4(GET, ROOT, NOW))).status).toBe(404)
  await strict.close()
})

it('keeps secrets and signatures out of the log', async () => {
  cloud.log.length = 0
  const signer = session(cloud, allow(['oss:*'], ['*']))
  for (const [, sign] of SCHEMES) {
    await send(cloud, sign(GET, signer))
    await send(cloud, flip(sign(GET, signer)))
  }
  const logged = JSON.stringify([cloud.log, cloud.requests()])
  for (const secret of [signer.secret, signer.token ?? '', ROOT.secret]) {
    expect(logged).not.toContain(secret)
    expect(logged).not.toContain(encodeURIComponent(secret))
  }
  expect(logged).not.toMatch(/ignature=[A-Za-z0-9%]{8}/)
})
