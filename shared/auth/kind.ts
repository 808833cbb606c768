import { Refusal } from '../errors'
import type { IssuerSettings } from './keys'

// RFC 8725 section 3.11: logout tokens, security events, DPoP proofs and other kinds have a specific
// type. ID tokens and most access tokens have none or JWT (RFC 7519 section 5.1).
const ACCESS_TYPES = ['jwt', 'at+jwt']

type Header = { typ?: unknown }
type Claims = Readonly<Record<string, unknown>>

/** Refuses tokens that were issued for another purpose than as bearer tokens; throws `token_kind`. */
export function checkKind({ typ }: Header, claims: Claims, { tokenType }: IssuerSettings): void {
  const isType = tokenType === undefined ? isAccessType(typ) : toShortType(typ) === tokenType
  // A token with `events` is a security event (RFC 8417 section 2.2), such as a logout token. `cnf` binds a token to a key
  // (RFC 7800 section 3.1). Its possession is not proven here, so a stolen token would work without the key.
  const isBearer = claims.events === undefined && claims.cnf === undefined
  if (!isType || !isBearer) throw new Refusal('token_kind')
}

function isAccessType(typ: unknown): boolean {
  return typ === undefined || ACCESS_TYPES.includes(toShortType(typ))
}

// Media types are case-insensitive, and `application/` may be left out (RFC 7515 section 4.1.9).
function toShortType(typ: unknown): string {
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : ''
}
