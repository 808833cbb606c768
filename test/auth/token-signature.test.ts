// Covers shared/auth/token.ts and shared/auth/jwt.ts: tokens with a wrong signature, algorithm or key.
import {
  bearer,
  CLAIMS,
  context,
  EC,
  encode,
  fakeSend,
  HS_CLAIMS,
  HS_ISSUER,
  hsToken,
  JWKS_ISSUER,
  NOW,
  RSA,
  reasonOf,
  rsToken,
  SECRET,
  signToken,
} from './support/idp'

describe('a token is refused', () => {
  test.each([0, 1, 2])('with one byte of part %i flipped', async (part) => {
    const parts = rsToken().split('.')
    const bytes = Buffer.from(parts[part] as string, 'base64url')
    for (let at = 0; at < bytes.length; at += 7) {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] as number) ^ 1
      const token = parts.with(part, flipped.toString('base64url')).join('.')
      expect(await reasonOf(bearer(token))).toMatch(/^token_/)
    }
  })

  test('signed with a stranger key', async () => {
    expect(await reasonOf(bearer(hsToken({}, `${SECRET}x`)))).toBe('token_signature')
    const token = signToken({ alg: 'ES256', kid: 'ec-1' }, CLAIMS, EC.privateKey)
    const other = signToken({ alg: 'ES256', kid: 'ec-1' }, { ...CLAIMS, sub: 'bob' }, EC.privateKey)
    const swapped = [...other.split('.').slice(0, 2), token.split('.')[2]].join('.')
    expect(await reasonOf(bearer(swapped))).toBe('token_signature')
  })

  test('forged and expired, for being forged', async () => {
    const token = hsToken({ exp: NOW - 1000 }, 'another secret of more than 32 bytes')
    expect(await reasonOf(bearer(token))).toBe('token_signature')
  })

  test('without a signature', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) {
      const token = `${encode({ alg })}.${encode(HS_CLAIMS)}.AA`
      expect(await reasonOf(bearer(token))).toMatch(/^token_(algorithm|malformed)$/)
    }
  })

  test('with an algorithm that its issuer does not use', async () => {
    const issuers = [{ ...JWKS_ISSUER, algorithms: ['ES256'] }]
    expect(await reasonOf(bearer(rsToken()), context({ issuers }))).toBe('token_algorithm')
  })

  test('when the public key of its issuer is taken for an HMAC secret', async () => {
    const pem = RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const jwkText = JSON.stringify(RSA.publicKey.export({ format: 'jwk' }))
    for (const [key, publicKey] of [
      [pem, pem],
      [pem.trim(), pem],
      [jwkText, jwkText],
    ] as const) {
      const token = signToken({ alg: 'HS256', kid: 'rsa-1' }, CLAIMS, key)
      expect(await reasonOf(bearer(token))).toBe('token_algorithm')
      const { jwksUrl, ...rest } = JWKS_ISSUER
      const confused = { ...rest, publicKey, algorithms: ['RS256', 'HS256'] }
      expect(await reasonOf(bearer(token), context({ issuers: [confused] }))).toBe(
        'token_algorithm',
      )
    }
  })

  test('when it is signed asymmetrically for an issuer with a secret', async () => {
    const issuers = [{ ...HS_ISSUER, algorithms: ['HS256', 'RS256'] }]
    const token = signToken({ alg: 'RS256' }, HS_CLAIMS, RSA.privateKey)
    expect(await reasonOf(bearer(token), context({ issuers }))).toBe('token_algorithm')
  })

  test('when it brings its own key', async () => {
    const header = {
      alg: 'RS256',
      jwk: RSA.publicKey.export({ format: 'jwk' }),
      jku: 'https://evil.example/jwks.json',
      x5u: 'https://evil.example/cert.pem',
    } as const
    const send = fakeSend({ 'https://idp.example/jwks.json': { keys: [] } })
    const token = signToken(header, CLAIMS, RSA.privateKey)
    expect(await reasonOf(bearer(token), context({ send }))).toBe('token_signature')
    expect(send.asked.map(({ url }) => url)).not.toContain('https://evil.example/jwks.json')
  })

  test('of one issuer with the key of another', async () => {
    const issuers = [
      HS_ISSUER,
      { ...HS_ISSUER, issuer: 'https://two.example', secret: `${SECRET}2` },
    ]
    const token = hsToken({ iss: 'https://two.example' })
    expect(await reasonOf(bearer(token), context({ issuers }))).toBe('token_signature')
  })
})
