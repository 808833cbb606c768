import { type AuthContext, verifyToken } from '../../shared/auth/token'
import { bearer, context, HS_ISSUER, hsToken, NOW, reasonOf, rsToken, SECRET } from './support/idp'

describe('a token that was seen', () => {
  const at = (auth: AuthContext, now: number): AuthContext => ({ ...auth, now })

  test('is not verified again', async () => {
    const auth = context()
    const first = await verifyToken(bearer(rsToken()), auth)
    const forgotten = { ...auth, issuers: [], cache: { ...auth.cache, keySets: new Map() } }
    expect(await verifyToken(bearer(rsToken()), forgotten).catch(() => 'refused')).toBe(
      first.sub === 'alice' ? first : 'refused',
    )
  })

  test('is refused once it has expired', async () => {
    const auth = context()
    const token = bearer(hsToken({ exp: NOW + 10 }))
    expect(await reasonOf(token, auth)).toBe('accepted')
    expect(await reasonOf(token, at(auth, NOW + 69))).toBe('accepted')
    expect(await reasonOf(token, at(auth, NOW + 70))).toBe('token_expired')
  })

  test('is verified again after an hour, however long it lives', async () => {
    const auth = context()
    const token = bearer(hsToken({ exp: NOW + 1e6 }))
    expect(await reasonOf(token, auth)).toBe('accepted')
    const withdrawn = { ...auth, issuers: [{ ...HS_ISSUER, secret: `${SECRET}2` }] }
    expect(await reasonOf(token, at(withdrawn, NOW + 3599))).toBe('accepted')
    expect(await reasonOf(token, at(withdrawn, NOW + 3600))).toBe('token_signature')
  })

  test('is not kept when it was refused', async () => {
    const auth = context()
    await reasonOf(bearer(hsToken({ aud: 'x' })), auth)
    expect(auth.cache.seen.size).toBe(0)
  })

  test('is one of at most 1000 that are kept', async () => {
    const auth = context()
    for (let n = 0; n < 1001; n += 1) await verifyToken(bearer(hsToken({ n })), auth)
    expect(auth.cache.seen.size).toBe(1000)
    const withdrawn = { ...auth, issuers: [] }
    expect(await reasonOf(bearer(hsToken({ n: 0 })), withdrawn)).toBe('token_claims')
    expect(await reasonOf(bearer(hsToken({ n: 1 })), withdrawn)).toBe('accepted')
  })
})

describe('the deny list', () => {
  const denied = { subs: new Set(['mallory']), jtis: new Set(['id-7']) }

  test.each([
    [{ sub: 'mallory' }, 'caller_denied'],
    [{ jti: 'id-7' }, 'caller_denied'],
    [{ jti: 'id-8' }, 'accepted'],
    [{}, 'accepted'],
  ])('meets %j: %s', async (change, reason) => {
    expect(
      await reasonOf(bearer(hsToken(change)), context({ readDenied: async () => denied })),
    ).toBe(reason)
  })

  test('refuses a caller who was let in before', async () => {
    const auth = context()
    const token = bearer(hsToken({ sub: 'mallory' }))
    expect(await reasonOf(token, auth)).toBe('accepted')
    expect(await reasonOf(token, { ...auth, readDenied: async () => denied })).toBe('caller_denied')
  })

  test('does not answer to a forged token', async () => {
    const token = hsToken({ sub: 'mallory' }, 'another secret of more than 32 bytes')
    expect(await reasonOf(bearer(token), context({ readDenied: async () => denied }))).toBe(
      'token_signature',
    )
  })
})
