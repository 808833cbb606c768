import { verifyToken } from '../../shared/auth/token'
import { bearer, context, HS_CLAIMS, HS_ISSUER, hsToken, NOW } from './support/idp'

const NESTED = { plan: 'free', groups: ['a', { id: 1 }], deep: [[[{ x: 1 }]]] }

describe('the caller that a token proves', () => {
  it.each([
    ['sub', (caller: Writable) => Object.assign(caller, { sub: 'bob' })],
    ['a claim', ({ claims }: Writable) => Object.assign(claims, { plan: 'pro' })],
    ['a new claim', ({ claims }: Writable) => Object.assign(claims, { admin: true })],
    ['a list', ({ claims }: Writable) => claims.groups.push('admins')],
    ['an object in a list', ({ claims }: Writable) => Object.assign(claims.groups[1], { id: 2 })],
    [
      'what is deep inside',
      ({ claims }: Writable) => Object.assign(claims.deep[0][0][0], { x: 2 }),
    ],
  ])('can’t be written into: %s', async (_, write) => {
    const auth = context()
    const token = bearer(hsToken(NESTED))
    const caller = (await verifyToken(token, auth)) as unknown as Writable
    expect(() => write(caller)).toThrow(TypeError)
    const later = await verifyToken(token, auth)
    expect(later).toEqual({
      sub: 'alice',
      claims: { ...HS_CLAIMS, ...NESTED },
      expiresAt: HS_CLAIMS.exp,
    })
  })

  it('has the prefix of its issuer in its claims, too', async () => {
    const issuers = [{ ...HS_ISSUER, subPrefix: 'one' }]
    const { sub, claims } = await verifyToken(bearer(hsToken()), context({ issuers }))
    expect([sub, claims.sub]).toEqual(['one.alice', 'one.alice'])
  })

  it('has at most 255 characters with its prefix', async () => {
    const issuers = [{ ...HS_ISSUER, subPrefix: 'one' }]
    const callerOf = (sub: string) => verifyToken(bearer(hsToken({ sub })), context({ issuers }))
    expect((await callerOf('x'.repeat(251))).sub).toHaveLength(255)
    await expect(callerOf('x'.repeat(252))).rejects.toMatchObject({ reason: 'token_claims' })
  })

  it.each([
    [NOW + 5, NOW + 5],
    [NOW + 5.9, NOW + 5],
    [NOW - 30, NOW - 30],
  ])('says when a token of %d ends, without the tolerance', async (exp, expiresAt) => {
    expect(await verifyToken(bearer(hsToken({ exp })), context())).toMatchObject({ expiresAt })
  })

  it('may have claims as deep as a token holds', async () => {
    const deep = JSON.parse(`${'['.repeat(2500)}${']'.repeat(2500)}`)
    const { claims } = await verifyToken(bearer(hsToken({ deep })), context())
    expect(Object.isFrozen(claims.deep)).toBe(true)
  })
})

// biome-ignore lint/suspicious/noExplicitAny: what an adopter's plain JavaScript could write to
type Writable = { sub: string; claims: Record<string, any> }
