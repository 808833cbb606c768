import { MIN_TTL_SECONDS } from '../rules/rule'

/** When a signed URL begins and ends, in Unix seconds. */
export type Lifetime = { signedAt: number; expiresAt: number }

/**
 * The lifetime of a URL that caches may know again: within half a lifetime it begins, and so ends, at the same second. It
 * never ends later than asked, and at least half of its life lies ahead, or all of it where half is less than 30 s.
 */
export function stableLifetime({ now, expiresAt }: { now: number; expiresAt: number }): Lifetime {
  const seconds = expiresAt - now
  const step = Math.floor(seconds / 2)
  const signedAt = Math.floor(now / step) * step
  const stable = { signedAt, expiresAt: signedAt + seconds }
  return stable.expiresAt - now >= MIN_TTL_SECONDS ? stable : { signedAt: now, expiresAt }
}
