import type { Credentials } from '../shared/signing/v4'

const FRESH_MS = 60_000
const USABLE_MS = 300_000
/** The SDK renews a role's credentials 15 minutes before they expire, so those of the last 5 are valid for as long. */
export const USABLE_SECONDS = 600

/** Where credentials come from. */
export type Loading = {
  load: () => Promise<Credentials>
  /** Receives the error of a load that no request waits for. */
  onFailure: (error: unknown) => void
  /** Milliseconds. */
  now?: () => number
}

/**
 * Returns a function that resolves to credentials, with at most one load at a time: those of the last minute, or those of
 * the last five while it loads others, or those it waits for.
 */
export function keepFresh({ load, onFailure, now = monotonicMs }: Loading) {
  let kept: { credentials: Credentials; loadedAt: number } | undefined
  let pending: Promise<Credentials> | undefined
  async function renew(): Promise<Credentials> {
    try {
      const credentials = await load()
      kept = { credentials, loadedAt: now() }
      return credentials
    } finally {
      pending = undefined
    }
  }
  return async (): Promise<Credentials> => {
    const age = kept === undefined ? Number.POSITIVE_INFINITY : now() - kept.loadedAt
    if (kept && age < FRESH_MS) return kept.credentials
    const isFirst = pending === undefined
    pending ??= renew()
    if (!kept || age >= USABLE_MS) return pending
    if (isFirst) pending.catch(onFailure)
    return kept.credentials
  }
}

function monotonicMs(): number {
  return performance.now()
}
