import { JOSEError } from 'jose/errors'
import { decodeJwt } from 'jose/jwt/decode'
import { type Reason, Refusal } from '../errors'
import type { Send } from '../http/message'
import { BoundedMap } from '../memo'
import { sha256Hex } from '../signing/hash'
import { type Caller, MAX_SUB_CHARS } from './caller'
import type { DenyList } from './deny-list'
import { verifyJwt } from './jwt'
import type { IssuerSettings, KeySets } from './keys'
import { checkKind } from './kind'

/** All issuers whose tokens are accepted. */
type AuthSettings = readonly IssuerSettings[]

/** The verified tokens and fetched keys of an instance, used only by `shared/auth`. */
export type TokenCache = { seen: Map<string, Seen>; keySets: KeySets }

/** The settings, time and network that verifying a token requires. */
export type AuthContext = {
  issuers: AuthSettings
  /** Returns the current deny list. */
  readDenied?: () => Promise<DenyList>
  /** Unix seconds. */
  now: number
  send: Send
  cache: TokenCache
}

type Seen = { caller: Caller; forgetAt: number }

const MAX_TOKEN_CHARS = 8192
/** The accepted difference between the clock of an issuer and ours. */
export const CLOCK_TOLERANCE_SECONDS = 60
const MAX_SEEN = 1000
// A key that its issuer revoked is accepted for this time at most.
const MAX_SEEN_SECONDS = 3600
const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i

const REASON_BY_CODE: Readonly<Record<string, Reason>> = {
  ERR_JWT_EXPIRED: 'token_expired',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'token_claims',
  ERR_JOSE_ALG_NOT_ALLOWED: 'token_algorithm',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'token_signature',
  ERR_JWKS_NO_MATCHING_KEY: 'token_signature',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'token_signature',
}

/** Creates an empty cache, one for each instance. */
export function createTokenCache(): TokenCache {
  return { seen: new BoundedMap(MAX_SEEN), keySets: new Map() }
}

/**
 * Returns the caller that this `Authorization` header proves (RFC 6750, RFC 7519): signature, issuer, audience, times and
 * subject are valid. Throws a `token_…` refusal, `caller_denied`, `deny_list_unavailable` or `identity_provider_unavailable`.
 */
export async function verifyToken(
  authorization: string | undefined,
  auth: AuthContext,
): Promise<Caller> {
  const token = readBearer(authorization)
  const id = sha256Hex(token)
  const seen = auth.cache.seen.get(id)
  if (seen && auth.now < seen.forgetAt) return refuseDenied(seen.caller, auth)
  const fresh = await verifyUnseen(token, auth)
  auth.cache.seen.set(id, fresh)
  return refuseDenied(fresh.caller, auth)
}

function readBearer(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') throw new Refusal('token_missing')
  if (authorization.length > MAX_TOKEN_CHARS) throw new Refusal('token_malformed')
  const token = BEARER.exec(authorization)?.[1]
  if (token === undefined) throw new Refusal('token_malformed')
  return token
}

// The issuer in a token that is not verified yet only selects the keys that it is verified with.
async function verifyUnseen(token: string, auth: AuthContext): Promise<Seen> {
  try {
    const issuer = findIssuer(token, auth.issuers)
    const { payload, protectedHeader } = await verifyJwt(token, {
      ...auth,
      issuer,
      options: {
        issuer: issuer.issuer,
        audience: [...issuer.audience],
        algorithms: [...issuer.algorithms],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(auth.now * 1000),
        requiredClaims: ['sub', 'exp'],
      },
    })
    checkKind(protectedHeader, payload, issuer)
    return toSeen(payload, issuer, auth.now)
  } catch (error) {
    throw toRefusal(error)
  }
}

function findIssuer(token: string, issuers: AuthSettings): IssuerSettings {
  const { iss } = decodeJwt(token)
  const issuer = issuers.find((known) => known.issuer === iss)
  if (issuer === undefined) throw new Refusal('token_claims')
  return issuer
}

function toSeen(claims: Record<string, unknown>, { subPrefix }: IssuerSettings, now: number): Seen {
  const { sub: subject, exp } = claims
  // `1e999` in JSON is infinite: such a token would never expire.
  const isComplete = typeof subject === 'string' && subject !== '' && Number.isFinite(exp)
  if (!isComplete) throw new Refusal('token_claims')
  const sub = subPrefix === undefined ? subject : `${subPrefix}.${subject}`
  if (sub.length > MAX_SUB_CHARS) throw new Refusal('token_claims')
  const expiresAt = Math.floor(Number(exp))
  const forgetAt = Math.min(expiresAt + CLOCK_TOLERANCE_SECONDS, now + MAX_SEEN_SECONDS)
  return { caller: freezeDeeply({ sub, claims: { ...claims, sub }, expiresAt }), forgetAt }
}

// Once for each token: a change that a rule's `allow` makes must not affect later requests of the caller.
function freezeDeeply<Value extends object>(value: Value): Value {
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) freezeDeeply(member)
  }
  return Object.freeze(value)
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const reason = error instanceof JOSEError ? REASON_BY_CODE[error.code] : undefined
  return new Refusal(reason ?? 'token_malformed', {}, { cause: error })
}

/** Lets a caller pass who is not denied, by subject or by the id of their token. */
export async function refuseDenied(
  caller: Caller,
  { readDenied }: Pick<AuthContext, 'readDenied'>,
): Promise<Caller> {
  const denied = await readDenied?.()
  const isDenied = denied?.subs.has(caller.sub) || denied?.jtis.has(String(caller.claims.jti))
  if (isDenied) throw new Refusal('caller_denied')
  return caller
}
