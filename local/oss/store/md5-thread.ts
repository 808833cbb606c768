import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'

/** An MD5 that another thread computes; whoever began it ends it, with or without its digest. */
export type ThreadedMd5 = {
  /** Resolves when these bytes are hashed; one call at a time. */
  update(chunks: readonly Uint8Array[], bytes: number): Promise<void>
  digest(): Promise<Buffer>
  end(): void
}

type Question = { block?: ArrayBuffer; bytes?: number }
type Answer = { block?: ArrayBuffer; md5?: Uint8Array }

// As text it runs alike from a bundle, from TypeScript and under Jest. Each port is one digest.
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

/** A thread for the MD5 of large bodies; the first one starts it, and it keeps no process alive. */
export class Md5Thread {
  private worker: Worker | undefined

  /** Begins one MD5. */
  begin(): ThreadedMd5 {
    this.worker ??= this.startWorker()
    const { port1, port2 } = new MessageChannel()
    this.worker.postMessage(port2, [port2])
    return openMd5(port1)
  }

  /** Ends the thread, and with an error whatever it is computing. */
  async close(): Promise<void> {
    await this.worker?.terminate()
  }

  private startWorker(): Worker {
    // Else the thread would inherit the loaders that run this very file in development.
    const worker = new Worker(THREAD, { eval: true, execArgv: [] })
    worker.once('exit', () => {
      this.worker = undefined
    })
    worker.unref()
    return worker
  }
}

function openMd5(port: MessagePort): ThreadedMd5 {
  const ask = connect(port)
  // One block goes to and fro: its memory is never that of bytes still being written.
  let block = new ArrayBuffer(0)
  return {
    update: async (chunks, bytes) => {
      if (block.byteLength < bytes) block = new ArrayBuffer(bytes)
      copyInto(block, chunks)
      block = (await ask({ block, bytes })).block ?? block
    },
    digest: async () => Buffer.from((await ask({})).md5 ?? []),
    end: () => port.close(),
  }
}

function connect(port: MessagePort): (question: Question) => Promise<Answer> {
  let waiting = { resolve: (_: Answer) => {}, reject: (_: Error) => {} }
  let hasEnded = false
  const fail = () => waiting.reject(new Error('The thread that computes MD5 has ended'))
  port.on('message', (answer: Answer) => waiting.resolve(answer))
  port.on('close', () => {
    hasEnded = true
    fail()
  })
  return (question) =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject }
      if (hasEnded) fail()
      else port.postMessage(question, question.block ? [question.block] : [])
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
