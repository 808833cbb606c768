import { createCrc64 } from './crc64'

/** Computes a CRC-64 without keeping the main thread busy. */
export interface Digester {
  /** Takes the bytes over: they can't be used afterwards. */
  update(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  digest(): Promise<string>
  close(): void
}

interface Port {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  terminate(): unknown
}

type Listeners = { onMessage: (data: unknown) => void; onError: () => void }

// Answers each message: bytes with nothing, and everything else with the CRC-64 so far. Bundlers that keep the names of functions call
// `__name` in them.
const SCRIPT = `
const port = typeof self === 'object' && self.postMessage ? self : require('node:worker_threads').parentPort
const __name = (value) => value
const crc = (${createCrc64.toString()})()
const answer = (data) => {
  if (!(data instanceof Uint8Array)) return port.postMessage(crc.digest())
  crc.update(data)
  port.postMessage('')
}
if (port.on) port.on('message', answer)
else port.onmessage = ({ data }) => answer(data)
`

/** Opens a digester: in a worker, or where there is none, on this thread in slices that let others run. */
export async function openDigester(): Promise<Digester> {
  return (await openWorker(startWorker)) ?? openSliced()
}

/** Opens a digester in a worker; `undefined` where there is none, or a page's Content-Security-Policy forbids it. @internal */
export async function openWorker(
  start: (listeners: Listeners) => Port,
): Promise<Digester | undefined> {
  let settle: { resolve: (data: string) => void; reject: (error: Error) => void } | undefined
  const exchange = (message: unknown, transfer: ArrayBuffer[] = []) =>
    new Promise<string>((resolve, reject) => {
      settle = { resolve, reject }
      port.postMessage(message, transfer)
    })
  let port: Port
  try {
    port = start({
      onMessage: (data) => settle?.resolve(String(data)),
      onError: () => settle?.reject(new Error('The worker ended')),
    })
    await exchange('ready')
  } catch {
    return undefined
  }
  return {
    update: async (bytes) => {
      await exchange(bytes, [bytes.buffer])
    },
    digest: () => exchange('digest'),
    close: () => {
      port.terminate()
    },
  }
}

const SLICE_BYTES = 1024 * 1024

/** Opens a digester on this thread; one slice takes a few milliseconds. @internal */
export function openSliced(): Digester {
  const crc = createCrc64()
  return {
    async update(bytes) {
      for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
        await new Promise((resolve) => setTimeout(resolve))
        crc.update(bytes.subarray(start, start + SLICE_BYTES))
      }
    },
    digest: async () => crc.digest(),
    close: () => {},
  }
}

type NodePort = Port & {
  on(event: string, listener: (value: unknown) => void): unknown
  unref(): void
}
type NodeThreads = { Worker: new (script: string, options: { eval: true }) => NodePort }
type NodeProcess = { getBuiltinModule?: (name: string) => unknown }

function startWorker({ onMessage, onError }: Listeners): Port {
  if (typeof Worker === 'function') {
    const url = URL.createObjectURL(new Blob([SCRIPT], { type: 'text/javascript' }))
    const worker = new Worker(url)
    worker.onmessage = ({ data }) => {
      URL.revokeObjectURL(url)
      onMessage(data)
    }
    worker.onerror = onError
    return worker
  }
  // Not an import, which bundlers for browsers would try to resolve.
  const { process } = globalThis as { process?: NodeProcess }
  const threads = process?.getBuiltinModule?.('node:worker_threads') as NodeThreads | undefined
  if (!threads) throw new Error('There are no workers here')
  const worker = new threads.Worker(SCRIPT, { eval: true })
  worker.on('message', onMessage)
  worker.on('error', onError)
  return worker
}
