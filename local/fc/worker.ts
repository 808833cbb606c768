import { parentPort, workerData } from 'node:worker_threads'
import type {
  FromWorker,
  InvocationContext,
  ServerOptions,
  ToWorker,
  WorkerInput,
} from './worker-messages'

// Runs in a worker thread with only Node's modules and the bundle of a function or the web server.
const { file, clock, context, server } = workerData as WorkerInput
const port = parentPort

type Loaded = {
  handler?: (event: Buffer, context: object) => unknown
  initializer?: (context: object) => unknown
  start?: (options: ServerOptions) => Promise<{ port: number }>
}

shiftClock(new Float64Array(clock))
void run()

async function run(): Promise<void> {
  try {
    const { handler, initializer, start } = require(file) as Loaded
    if (server) {
      if (typeof start !== 'function') throw new Error(`${file} exports no start`)
      const { port: listening } = await start(server)
      port?.postMessage({ kind: 'listening', port: listening } satisfies FromWorker)
      return
    }
    if (typeof handler !== 'function') throw new Error(`${file} exports no handler`)
    await initializer?.(withLogger(context))
    port?.on('message', (message: ToWorker) => {
      void invoke(handler, message).then((answer) => port.postMessage(answer))
    })
    port?.postMessage({ kind: 'ready' } satisfies FromWorker)
  } catch (error) {
    port?.postMessage({ kind: 'failed', ...describe(error) } satisfies FromWorker)
  }
}

async function invoke(
  handler: NonNullable<Loaded['handler']>,
  { event, context }: ToWorker,
): Promise<FromWorker> {
  try {
    const value = await handler(Buffer.from(event), withLogger(context))
    return { kind: 'returned', text: toText(value) }
  } catch (error) {
    return { kind: 'threw', ...describe(error) }
  }
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value
  return Buffer.isBuffer(value) ? value.toString() : (JSON.stringify(value) ?? '')
}

function describe(error: unknown) {
  if (!(error instanceof Error)) return { message: String(error), stack: String(error) }
  return { message: error.message, stack: error.stack ?? error.message }
}

// Writes lines as the runtime's logger does: time, request id and level before the message.
function withLogger(context: InvocationContext) {
  const at = (level: string) => (text: unknown) =>
    console.log(`${new Date().toISOString()} ${context.requestId} [${level}] ${String(text)}`)
  const logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    log: at('info'),
  }
  return { ...context, logger }
}

// All parts of the cloud share one clock, so that functions sign with the cloud's time.
function shiftClock(offset: Float64Array): void {
  const realNow = Date.now
  const now = () => Math.floor(realNow() + (offset[0] ?? 0))
  const RealDate = Date
  RealDate.now = now
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    apply: () => new RealDate(now()).toString(),
  })
}
