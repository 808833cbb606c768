// Function Compute's nodejs20 runtime, as far as it is documented: a process that requires the handler from the extracted
// code and gets events as Buffers. It is run by the Node of the test, so it has no imports but types.
import type { InvocationContext } from '../../../local/fc/worker-messages'
import type { FromRuntime, ToRuntime } from './messages'

type Callback = (error: unknown, result?: unknown) => void
type Handler = (event: Buffer, context: object) => unknown
type Initializer = (context: object, callback: Callback) => unknown

let handler: Handler
let offset = 0

process.on('message', async (message: ToRuntime) => {
  const answer = await run(message).catch(toThrown)
  process.send?.(answer)
})
// Otherwise it would stay when the suite ends before it stops this.
process.on('disconnect', () => process.exit(0))

async function run(message: ToRuntime): Promise<FromRuntime> {
  offset = message.offsetMs ?? 0
  if (message.kind === 'start') return start(message)
  const value = await handler(Buffer.from(message.event, 'base64'), withLogger(message.context))
  return { kind: 'returned', text: typeof value === 'string' ? value : JSON.stringify(value) }
}

async function start(message: ToRuntime & { kind: 'start' }): Promise<FromRuntime> {
  const { code, handler: handlerName, initializer, context } = message
  if (message.offsetMs !== undefined) shiftClock()
  handler = find(code, handlerName) as Handler
  if (initializer) {
    const initialize = find(code, initializer) as Initializer
    // Documented with a callback alone for CommonJS, so a promise counts for nothing.
    await new Promise((resolve, reject) => {
      initialize(withLogger(context), (error, result) => (error ? reject(error) : resolve(result)))
    })
  }
  return { kind: 'ready', version: process.version }
}

function find(code: string, name: string): unknown {
  const [file, key = ''] = name.split('.')
  const found = require(`${code}/${file}.js`)[key]
  if (typeof found !== 'function') throw new Error(`${file}.js has no ${key}`)
  return found
}

function withLogger(context: InvocationContext): object {
  const log = (text: unknown) => console.log(`${context.requestId} ${String(text)}`)
  return { ...context, logger: { debug: log, info: log, warn: log, error: log, log } }
}

function toThrown(error: unknown): FromRuntime {
  return { kind: 'threw', message: error instanceof Error ? error.message : String(error) }
}

function shiftClock(): void {
  const RealDate = Date
  const realNow = Date.now
  const now = () => Math.floor(realNow() + offset)
  RealDate.now = now
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
  })
}
