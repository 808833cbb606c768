/**
 * Who asks, proven by a token; `sub` with the prefix of its issuer, when that has one, here and among the claims. A verified
 * caller is frozen to the bottom, since later requests with the same token get the same one.
 */
export type Caller = {
  readonly sub: string
  readonly claims: Readonly<Record<string, unknown>>
  /** When the token ends, in Unix seconds; absent where no token proved the caller. */
  readonly expiresAt?: number
}

/** The most that `sub` has (OpenID Connect Core section 2), the prefix included. */
export const MAX_SUB_CHARS = 255
