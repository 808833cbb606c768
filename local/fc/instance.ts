import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import { transform } from 'esbuild'
import { type Build, buildOnce } from '../../tools/build/build-cache'
import type {
  FromWorker,
  InvocationContext,
  ServerOptions,
  ToWorker,
  WorkerInput,
} from './worker-messages'

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
  post: (message: ToWorker) => void
  isAlive: () => boolean
  stop: () => Promise<void>
}

/** Loads a bundle in a new thread and runs its initializer; rejects if either fails. */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const { channel } = await startWorker(options, 'ready')
  return {
    invoke: async (event, invocation) => {
      const answer = channel.receive(invocation.function.timeout)
      channel.post({ event, context: invocation })
      return returnedText(await answer)
    },
    isAlive: channel.isAlive,
    stop: channel.stop,
  }
}

/** A web server in a thread of its own, on a port of loopback. */
export type ServerInstance = { port: number; stop: () => Promise<void> }

/** Loads the bundle of the web server in a new thread and starts it; rejects if either fails. */
export async function startServerInstance(
  options: InstanceOptions,
  server: Pick<ServerOptions, 'trustedProxies'>,
): Promise<ServerInstance> {
  const { channel, message } = await startWorker(options, 'listening', {
    ...server,
    ...{ host: '127.0.0.1', port: 0, stopSeconds: 0 },
  })
  return { port: message.port, stop: channel.stop }
}

type Kind = FromWorker['kind']
type Message<K extends Kind> = Extract<FromWorker, { kind: K }>

async function startWorker<K extends Kind>(
  options: InstanceOptions,
  expected: K,
  server?: ServerOptions,
): Promise<{ channel: Channel; message: Message<K> }> {
  const { file, clock, context, env } = options
  const worker = new Worker(await workerSource(), {
    eval: true,
    env: { ...env },
    // Otherwise the thread would inherit the loaders that run this file in development.
    execArgv: [],
    stdout: true,
    stderr: true,
    workerData: { file, clock, context, ...(server && { server }) } satisfies WorkerInput,
  })
  const channel = openChannel(worker, options.log)
  const message = await channel.receive(context.function.timeout)
  if (isKind(message, expected)) return { channel, message }
  await channel.stop()
  throw new Error(message.kind === 'failed' ? message.message : 'The function did not start')
}

function isKind<K extends Kind>(message: FromWorker, kind: K): message is Message<K> {
  return message.kind === kind
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
  return { receive, post: (message) => worker.postMessage(message), isAlive: () => alive, stop }
}

function returnedText(message: FromWorker): string {
  if (message.kind === 'returned') return message.text
  throw new Error(message.kind === 'threw' ? message.stack : 'The function returned no result')
}

let source: Promise<string> | undefined

// Transformed here and not by a loader hook, so that none of our code runs in the function's
// thread.
function workerSource(): Promise<string> {
  source ??= buildOnce({ name: 'worker', options: {}, builders: [__filename] }, buildWorker).then(
    ({ code = '' }) => Buffer.from(code).toString(),
  )
  return source
}

async function buildWorker(): Promise<Build> {
  const file = join(__dirname, 'worker.ts')
  const options = { loader: 'ts', format: 'cjs', target: 'node20' } as const
  const { code } = await transform(readFileSync(file, 'utf8'), options)
  return { files: { code: Buffer.from(code) }, sources: [file] }
}
