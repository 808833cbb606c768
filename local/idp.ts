import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import * as v from 'valibot'
import { CLOCK_TOLERANCE_SECONDS } from '../shared/auth/token'
import { parseRequest } from '../shared/schema/issues'
import { dictionary, integer, strictObject } from '../shared/schema/schema'
import { get, post } from './control'
import type { LocalRoute } from './fc/gateway'

const ALGORITHM = 'ES256'
const DEFAULT_TTL_SECONDS = 3600
const YEAR_SECONDS = 366 * 24 * 3600
const RESERVED = ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti']

/** The issuer of the tokens of local callers; it issues a token for every request. */
export type TokenIssuer = {
  issuer: string
  audience: string
  algorithm: string
  /** Issues a token; `claims` add to those of the issuer. */
  issue: (caller: v.InferOutput<typeof tokenRequest>) => Promise<string>
  routes: readonly LocalRoute[]
}

const tokenRequest = strictObject({
  sub: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
  claims: v.optional(
    v.pipe(
      dictionary(v.string(), v.unknown()),
      v.check(
        (claims) => !RESERVED.some((name) => Object.hasOwn(claims, name)),
        `must leave ${RESERVED.join(', ')} to the issuer`,
      ),
    ),
  ),
  // A lifetime that is not positive gives a token that has expired, beyond the tolerance of the
  // functions.
  ttlSeconds: v.optional(integer(-YEAR_SECONDS, YEAR_SECONDS)),
})

/** Creates a token issuer with its own key; `issuer` is the base URL of its `/local` routes. */
export async function createTokenIssuer(options: {
  issuer: string
  /** Unix ms. */
  now: () => number
}): Promise<TokenIssuer> {
  const { issuer, now } = options
  const audience = 'oss-direct'
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM)
  const kid = randomUUID()
  const key = { ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' }

  async function issue({
    sub,
    claims = {},
    ttlSeconds = DEFAULT_TTL_SECONDS,
  }: v.InferOutput<typeof tokenRequest>): Promise<string> {
    const issuedAt = Math.floor(now() / 1000)
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(sub)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ttlSeconds - (ttlSeconds <= 0 ? CLOCK_TOLERANCE_SECONDS : 0))
      .setJti(randomUUID())
      .sign(privateKey)
  }

  return {
    issuer,
    audience,
    algorithm: ALGORITHM,
    issue,
    routes: [
      get('/local/jwks.json', () => ({ keys: [key] })),
      post('/local/token', async (body) => ({
        token: await issue(parseRequest(tokenRequest, body)),
      })),
    ],
  }
}
