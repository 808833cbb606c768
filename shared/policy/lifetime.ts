import { MIN_TTL_SECONDS } from '../rules/rule'

const QUARTER = 900
// Each of them is a session of its own, and STS opens few in a second for a whole account (STS: quota).
const SESSION_SECONDS = [1, 2, 4, 8, 16, 32, 48].map((quarters) => quarters * QUARTER)

/** How long a session lives that is to live at least this long: one of a few steps, and never longer than allowed. */
export function toSessionSeconds(wanted: number, maxSeconds: number): number {
  return Math.min(SESSION_SECONDS.find((step) => step >= wanted) ?? maxSeconds, maxSeconds)
}

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
