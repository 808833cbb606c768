/** Who asks, proven by a token; `sub` with the prefix of its issuer, when that has one. */
export type Caller = { sub: string; claims: Record<string, unknown> }

/** The most that `sub` has (OpenID Connect Core section 2), the prefix included. */
export const MAX_SUB_CHARS = 255
