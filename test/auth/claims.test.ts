// Covers the claims that shared/auth/token.ts has jose check.
import { createHmac } from 'node:crypto'
import { bearer, encode, HS_CLAIMS, NOW, reasonOf, SECRET } from './support/idp'

/** A bearer token of this very payload, rightly signed. */
function signText(header: object, payload: string | Buffer): string {
  const text = `${encode(header)}.${Buffer.from(payload).toString('base64url')}`
  return bearer(`${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`)
}

const HEADER = { alg: 'HS256' }
const TEXT = JSON.stringify(HS_CLAIMS)

describe('a token is refused although its signature holds', () => {
  it('when it never ends, which JSON can say', async () => {
    const endless = TEXT.replace(String(HS_CLAIMS.exp), '1e999')
    expect(await reasonOf(signText(HEADER, endless))).toBe('token_claims')
  })

  it('when its payload is unencoded, as a signature may allow and no JWT may be', async () => {
    const header = { alg: 'HS256', b64: false, crit: ['b64'] }
    expect(await reasonOf(signText(header, TEXT))).toMatch(/^token_/)
  })

  it.each(['null', '[]', '"x"', '{', ''])('when its claims are %j', async (payload) => {
    expect(await reasonOf(signText(HEADER, payload))).toBe('token_malformed')
  })

  it('when its claims are not in UTF-8', async () => {
    const latin = Buffer.from(TEXT.replace('alice', 'ali\xe7e'), 'latin1')
    expect(await reasonOf(signText(HEADER, latin))).toBe('token_malformed')
  })
})

it.each([
  ['nbf', NOW + 60, 'accepted'],
  ['nbf', NOW + 61, 'token_claims'],
  ['exp', NOW - 59, 'accepted'],
  ['exp', NOW - 60, 'token_expired'],
])('tolerates a minute between clocks: %s at %d is %s', async (name, time, reason) => {
  expect(await reasonOf(signText(HEADER, JSON.stringify({ ...HS_CLAIMS, [name]: time })))).toBe(
    reason,
  )
})
