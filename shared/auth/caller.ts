/** Who asks, proven by a token; `sub` with the prefix of its issuer, when that has one. */
export type Caller = { sub: string; claims: Record<string, unknown> }
