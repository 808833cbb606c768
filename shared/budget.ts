import { Refusal } from './errors'

/** The time that one request may take; every step takes its share of the rest. */
export type Budget = {
  /** Returns `ms` or the time left, whichever is less; throws `time_ran_out` if no time is left. */
  share: (ms: number) => number
}

/** Creates a budget of `totalMs`; `elapsedMs` returns how much of it has passed. */
export function createBudget(totalMs: number, elapsedMs: () => number): Budget {
  return {
    share: (ms) => {
      const left = Math.floor(Math.min(ms, totalMs - elapsedMs()))
      if (left > 0) return left
      throw new Refusal('time_ran_out')
    },
  }
}

/** Returns the result of the work, or rejects after `ms` milliseconds; the work itself continues. */
export async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
