import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'

/** An MD5 computed in another thread; its creator must call `end`, with or without a digest. */
export type ThreadedMd5 = {
  /** Resolves when these bytes are hashed; one call at a time. */
  update(chunks: readonly Uint8Array[], bytes: number): Promise<void>
  digest(): Promise<Buffer>
  end(): void
}

type ThreadRequest = { block?: ArrayBuffer; bytes?: number }
type ThreadResponse = { block?: ArrayBuffer; md5?: Uint8Array }

// A string, so that it runs the same from a bundle, from TypeScript and under Jest. Each port is
// one digest.
const THREAD = `
const { createHash } = require('node:crypto')
const { parentPort } = require('node:worker_threads')
parentPort.on('message', (port) => {
  const hash = createHash('md5')
  port.on('message', ({ block, bytes }) => {
    if (!block) return port.postMessage({ md5: hash.digest() })
    hash.update(new Uint8Array(block, 0, bytes))
    port.postMessage({ block }, [block])
  })
})
`

/**
 * A thread for the MD5 of large bodies; starts with the first digest and does not keep the process
 * alive.
 */
export class Md5Thread {
  private worker: Worker | undefined

  /** Starts one MD5. */
  begin(): ThreadedMd5 {
    this.worker ??= this.startWorker()
    const { port1, port2 } = new MessageChannel()
    this.worker.postMessage(port2, [port2])
    return openMd5(port1)
  }

  /** Terminates the thread; digests in progress reject. */
  async close(): Promise<void> {
    await this.worker?.terminate()
  }

  private startWorker(): Worker {
    // Otherwise the thread would inherit the loaders that run this file in development.
    const worker = new Worker(THREAD, { eval: true, execArgv: [] })
    worker.once('exit', () => {
      this.worker = undefined
    })
    worker.unref()
    return worker
  }
}

function openMd5(port: MessagePort): ThreadedMd5 {
  const send = connect(port)
  // One block is passed back and forth, and never shares memory with bytes that are still being
  // written.
  let block = new ArrayBuffer(0)
  return {
    update: async (chunks, bytes) => {
      if (block.byteLength < bytes) block = new ArrayBuffer(bytes)
      copyInto(block, chunks)
      block = (await send({ block, bytes })).block ?? block
    },
    digest: async () => Buffer.from((await send({})).md5 ?? []),
    end: () => port.close(),
  }
}

function connect(port: MessagePort): (request: ThreadRequest) => Promise<ThreadResponse> {
  let waiting = { resolve: (_: ThreadResponse) => {}, reject: (_: Error) => {} }
  let hasEnded = false
  const fail = () => waiting.reject(new Error('The thread that computes MD5 has ended'))
  port.on('message', (response: ThreadResponse) => waiting.resolve(response))
  port.on('close', () => {
    hasEnded = true
    fail()
  })
  return (request) =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject }
      if (hasEnded) fail()
      else port.postMessage(request, request.block ? [request.block] : [])
    })
}

function copyInto(block: ArrayBuffer, chunks: readonly Uint8Array[]): void {
  const bytes = new Uint8Array(block)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
}
