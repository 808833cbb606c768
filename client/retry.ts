import { reasonOf, sleep } from './abort'
import { OssDirectError } from './errors'
import { isOffline, type Network, untilOnline } from './online'

const FIRST_DELAY = 500
const LONGEST_DELAY = 20_000
// Beyond this the caller decides: nobody who watches an upload waits longer.
const LONGEST_RETRY_AFTER = 60

/** How attempts are repeated. */
export interface RetryOptions {
  /** Ends waiting and further attempts. */
  signal: AbortSignal
  /** How often to try again after the first attempt. Default 5. */
  retries?: number
  /** Called with `true` when waiting for a network begins, and with `false` when it ends. */
  onOffline?: (isOffline: boolean) => void
  /** Returns 0 to 1; for tests. */
  random?: () => number
  /** Resolves after this many milliseconds; for tests. */
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** The browser's global object; for tests. */
  network?: Network
}

/**
 * Returns what an attempt returns. Repeats it after errors that are retryable: with exponential back-off and full jitter, not
 * before `retryAfter`, and only while there is a network. A failure without a network doesn't count.
 */
export async function retrying<T>(
  attempt: (n: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { signal, retries = 5, random = Math.random, wait = sleep, network } = options
  for (let n = 0, failures = 0; ; n++) {
    await waitForNetwork(options)
    if (signal.aborted) throw reasonOf(signal)
    try {
      return await attempt(n)
    } catch (error) {
      if (signal.aborted) throw reasonOf(signal)
      if (!isWorthRepeating(error)) throw error
      if (isOffline(network)) continue
      if (failures >= retries) throw error
      const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** failures)
      failures++
      await wait((error.retryAfter ?? 0) * 1000 + random() * longest, signal)
    }
  }
}

async function waitForNetwork({ signal, network, onOffline }: RetryOptions): Promise<void> {
  if (!isOffline(network)) return
  onOffline?.(true)
  await untilOnline(signal, network)
  onOffline?.(false)
}

function isWorthRepeating(error: unknown): error is OssDirectError {
  if (!(error instanceof OssDirectError) || !error.retryable) return false
  return (error.retryAfter ?? 0) <= LONGEST_RETRY_AFTER
}
