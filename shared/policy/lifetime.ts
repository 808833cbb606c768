import { MIN_TTL_SECONDS } from '../rules/rule'

const QUARTER = 900
// Each duration is a separate session, and STS limits the sessions per second of an account (STS: quota).
const SESSION_SECONDS = [1, 2, 4, 8, 16, 32, 48].map((quarters) => quarters * QUARTER)

/** Returns the duration of a session that must live at least `minSeconds` seconds: one of a few steps, at most `maxSeconds`. */
export function toSessionSeconds(minSeconds: number, maxSeconds: number): number {
  return Math.min(SESSION_SECONDS.find((step) => step >= minSeconds) ?? maxSeconds, maxSeconds)
}

/** The signing time and the expiry of a signed URL, in Unix seconds. */
export type Lifetime = { signedAt: number; expiresAt: number }

/**
 * Returns the lifetime of a URL that stays the same for caches: within half a lifetime, it starts and ends at the same second.
 * It never ends after `expiresAt`, and at least half of it is left; all of it if half is less than 30 s.
 */
export function stableLifetime({ now, expiresAt }: { now: number; expiresAt: number }): Lifetime {
  const seconds = expiresAt - now
  const step = Math.floor(seconds / 2)
  const signedAt = Math.floor(now / step) * step
  const stable = { signedAt, expiresAt: signedAt + seconds }
  return stable.expiresAt - now >= MIN_TTL_SECONDS ? stable : { signedAt: now, expiresAt }
}
