import { createHash } from 'node:crypto'
import { closeSync, open, write, writeSync, writev } from 'node:fs'
import { type Readable, Writable } from 'node:stream'
import { promisify } from 'node:util'
import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import { type Crc64, startCrc64 } from './crc64'
import type { Md5Thread, ThreadedMd5 } from './md5-thread'

/** The size and digests of bytes that are on disk. */
export type Digest = { size: number; md5: Buffer; crc64: string }

/** The maximum size of a blob, and the error beyond it. */
export type BlobLimit = { maxBytes: number; tooLarge: () => Error }

/** The size of one write; a smaller body is written without a thread or a wait for the disk. @internal */
export const BLOCK_BYTES = 512 * 1024

const openFile = promisify(open)
const writeSome = promisify(write)

/** Streams `source` into a new file; rejects with `tooLarge()` as soon as it exceeds `maxBytes`. */
export async function writeBlob(
  path: string,
  source: Readable,
  { md5Thread, ...limit }: BlobLimit & { md5Thread: Md5Thread },
): Promise<Digest> {
  const [fd, crc] = await Promise.all([openFile(path, 'wx', 0o600), startCrc64()])
  const sink = new BlobSink({ fd, crc, md5Thread, limit })
  try {
    await drainInto(source, sink)
    return sink.digest()
  } finally {
    await sink.release()
  }
}

// `pipeline` would destroy the request and its socket before the client could read the reason.
function drainInto(source: Readable, sink: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      source.unpipe(sink)
      sink.destroy()
      reject(error)
    }
    sink.once('finish', resolve)
    sink.once('error', fail)
    source.once('error', fail)
    source.once('close', () => {
      if (!source.readableEnded) fail(new OssError(OBJECT.requestTimeout))
    })
    if (source.destroyed && !source.readableEnded) {
      fail(source.errored ?? new OssError(OBJECT.requestTimeout))
    } else source.pipe(sink)
  })
}

type Done = (error?: Error | null) => void
type SinkOptions = { fd: number; crc: Crc64; md5Thread: Md5Thread; limit: BlobLimit }

class BlobSink extends Writable {
  private readonly options: SinkOptions
  private size = 0
  private pending: Buffer[] = []
  private pendingBytes = 0
  private threadedMd5: ThreadedMd5 | undefined
  private md5: Buffer = Buffer.alloc(0)
  private underway: Promise<void> = Promise.resolve()

  constructor(options: SinkOptions) {
    // One block is being written while the next one arrives; both count.
    super({ highWaterMark: 2 * BLOCK_BYTES, decodeStrings: false })
    this.options = options
  }

  digest(): Digest {
    return { size: this.size, md5: this.md5, crc64: this.options.crc.digest() }
  }

  /** Releases all resources, once nothing is being written any more. */
  async release(): Promise<void> {
    await this.underway.catch(() => undefined)
    this.threadedMd5?.end()
    this.options.crc.release()
    closeSync(this.options.fd)
  }

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.take([chunk], done)
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this.take(
      chunks.map(({ chunk }) => chunk),
      done,
    )
  }

  override _final(done: Done): void {
    if (this.threadedMd5) {
      this.await(this.finishLarge(this.threadedMd5), done)
      return
    }
    this.finishSmall()
    done()
  }

  private take(chunks: Buffer[], done: Done): void {
    const { limit, md5Thread } = this.options
    for (const chunk of chunks) {
      this.pending.push(chunk)
      this.pendingBytes += chunk.length
      this.size += chunk.length
    }
    if (this.size > limit.maxBytes) {
      done(limit.tooLarge())
    } else if (this.pendingBytes < BLOCK_BYTES) {
      done()
    } else {
      this.threadedMd5 ??= md5Thread.begin()
      this.await(this.flush(this.threadedMd5), done)
    }
  }

  private await(work: Promise<void>, done: Done): void {
    this.underway = work
    work.then(() => done(), done)
  }

  private async flush(md5: ThreadedMd5): Promise<void> {
    const { fd, crc } = this.options
    const [chunks, bytes] = [this.pending, this.pendingBytes]
    this.pending = []
    this.pendingBytes = 0
    const hashed = md5.update(chunks, bytes)
    const written = writeAll(fd, chunks, bytes)
    for (const chunk of chunks) crc.update(chunk)
    await Promise.all([hashed, written])
  }

  private async finishLarge(md5: ThreadedMd5): Promise<void> {
    if (this.pendingBytes > 0) await this.flush(md5)
    this.md5 = await md5.digest()
  }

  private finishSmall(): void {
    const md5 = createHash('md5')
    for (const chunk of this.pending) {
      md5.update(chunk)
      this.options.crc.update(chunk)
      writeFully(this.options.fd, chunk)
    }
    this.md5 = md5.digest()
  }
}

/** Writes all bytes synchronously. */
export function writeFully(fd: number, bytes: Buffer): void {
  for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(writeSync(fd, rest))
}

function writeAll(fd: number, chunks: Buffer[], bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    writev(fd, chunks, (error, written) => {
      if (error) reject(error)
      else if (written === bytes) resolve()
      else resolve(writeRest(fd, Buffer.concat(chunks).subarray(written)))
    })
  })
}

async function writeRest(fd: number, bytes: Buffer): Promise<void> {
  for (let rest = bytes; rest.length > 0; ) {
    const { bytesWritten } = await writeSome(fd, rest)
    rest = rest.subarray(bytesWritten)
  }
}
