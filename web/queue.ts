/** Runs a task when a slot is free; aborting `signal` removes it from the queue. */
export type Enqueue = <T>(task: () => Promise<T>, signal: AbortSignal) => Promise<T>

/** Creates a queue that runs at most `width` tasks at once, in order. */
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
