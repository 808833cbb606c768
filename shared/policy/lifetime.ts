import { Refusal } from '../errors'
import { MAX_TTL_SECONDS, MIN_TTL_SECONDS } from '../rules/rule'
import { MAX_URL_SECONDS } from '../signing/url'

/** When a signed URL or form begins and ends, in Unix seconds. */
export type Lifetime = { signedAt: number; expiresAt: number }

/** What bounds a lifetime: what the grant allows, and when the signing credentials end, where that is known. */
export type LifetimeLimits = { now: number; expiresAt: number; credentialsEndAt?: number }

/**
 * The honest lifetime: the earliest of the grant's end, 7 days and the credentials' end (an hour away where it is
 * unknown); less than 30 s is refused.
 */
export function lifetime({ now, expiresAt, credentialsEndAt }: LifetimeLimits): Lifetime {
  const end = Math.min(expiresAt, now + MAX_URL_SECONDS, credentialsEndAt ?? now + MAX_TTL_SECONDS)
  if (!(end - now >= MIN_TTL_SECONDS)) throw new Refusal('lifetime_too_short')
  return { signedAt: now, expiresAt: end }
}

/**
 * The same for a URL that caches may know again: within half a lifetime it begins, and so ends, at the same second. It
 * never ends later than asked, and at least half of its life lies ahead.
 */
export function stableLifetime(limits: LifetimeLimits): Lifetime {
  const { expiresAt } = lifetime(limits)
  const seconds = expiresAt - limits.now
  const step = Math.floor(seconds / 2)
  const signedAt = Math.floor(limits.now / step) * step
  const stable = { signedAt, expiresAt: signedAt + seconds }
  return stable.expiresAt - limits.now >= MIN_TTL_SECONDS ? stable : lifetime(limits)
}
