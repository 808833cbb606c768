import { INPUT, provideSts, type Signed, send, signRequest } from './support/client'

const { sts } = provideSts()

describe('ACS3 signatures', () => {
  const flip = (text: string) => text.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
  const authorization = (signed: Signed) => signed.headers.authorization ?? ''

  it.each<[string, (signed: Signed) => Partial<Signed>, string]>([
    [
      'a flipped signature',
      (signed) => ({ headers: { ...signed.headers, authorization: flip(authorization(signed)) } }),
      'SignatureDoesNotMatch',
    ],
    ['another parameter', ({ path }) => ({ path: `${path}&A=b` }), 'SignatureDoesNotMatch'],
    [
      'a changed policy',
      ({ path }) => ({ path: path.replace('Put', 'Get') }),
      'SignatureDoesNotMatch',
    ],
    ['another method', () => ({ method: 'GET' }), 'SignatureDoesNotMatch'],
    [
      'another nonce',
      (signed) => ({ headers: { ...signed.headers, 'x-acs-signature-nonce': 'n' } }),
      'SignatureDoesNotMatch',
    ],
    [
      'no signature at all',
      ({ headers: { authorization: _, ...headers } }) => ({ headers }),
      'MissingParameter',
    ],
    [
      'a signature of another kind',
      (signed) => ({ headers: { ...signed.headers, authorization: 'ACS3-RSA-SHA256 x' } }),
      'IncompleteSignature',
    ],
    [
      'a body that the hash does not cover',
      (signed) => ({
        body: 'RoleSessionName=eve',
        headers: { ...signed.headers, 'content-type': 'application/x-www-form-urlencoded' },
      }),
      'IncompleteSignature',
    ],
    [
      'a JSON body',
      (signed) => ({
        body: '{}',
        headers: { ...signed.headers, 'content-type': 'application/json' },
      }),
      'InvalidParameter.ContentType',
    ],
    ['another path', () => ({ path: '/sts' }), 'InvalidAction.NotFound'],
    ['a method it does not take', () => ({ method: 'PUT' }), 'UnsupportedHTTPMethod'],
  ])('refuses %s', async (_, change, code) => {
    const signed = signRequest(sts(), INPUT)
    const answer = await send(sts(), { ...signed, ...change(signed) })
    const found = answer.code ?? /<Code>(.*?)<\/Code>/.exec(answer.text)?.[1]
    const statuses: Record<string, number> = {
      'InvalidAction.NotFound': 404,
      UnsupportedHTTPMethod: 405,
    }
    expect([answer.status, found]).toEqual([statuses[code] ?? 400, code])
  })

  it('puts the string to sign at the end of the message', async () => {
    const signed = signRequest(sts(), INPUT)
    const headers = { ...signed.headers, authorization: flip(authorization(signed)) }
    const { status, json } = await send(sts(), { ...signed, headers })
    expect(status).toBe(400)
    expect(json.Message).toMatch(
      /server canonical request is:POST\n\/\n.*server string to sign is:ACS3-HMAC-SHA256\n[0-9a-f]{64}$/s,
    )
  })

  it.each(['__proto__', 'constructor', 'toString'])(
    'takes %s for a header that is absent',
    async (name) => {
      const signed = signRequest(sts(), INPUT)
      const text = authorization(signed).replace('SignedHeaders=', `SignedHeaders=${name};`)
      const headers = { ...signed.headers, authorization: text }
      expect((await send(sts(), { ...signed, headers })).code).toBe('SignatureDoesNotMatch')
    },
  )

  it.each(['host', 'x-acs-action', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256'])(
    'refuses a request that leaves %s unsigned',
    async (name) => {
      const answer = await send(sts(), signRequest(sts(), INPUT, { unsigned: [name] }))
      expect([answer.status, answer.code]).toEqual([400, 'IncompleteSignature'])
      expect(answer.json.Message).toContain(name)
    },
  )

  it('refuses a nonce that was used, for as long as its date could pass', async () => {
    const signed = signRequest(sts(), INPUT)
    expect((await send(sts(), signed)).status).toBe(200)
    const again = await send(sts(), signed)
    expect([again.status, again.code]).toEqual([400, 'SignatureNonceUsed'])
    sts().clock.now += 15 * 60_000
    expect((await send(sts(), signed)).code).toBe('SignatureNonceUsed')
    sts().clock.now += 1000
    expect((await send(sts(), signed)).code).toBe('InvalidTimeStamp.Expired')
  })

  it('refuses a used nonce at the last moment of a date that was early', async () => {
    const signed = signRequest(sts(), INPUT)
    sts().clock.now -= 15 * 60_000
    expect((await send(sts(), signed)).status).toBe(200)
    sts().clock.now += 30 * 60_000
    expect((await send(sts(), signed)).code).toBe('SignatureNonceUsed')
  })

  it('does not use up the nonce of a request whose signature is wrong', async () => {
    const signed = signRequest(sts(), INPUT)
    const headers = { ...signed.headers, authorization: flip(authorization(signed)) }
    expect((await send(sts(), { ...signed, headers })).code).toBe('SignatureDoesNotMatch')
    expect((await send(sts(), signed)).status).toBe(200)
  })

  it.each<[string, number, string | undefined]>([
    ['15 minutes late', 900_000, undefined],
    ['15 minutes early', -900_000, undefined],
    ['16 minutes late', 960_000, 'InvalidTimeStamp.Expired'],
    ['16 minutes early', -960_000, 'InvalidTimeStamp.Expired'],
  ])('judges a clock %s', async (_, offset, code) => {
    sts().clock.now = 1_700_000_000_000
    const signed = signRequest(sts(), INPUT)
    sts().clock.now += offset
    const answer = await send(sts(), signed)
    expect([answer.status, answer.code]).toEqual([code ? 400 : 200, code])
  })

  it.each([
    '2026-01-02',
    'abc',
    '-1',
    'NaN',
    'Fri, 02 Jan 2026 03:04:05 GMT',
    '2026-13-02T03:04:05Z',
    '2026-02-30T03:04:05Z',
  ])('refuses the date %s', async (date) => {
    const signed = signRequest(sts(), INPUT, { headers: { 'x-acs-date': date } })
    const answer = await send(sts(), signed)
    expect([answer.status, answer.code]).toEqual([400, 'InvalidTimeStamp.Format'])
  })
})
