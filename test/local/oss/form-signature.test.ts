import { allow, ask, BUCKET, NOW, post, ROOT, session, shareCloud, textOf } from './support/cloud'
import { DRAFT, FILE } from './support/forms'
import { ALL } from './support/permissions'
import { outcome } from './support/schemes'
import { basicDate, formV1, formV4, toPolicy } from './support/sign'

const cloud = shareCloud()

const signers = [
  ['V4', formV4],
  ['V1', formV1],
] as const

describe.each(signers)('a form signed %s', (_, sign) => {
  it('stores the file', async () => {
    const reply = await post(cloud(), sign(DRAFT, ROOT, NOW), FILE)
    expect([reply.status, reply.text]).toEqual([204, ''])
    expect(reply.headers).toMatchObject({
      etag: '"5D41402ABC4B2A76B9719D911017C592"',
      'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==',
      'x-oss-hash-crc64ecma': '11177612005948864433',
    })
    const got = await ask(cloud(), { method: 'GET', key: 'in/a' })
    expect([got.text, got.headers['content-type']]).toEqual(['hello', 'text/plain'])
  })

  it('takes an STS token and its policy', async () => {
    const policy = allow(['oss:PutObject'], [`acs:oss:*:*:${BUCKET}/in/*`])
    const signer = session(cloud(), ALL, policy)
    expect((await post(cloud(), sign(DRAFT, signer, NOW), FILE)).status).toBe(204)
    const other = {
      fields: [['key', 'out/a']] as [string, string][],
      conditions: [{ bucket: BUCKET }],
    }
    const refused = await post(cloud(), sign(other, signer, NOW), FILE)
    expect([refused.status, refused.code]).toEqual([403, 'AccessDenied'])
    const fields = sign(DRAFT, signer, NOW).filter(([name]) => name !== 'x-oss-security-token')
    const bare = await post(cloud(), fields, FILE)
    expect([bare.status, bare.code, bare.ec]).toEqual([403, 'InvalidAccessKeyId', '0002-00000003'])
  })

  it('keeps a token that a condition names out of the log', async () => {
    const [mine, other] = [session(cloud(), ALL), session(cloud(), ALL)]
    const conditions = [{ 'x-oss-security-token': other.token ?? '' }, ...DRAFT.conditions]
    const reply = await post(cloud(), sign({ ...DRAFT, conditions }, mine, NOW), FILE)
    expect(reply.message).toContain(other.token)
    const reported = JSON.stringify([cloud().requests().at(-1), cloud().log.at(-1)])
    expect(reported).toContain('$x-oss-security-token')
    expect(reported).not.toContain(other.token)
  })

  it.each([
    ['one byte under the minimum', '', 400, 'EntityTooSmall', '0006-00000004'],
    ['the minimum', 'a', 204, undefined, undefined],
    ['the maximum', 'a'.repeat(10), 204, undefined, undefined],
    ['one byte over the maximum', 'a'.repeat(11), 400, 'EntityTooLarge', '0006-00000003'],
    ['far over the maximum', 'a'.repeat(3_000_000), 400, 'EntityTooLarge', '0006-00000003'],
  ])('judges a file of %s', async (_name, content, status, code, ec) => {
    const reply = await post(cloud(), sign(DRAFT, ROOT, NOW), { ...FILE, content })
    expect([reply.status, reply.code, reply.ec]).toEqual([status, code, ec])
  })

  it('refuses a signature with one character changed', async () => {
    const isSignature = ([name]: [string, string]) => /signature$/i.test(name)
    const fields = sign(DRAFT, ROOT, NOW).map((field): [string, string] => {
      const [name, value] = field
      return isSignature(field)
        ? [name, (value.startsWith('a') ? 'b' : 'a') + value.slice(1)]
        : field
    })
    const reply = await post(cloud(), fields, FILE)
    expect([reply.status, reply.code]).toEqual([403, 'SignatureDoesNotMatch'])
    expect(textOf(reply.text, 'SignatureProvided')).toBe(fields.find(isSignature)?.[1])
  })

  it('refuses an unknown key id', async () => {
    const reply = await post(cloud(), sign(DRAFT, { ...ROOT, id: 'nobody' }, NOW), FILE)
    expect([reply.status, reply.code]).toEqual([403, 'InvalidAccessKeyId'])
  })

  it('refuses a policy that has expired, and not one that is about to', async () => {
    const fields = sign(DRAFT, ROOT, NOW)
    cloud().clock.now = NOW + 600_000
    expect((await post(cloud(), fields, FILE)).status).toBe(204)
    cloud().clock.now = NOW + 600_001
    const reply = await post(cloud(), fields, FILE)
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
    const reply = await post(cloud(), sign({ ...DRAFT, conditions }, ROOT, NOW), FILE)
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
    expect((await post(cloud(), sign({ ...DRAFT, conditions }, ROOT, NOW), FILE)).status).toBe(204)
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
    ['x-oss-date', '20231114', undefined],
    ['x-oss-date', undefined, undefined],
  ])('refuses %s %j', async (name, value, ec) => {
    const reply = await post(cloud(), change(name, value), FILE)
    const mismatch = [403, 'SignatureDoesNotMatch', ec]
    const wrong = [400, 'InvalidArgument', ec]
    expect(outcome(reply)).toEqual(ec === '0002-00000705' ? mismatch : wrong)
  })

  it('names the credential of another region', async () => {
    const value = credential('20231114', 'cn-beijing')
    const reply = await post(cloud(), change('x-oss-credential', value), FILE)
    expect(outcome(reply)).toEqual([400, 'InvalidArgument', '0002-00000715'])
    const names = ['ArgumentName', 'ArgumentValue', 'Region']
    const reported = names.map((name) => textOf(reply.text, name))
    expect(reported).toEqual(['x-oss-credential', value, undefined])
  })

  it('must pin its own fields in the policy', async () => {
    const fields = formV4(DRAFT, ROOT, NOW)
    const { v4 } = await import('./support/sign')
    const policy = toPolicy(NOW + 600_000, DRAFT.conditions)
    const changed = fields.map(([name, value]): [string, string] => {
      if (name === 'policy') return [name, policy]
      return name === 'x-oss-signature'
        ? [name, v4(ROOT.secret, '20231114', policy)]
        : [name, value]
    })
    expect((await post(cloud(), changed, FILE)).ec).toBe('0006-00000226')
  })

  it('lives seven days whatever its expiration says', async () => {
    const fields = formV4({ ...DRAFT, expiration: NOW + 30 * 86_400_000 }, ROOT, NOW)
    cloud().clock.now = NOW + 7 * 86_400_000
    expect((await post(cloud(), fields, FILE)).status).toBe(204)
    cloud().clock.now += 1
    expect((await post(cloud(), fields, FILE)).ec).toBe('0006-00000213')
  })

  it('may be at most 15 minutes ahead of the server', async () => {
    const fields = formV4(DRAFT, ROOT, NOW)
    cloud().clock.now = NOW - 15 * 60_000
    expect((await post(cloud(), fields, FILE)).status).toBe(204)
    cloud().clock.now -= 1000
    const early = await post(cloud(), fields, FILE)
    expect(outcome(early)).toEqual([403, 'RequestTimeTooSkewed', undefined])
    expect(basicDate(NOW)).toBe('20231114T221320Z')
  })
})
