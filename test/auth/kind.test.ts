import { bearer, context, HS_CLAIMS, HS_ISSUER, reasonOf, SECRET, signToken } from './support/idp'

function typed(typ: unknown, change: object = {}): string {
  const header = { alg: 'HS256' as const, ...(typ !== undefined && { typ }) }
  return bearer(signToken(header, { ...HS_CLAIMS, ...change }, SECRET))
}

const LOGOUT = { 'http://schemas.openid.net/event/backchannel-logout': {} }

describe('a token of another kind than one for access is refused', () => {
  it.each([
    'logout+jwt',
    'application/logout+jwt',
    'secevent+jwt',
    'dpop+jwt',
    'token-introspection+jwt',
    'oauth-authz-req+jwt',
    'kb+jwt',
    'JOSE',
    '',
    7,
    null,
    ['jwt'],
  ])('by its type %j', async (typ) => {
    expect(await reasonOf(typed(typ))).toMatch(/^token_(kind|malformed)$/)
  })

  it.each([
    ['is a logout token or another security event', { events: LOGOUT }],
    ['is bound to a key that signs requests', { cnf: { jkt: 'x' } }],
    ['is bound to a certificate', { cnf: { 'x5t#S256': 'x' } }],
    ['is bound to nothing we can read', { cnf: null }],
  ])('that %s, by its claims', async (_, change) => {
    expect(await reasonOf(typed(undefined, change))).toBe('token_kind')
    expect(await reasonOf(typed('at+jwt', change))).toBe('token_kind')
  })

  it('after its signature was verified, so that strangers learn nothing', async () => {
    const forged = signToken({ alg: 'HS256', typ: 'logout+jwt' }, HS_CLAIMS, `${SECRET}x`)
    expect(await reasonOf(bearer(forged))).toBe('token_signature')
  })
})

it.each([undefined, 'JWT', 'jwt', 'application/jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt'])(
  'takes the type %j',
  async (typ) => {
    expect(await reasonOf(typed(typ))).toBe('accepted')
  },
)

it.each([
  ['at+jwt', 'accepted'],
  ['application/at+jwt', 'accepted'],
  ['JWT', 'token_kind'],
  [undefined, 'token_kind'],
  ['logout+jwt', 'token_kind'],
])('where its issuer types access tokens, has %j %s', async (typ, reason) => {
  const issuers = [{ ...HS_ISSUER, tokenType: 'at+jwt' }]
  expect(await reasonOf(typed(typ), context({ issuers }))).toBe(reason)
})
