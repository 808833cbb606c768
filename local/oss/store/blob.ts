import { createHash } from 'node:crypto'
import { close, open, write, writev } from 'node:fs'
import { type Readable, Writable } from 'node:stream'
import { promisify } from 'node:util'
import { OssError } from '../errors/fault'
import { OBJECT } from '../errors/object'
import { type Crc64, startCrc64 } from './crc64'

/** What is known of bytes once they are all on disk. */
export type Digest = { size: number; md5: Buffer; crc64: string }

const BUFFERED_BYTES = 1024 * 1024
const openFile = promisify(open)
const closeFile = promisify(close)

/** Streams `source` into a new file; rejects with `tooLarge()` as soon as it exceeds `maxBytes`. */
export async function writeBlob(
  path: string,
  source: Readable,
  limit: { maxBytes: number; tooLarge: () => Error },
): Promise<Digest> {
  const [fd, crc] = await Promise.all([openFile(path, 'wx', 0o600), startCrc64()])
  try {
    const sink = new BlobSink(fd, crc, limit)
    await drainInto(source, sink)
    return sink.finishDigest()
  } catch (error) {
    crc.drop()
    throw error
  } finally {
    await closeFile(fd)
  }
}

// `pipeline` would destroy the request, and its socket with it, before the client could read why.
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
    if (source.destroyed && !source.readableEnded) fail(new OssError(OBJECT.requestTimeout))
    else source.pipe(sink)
  })
}

class BlobSink extends Writable {
  private size = 0
  private readonly md5 = createHash('md5')

  private readonly fd: number
  private readonly crc: Crc64
  private readonly limit: { maxBytes: number; tooLarge: () => Error }

  constructor(fd: number, crc: Crc64, limit: { maxBytes: number; tooLarge: () => Error }) {
    super({ highWaterMark: BUFFERED_BYTES, decodeStrings: false })
    this.fd = fd
    this.crc = crc
    this.limit = limit
  }

  finishDigest(): Digest {
    return { size: this.size, md5: this.md5.digest(), crc64: this.crc.digest() }
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.store([chunk], done)
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.store(
      chunks.map(({ chunk }) => chunk),
      done,
    )
  }

  // The digests are computed while the write is under way on another thread.
  private store(chunks: Buffer[], done: (error?: Error | null) => void): void {
    for (const chunk of chunks) this.size += chunk.length
    if (this.size > this.limit.maxBytes) {
      done(this.limit.tooLarge())
      return
    }
    writeAll(this.fd, chunks, done)
    for (const chunk of chunks) {
      this.md5.update(chunk)
      this.crc.update(chunk)
    }
  }
}

function writeAll(fd: number, chunks: Buffer[], done: (error?: Error | null) => void): void {
  const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  writev(fd, chunks, (error, written) => {
    if (error || written === total) return done(error)
    writeRest(fd, Buffer.concat(chunks).subarray(written), done)
  })
}

function writeRest(fd: number, rest: Buffer, done: (error?: Error | null) => void): void {
  write(fd, rest, (error, written) => {
    if (error || written === rest.length) return done(error)
    writeRest(fd, rest.subarray(written), done)
  })
}
