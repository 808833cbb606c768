import type { Readable } from 'node:stream'

/** Reads a stream piece by piece up to delimiters, never holding more than it was allowed to. */
export class ByteReader {
  private readonly source: AsyncIterator<Buffer>
  private buffer: Buffer
  private hasEnded = false

  constructor(source: Readable, head: Buffer) {
    this.source = source.iterator({ destroyOnReturn: false })
    this.buffer = head
  }

  /** The bytes before `delimiter`, which is consumed; throws what `onEnd` or `onTooLong` make. */
  async until(
    delimiter: Buffer,
    { maxBytes, onEnd, onTooLong }: UntilOptions & { maxBytes: number; onTooLong: () => Error },
  ): Promise<Buffer> {
    let searched = 0
    for (;;) {
      const at = this.buffer.indexOf(delimiter, searched)
      if ((at < 0 ? this.buffer.length - delimiter.length : at) > maxBytes) throw onTooLong()
      if (at >= 0) {
        const bytes = this.buffer.subarray(0, at)
        this.buffer = this.buffer.subarray(at + delimiter.length)
        return bytes
      }
      searched = Math.max(0, this.buffer.length - delimiter.length + 1)
      await this.fill(onEnd)
    }
  }

  /** The same for any length, chunk by chunk. */
  async *chunksUntil(delimiter: Buffer, { onEnd }: UntilOptions): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.buffer.indexOf(delimiter)
      const safe = at < 0 ? Math.max(0, this.buffer.length - delimiter.length + 1) : at
      const chunk = this.buffer.subarray(0, safe)
      this.buffer = this.buffer.subarray(at < 0 ? safe : at + delimiter.length)
      if (chunk.length > 0) yield chunk
      if (at >= 0) return
      await this.fill(onEnd)
    }
  }

  /** Exactly `count` bytes. */
  async take(count: number, { onEnd }: UntilOptions): Promise<Buffer> {
    while (this.buffer.length < count) await this.fill(onEnd)
    const bytes = this.buffer.subarray(0, count)
    this.buffer = this.buffer.subarray(count)
    return bytes
  }

  /** Reads on to the end and forgets what comes. */
  async skipRest(): Promise<void> {
    this.buffer = Buffer.alloc(0)
    while (!this.hasEnded) this.hasEnded = (await this.source.next()).done === true
  }

  private async fill(onEnd: () => Error): Promise<void> {
    const next = await this.source.next()
    if (next.done) {
      this.hasEnded = true
      throw onEnd()
    }
    this.buffer = this.buffer.length === 0 ? next.value : Buffer.concat([this.buffer, next.value])
  }
}

type UntilOptions = { onEnd: () => Error }
