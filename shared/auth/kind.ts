import { Refusal } from '../errors'
import type { IssuerSettings } from './keys'

// RFC 8725 section 3.11: logout tokens, security events, DPoP proofs and other kinds name a type of
// their own. ID tokens and most access tokens name none or JWT (RFC 7519 section 5.1).
const ACCESS_TYPES = ['jwt', 'at+jwt']

type Header = { typ?: unknown }
type Claims = Readonly<Record<string, unknown>>

/** Refuses tokens that their issuer signed for something else than to be shown as a bearer token. */
export function checkKind({ typ }: Header, claims: Claims, { tokenType }: IssuerSettings): void {
  const isType = tokenType === undefined ? isAccessType(typ) : toShortType(typ) === tokenType
  // `events` makes a security event of it (RFC 8417 section 2.2), as a logout token is one. `cnf` binds it to a key
  // (RFC 7800 section 3.1), whose possession nobody proves here: stolen, it would work without.
  const isBearer = claims.events === undefined && claims.cnf === undefined
  if (!isType || !isBearer) throw new Refusal('token_kind')
}

function isAccessType(typ: unknown): boolean {
  return typ === undefined || ACCESS_TYPES.includes(toShortType(typ))
}

// Media types have no case, and `application/` may be left out (RFC 7515 section 4.1.9).
function toShortType(typ: unknown): string {
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : ''
}
