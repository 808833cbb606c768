import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import { transformSync } from 'esbuild'
import type { FromWorker, InvocationContext, ToWorker, WorkerInput } from './worker-messages'

export type InstanceOptions = {
  file: string
  env: Readonly<Record<string, string>>
  clock: SharedArrayBuffer
  /** The context for the initializer. */
  context: InvocationContext
  /** Receives the function's console output, line by line. */
  log: (line: string) => void
}

/** An instance of a function, which handles one call at a time. */
export type Instance = {
  /**
   * Resolves to the handler's return value as a string; rejects if it throws, exceeds its timeout
   * or ends its thread.
   */
  invoke: (event: Uint8Array, context: InvocationContext) => Promise<string>
  /** Returns false once its thread has ended. */
  isAlive: () => boolean
  /** Stops the thread immediately. */
  stop: () => Promise<void>
}

type Channel = {
  /** Resolves to the thread's next message; rejects if the thread fails or exceeds this time. */
  receive: (seconds: number) => Promise<FromWorker>
  isAlive: () => boolean
  stop: () => Promise<void>
}

/** Loads a bundle in a new thread and runs its initializer; rejects if either fails. */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const { file, clock, context, env } = options
  const worker = new Worker(workerSource(), {
    eval: true,
    env: { ...env },
    // Otherwise the thread would inherit the loaders that run this file in development.
    execArgv: [],
    stdout: true,
    stderr: true,
    workerData: { file, clock, context } satisfies WorkerInput,
  })
  const channel = openChannel(worker, options.log)
  const ready = await channel.receive(context.function.timeout)
  if (ready.kind !== 'ready') {
    await channel.stop()
    throw new Error(ready.kind === 'failed' ? ready.message : 'The function did not start')
  }
  return {
    invoke: async (event, invocation) => {
      const answer = channel.receive(invocation.function.timeout)
      worker.postMessage({ event, context: invocation } satisfies ToWorker)
      return returnedText(await answer)
    },
    isAlive: channel.isAlive,
    stop: channel.stop,
  }
}

function openChannel(worker: Worker, log: (line: string) => void): Channel {
  let alive = true
  let waiting:
    | { resolve: (message: FromWorker) => void; reject: (error: Error) => void }
    | undefined
  const take = () => {
    const taken = waiting
    waiting = undefined
    return taken
  }
  const fail = (error: Error, isNews: boolean) => {
    const taken = take()
    if (taken) taken.reject(error)
    else if (isNews) log(error.stack ?? error.message)
  }
  async function stop(): Promise<void> {
    alive = false
    fail(new Error('The function was stopped'), false)
    await worker.terminate()
  }
  worker.on('message', (message: FromWorker) => take()?.resolve(message))
  // Both may overtake the message that the thread sent before, and neither leaves it alive.
  const end = (error: Error) => {
    setImmediate(fail, error, alive)
    alive = false
  }
  worker.on('error', end)
  worker.on('exit', (code) => end(new Error(`The function ended its process with code ${code}`)))
  for (const input of [worker.stdout, worker.stderr]) createInterface({ input }).on('line', log)
  async function receive(seconds: number): Promise<FromWorker> {
    const message = new Promise<FromWorker>((resolve, reject) => {
      waiting = { resolve, reject }
    })
    const limit = setTimeout(() => {
      fail(new Error(`The function took longer than ${seconds} s`), false)
      void stop()
    }, seconds * 1000)
    return message.finally(() => clearTimeout(limit))
  }
  return { receive, isAlive: () => alive, stop }
}

function returnedText(message: FromWorker): string {
  if (message.kind === 'returned') return message.text
  throw new Error(message.kind === 'threw' ? message.stack : 'The function returned no result')
}

let source: string | undefined

// Transformed here and not by a loader hook, so that none of our code runs in the function's
// thread.
function workerSource(): string {
  source ??= transformSync(readFileSync(join(__dirname, 'worker.ts'), 'utf8'), {
    loader: 'ts',
    format: 'cjs',
    target: 'node20',
  }).code
  return source
}
