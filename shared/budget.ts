import { Refusal } from './errors'

/** The time that one request may take; every step asks for its share of what is left. */
export type Budget = {
  /** At most this many ms, less when less is left; throws `time_ran_out` when nothing is. */
  share: (ms: number) => number
}

/** A budget of `totalMs`, of which `elapsedMs` says how much is gone. */
export function createBudget(totalMs: number, elapsedMs: () => number): Budget {
  return {
    share: (ms) => {
      const left = Math.floor(Math.min(ms, totalMs - elapsedMs()))
      if (left > 0) return left
      throw new Refusal('time_ran_out')
    },
  }
}

/** What the work comes to, or a rejection once it takes longer; the work itself can't be stopped. */
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
