/**
 * The caller, proven by a token. `sub` has the prefix of its issuer, if any, here and in the claims. A verified caller is
 * deeply frozen, because later requests with the same token get the same object.
 */
export type Caller = {
  readonly sub: string
  readonly claims: Readonly<Record<string, unknown>>
  /** The expiry of the token in Unix seconds; absent if no token proved the caller. */
  readonly expiresAt?: number
}

/** The maximum length of `sub` including the prefix (OpenID Connect Core section 2). */
export const MAX_SUB_CHARS = 255
