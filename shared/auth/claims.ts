import { Refusal } from '../errors'
import { isObject } from '../schema/schema'
import type { IssuerSettings } from './keys'

/** How far the clock of an issuer may be from ours. */
export const CLOCK_TOLERANCE_SECONDS = 60

/** The claims of a token that was verified, those that all tokens have checked. */
export type TokenClaims = Readonly<Record<string, unknown>> & { sub: string; exp: number }

/**
 * The claims in a payload whose signature holds (RFC 7519 section 4.1): they must name this issuer, one of its audiences, a
 * subject and an end, and hold at this time. Throws a `token_…` refusal.
 */
export function readClaims(
  payload: Uint8Array,
  { issuer, audience }: IssuerSettings,
  now: number,
): TokenClaims {
  const claims = parseClaims(payload)
  const { iss, aud, sub, exp, nbf = 0, iat = 0 } = claims
  const isOurs = iss === issuer && [aud].flat().some((each) => audience.some((our) => our === each))
  const isComplete = typeof sub === 'string' && sub !== '' && isTime(exp)
  if (!isOurs || !isComplete || !isTime(nbf) || !isTime(iat)) throw new Refusal('token_claims')
  if (exp <= now - CLOCK_TOLERANCE_SECONDS) throw new Refusal('token_expired')
  if (nbf > now + CLOCK_TOLERANCE_SECONDS) throw new Refusal('token_claims')
  return { ...claims, sub, exp }
}

function parseClaims(payload: Uint8Array): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    if (isObject(claims)) return claims
  } catch (cause) {
    throw new Refusal('token_malformed', {}, { cause })
  }
  throw new Refusal('token_malformed')
}

// `1e999` in JSON is infinite: a token that never ends.
function isTime(value: unknown): value is number {
  return Number.isFinite(value)
}
