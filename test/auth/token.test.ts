// Covers shared/auth/jwt.ts too.
import { verifyToken } from '../../shared/auth/token'
import {
  bearer,
  CLAIMS,
  context,
  EC,
  ED,
  encode,
  HS_CLAIMS,
  HS_ISSUER,
  hsToken,
  NOW,
  RSA,
  reasonOf,
  rsToken,
  signToken,
} from './support/idp'

describe('a good token', () => {
  test('proves its caller', async () => {
    expect(await verifyToken(bearer(hsToken()), context())).toEqual({
      sub: 'alice',
      claims: HS_CLAIMS,
      expiresAt: HS_CLAIMS.exp,
    })
  })

  test.each([
    ['RS256', 'rsa-1', RSA],
    ['ES256', 'ec-1', EC],
    ['EdDSA', 'ed-1', ED],
  ] as const)('may be signed with %s by a key of the JWKS', async (alg, kid, { privateKey }) => {
    const token = signToken({ alg, kid }, CLAIMS, privateKey)
    expect(await verifyToken(bearer(token), context())).toMatchObject({ sub: 'alice' })
  })

  test('may be for several audiences, one of them ours', async () => {
    expect(await reasonOf(bearer(hsToken({ aud: ['x', 'oss-direct'] })))).toBe('accepted')
  })

  test('is found whatever the case of Bearer', async () => {
    expect(await reasonOf(`bearer ${hsToken()}`)).toBe('accepted')
    expect(await reasonOf(`BEARER  ${hsToken()}`)).toBe('accepted')
  })

  test.each(['auth0|5f7c8ec7', 'CN=Ann,O=Ex', '张伟', 'x'.repeat(255), '../bob'])(
    'may be about %s',
    async (sub) => {
      expect(await verifyToken(bearer(hsToken({ sub })), context())).toMatchObject({ sub })
    },
  )
})

describe('a token is refused', () => {
  test.each([
    [undefined, 'token_missing'],
    ['', 'token_missing'],
    ['Bearer', 'token_malformed'],
    ['Bearer ', 'token_malformed'],
    ['Bearer abc', 'token_malformed'],
    ['Bearer a.b', 'token_malformed'],
    ['Bearer a.b.c', 'token_malformed'],
    ['Bearer ..', 'token_malformed'],
    ['Bearer a.b.c.d.e', 'token_malformed'],
    ['Basic YTpi', 'token_malformed'],
    [`Basic ${hsToken()}`, 'token_malformed'],
    [hsToken(), 'token_malformed'],
    [`Bearer ${hsToken()} `, 'token_malformed'],
    [`Bearer ${hsToken()}, Bearer ${hsToken()}`, 'token_malformed'],
    [`Bearer ${hsToken()}=`, 'token_malformed'],
  ])('as the header %p', async (authorization, reason) => {
    expect(await reasonOf(authorization)).toBe(reason)
  })

  test('beyond 8192 characters, and not at them', async () => {
    const short = bearer(hsToken({ pad: '' }))
    const padTo = (length: number) => {
      for (let pad = Math.floor(((length - short.length) * 3) / 4) - 4; ; pad += 1) {
        const text = bearer(hsToken({ pad: 'x'.repeat(pad) }))
        if (text.length >= length) return text
      }
    }
    const long = padTo(8191)
    expect(long.length).toBeLessThanOrEqual(8192)
    expect(await reasonOf(long)).toBe('accepted')
    expect(await reasonOf(padTo(8193))).toBe('token_malformed')
  })

  test.each([
    ['payload', '', encode(null)],
    ['payload', '', encode([])],
    ['payload', '', encode('x')],
    ['payload', '', 'AAAA'],
    ['header', 'AAAA', ''],
    ['header', encode(null), ''],
    ['header', encode({}), ''],
    ['header', encode({ alg: 7 }), ''],
    ['header', encode({ alg: 'HS256', crit: ['x'], x: 1 }), ''],
    ['header', encode({ alg: 'HS256', b64: false, crit: ['b64'] }), ''],
  ])('with a malformed %s: %s%s', async (_, header, payload) => {
    const [h, p, s] = hsToken().split('.')
    const token = `${header || h}.${payload || p}.${s}`
    expect(await reasonOf(bearer(token))).toMatch(/^token_/)
  })

  test.each([
    ['iss', 'https://evil.example'],
    ['iss', undefined],
    ['iss', ['https://hs.example']],
    ['aud', 'someone-else'],
    ['aud', undefined],
    ['aud', []],
    ['aud', { 'oss-direct': true }],
    ['sub', undefined],
    ['sub', ''],
    ['sub', 7],
    ['sub', null],
    ['sub', ['alice']],
    ['sub', 'x'.repeat(256)],
    ['exp', undefined],
    ['exp', 'abc'],
    ['exp', null],
    ['nbf', 'abc'],
    ['nbf', NOW + 61],
    ['nbf', null],
    ['iat', 'abc'],
    ['iat', null],
    ['aud', ['someone-else', 7]],
    ['aud', [['oss-direct']]],
  ])('when its %s is %j', async (name, value) => {
    expect(await reasonOf(bearer(hsToken({ [name]: value })))).toMatch(/^token_(claims|malformed)$/)
  })

  test('61 seconds after its end, and not 59', async () => {
    expect(await reasonOf(bearer(hsToken({ exp: NOW - 59 })))).toBe('accepted')
    expect(await reasonOf(bearer(hsToken({ exp: NOW - 60 })))).toBe('token_expired')
    expect(await reasonOf(bearer(hsToken({ exp: -1 })))).toBe('token_expired')
  })

  test('more than 60 seconds before its start', async () => {
    expect(await reasonOf(bearer(hsToken({ nbf: NOW + 60 })))).toBe('accepted')
  })

  test('of a caller who is denied, and not of the same sub of another issuer', async () => {
    const two = { ...HS_ISSUER, issuer: 'https://two.example', subPrefix: 'two' }
    const issuers = [{ ...HS_ISSUER, subPrefix: 'one' }, two]
    const denied = { subs: new Set(['two.alice']), jtis: new Set<string>() }
    const auth = context({ issuers, readDenied: async () => denied })
    const token = (iss: string) => bearer(hsToken({ iss, sub: 'alice' }))
    expect(await reasonOf(token('https://two.example'), auth)).toBe('caller_denied')
    expect((await verifyToken(token(HS_ISSUER.issuer), auth)).sub).toBe('one.alice')
  })

  test('for the audience of another issuer', async () => {
    expect(await reasonOf(bearer(hsToken({ aud: 'other' })))).toBe('token_claims')
    expect(await reasonOf(bearer(rsToken({ aud: 'other' })))).toBe('accepted')
  })

  test('with the cause kept for the log', async () => {
    const forged = bearer(hsToken({}, 'another secret of more than 32 bytes'))
    await expect(verifyToken(forged, context())).rejects.toMatchObject({
      reason: 'token_signature',
      cause: { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' },
    })
  })

  test('with nothing of it in the error', async () => {
    const token = hsToken({}, 'another secret of more than 32 bytes')
    const error = await verifyToken(bearer(token), context()).catch((thrown: unknown) => thrown)
    const text = `${error} ${(error as Error).stack} ${(error as Error).cause}`
    for (const part of token.split('.')) expect(text).not.toContain(part)
  })
})
