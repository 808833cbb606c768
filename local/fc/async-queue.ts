import { randomUUID } from 'node:crypto'

/** An asynchronous invocation and its state; times in Unix ms. */
export type Queued = {
  id: string
  functionName: string
  event: Buffer
  state: 'queued' | 'delivered' | 'dead'
  attempts: number
  queuedAt: number
  /** The earliest time of the next attempt. */
  nextAt: number
  lastError?: string
}

/**
 * A queue of invocations that are retried until they succeed or reach the maximum number of
 * attempts.
 */
export type AsyncQueue = {
  /** Adds an invocation, to run after `delayMs`, immediately by default. */
  add: (functionName: string, event: Buffer, options?: { id?: string; delayMs?: number }) => void
  /** Returns the latest ten thousand, oldest first. */
  list: () => readonly Queued[]
  close: () => void
}

/** One attempt and the maximum of eight retries (Function Compute: asynchronous invocation). */
const MAX_ATTEMPTS = 9
const FIRST_RETRY_MS = 1000
const BACK_OFF = 3
const TICK_MS = 100
const KEPT = 10_000

/**
 * Creates an empty queue. It uses the cloud's clock: setting the clock forward makes waiting
 * invocations due.
 */
export function createAsyncQueue(options: {
  invoke: (functionName: string, event: Buffer, id: string) => Promise<unknown>
  /** Receives an invocation after its last attempt. */
  onDead?: (entry: Queued) => void
  /** Unix ms. */
  now: () => number
}): AsyncQueue {
  const { invoke, onDead, now } = options
  const entries = new Map<string, Queued>()
  const waiting = new Set<Queued>()
  let timer: NodeJS.Timeout | undefined

  async function attempt(entry: Queued): Promise<void> {
    waiting.delete(entry)
    entry.attempts++
    try {
      await invoke(entry.functionName, entry.event, entry.id)
      entry.state = 'delivered'
      delete entry.lastError
    } catch (error) {
      entry.lastError = String(error instanceof Error ? error.message : error).split('\n')[0] ?? ''
      retry(entry)
    }
  }
  function retry(entry: Queued): void {
    if (entry.attempts >= MAX_ATTEMPTS) {
      entry.state = 'dead'
      onDead?.(entry)
      return
    }
    entry.nextAt = now() + FIRST_RETRY_MS * BACK_OFF ** (entry.attempts - 1)
    wait(entry)
  }
  function wait(entry: Queued): void {
    waiting.add(entry)
    timer ??= setInterval(tick, TICK_MS).unref()
  }
  function tick(): void {
    for (const entry of waiting) if (entry.nextAt <= now()) void attempt(entry)
    if (waiting.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
  return {
    add: (functionName, event, { id = randomUUID(), delayMs = 0 } = {}) => {
      const time = now()
      const entry: Queued = {
        ...{ id, functionName, event, state: 'queued' },
        ...{ attempts: 0, queuedAt: time, nextAt: time + delayMs },
      }
      entries.set(id, entry)
      forgetOldest(entries)
      if (delayMs > 0) wait(entry)
      else void attempt(entry)
    },
    list: () => [...entries.values()],
    close: () => {
      clearInterval(timer)
      waiting.clear()
    },
  }
}

// Unfinished invocations are kept, however old.
function forgetOldest(entries: Map<string, Queued>): void {
  if (entries.size <= KEPT) return
  for (const [id, { state }] of entries) {
    if (state === 'queued') continue
    entries.delete(id)
    return
  }
}
