import type { Instance } from './instance'
import type { InvocationContext } from './worker-messages'

/** One invocation; `makeContext` is called when it starts. */
type Call = {
  event: Uint8Array
  makeContext: () => InvocationContext
  /** Aborts when the result is no longer needed. */
  signal?: AbortSignal | undefined
}

/** The instances of one function; more are started while calls wait, up to a limit. */
export type Pool = {
  /** Resolves once an instance has started; rejects if it fails to start. */
  warmUp: () => Promise<void>
  /**
   * Resolves to the handler's return value as a string; a call whose signal aborts before it starts
   * is dropped.
   */
  invoke: (call: Call) => Promise<string>
  /** Stops all instances immediately. */
  stop: () => Promise<void>
  /** Stops the instances after the calls accepted so far. */
  retire: () => Promise<void>
}

/**
 * The error of a call that was dropped before it started: its signal aborted, or the function was
 * stopped.
 */
export class Dropped extends Error {}

type Waiting = Call & { resolve: (text: string) => void; reject: (error: unknown) => void }

/**
 * Creates a pool without instances; each instance handles one call at a time, as in Function
 * Compute.
 */
export function createPool(options: {
  start: () => Promise<Instance>
  maxInstances: number
}): Pool {
  const { start, maxInstances } = options
  const idle: Instance[] = []
  const instances = new Set<Instance>()
  const waiting: Waiting[] = []
  const starting = new Set<Promise<void>>()
  let isStopped = false
  let running = 0
  let onDrained = () => {}

  function open(): Promise<void> {
    const opened = start().then(async (instance) => {
      if (isStopped) return instance.stop()
      instances.add(instance)
      idle.push(instance)
    })
    const done = opened.finally(() => starting.delete(done))
    starting.add(done)
    return done
  }
  // The call that waits longest rejects if the instance fails to start.
  const openForNext = () =>
    open()
      .catch((error) => waiting.shift()?.reject(error))
      .then(serveNext)

  // As in Function Compute, a failed instance is replaced at the next request.
  function takeIdle(): Instance | undefined {
    for (let instance = idle.pop(); instance; instance = idle.pop()) {
      if (instance.isAlive()) return instance
      instances.delete(instance)
    }
    return undefined
  }
  const canOpen = () => !isStopped && instances.size + starting.size < maxInstances
  function serveNext(): void {
    while (waiting.length > 0) {
      const instance = takeIdle()
      const call = instance && waiting.shift()
      if (!instance || !call) break
      void run(instance, call)
    }
    while (canOpen() && starting.size < waiting.length) void openForNext()
    if (waiting.length + running === 0) onDrained()
  }
  async function run(instance: Instance, call: Waiting): Promise<void> {
    running++
    try {
      call.resolve(await instance.invoke(call.event, call.makeContext()))
    } catch (error) {
      call.reject(error)
    }
    running--
    if (instance.isAlive()) idle.push(instance)
    else instances.delete(instance)
    serveNext()
  }
  function drop(call: Waiting): void {
    const index = waiting.indexOf(call)
    if (index < 0) return
    waiting.splice(index, 1)
    call.reject(new Dropped('The caller was gone before its turn came'))
    serveNext()
  }
  async function stop(): Promise<void> {
    isStopped = true
    for (const call of waiting.splice(0)) call.reject(new Dropped('The function was stopped'))
    await Promise.allSettled([...starting, ...[...instances].map((instance) => instance.stop())])
  }
  return {
    warmUp: open,
    invoke: (call) =>
      new Promise((resolve, reject) => {
        const entry = { ...call, resolve, reject }
        waiting.push(entry)
        call.signal?.addEventListener('abort', () => drop(entry), { once: true })
        if (call.signal?.aborted) drop(entry)
        serveNext()
      }),
    stop,
    retire: async () => {
      await new Promise<void>((resolve) => {
        onDrained = resolve
        serveNext()
      })
      await stop()
    },
  }
}
