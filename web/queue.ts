/** Runs a task when its turn comes; `signal` takes it out of the line. */
export type Enqueue = <T>(task: () => Promise<T>, signal: AbortSignal) => Promise<T>

/** A line in which at most `width` tasks run at once, in the order they came. */
export function createQueue(width: number): Enqueue {
  const waiting: (() => void)[] = []
  let free = width
  return async (task, signal) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      signal.throwIfAborted()
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
