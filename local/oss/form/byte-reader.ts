import type { Readable } from 'node:stream'

type Ends = { onEnd: () => Error }

/** Reads a stream up to delimiters with bounded memory. */
export class ByteReader {
  private readonly source: AsyncIterator<Buffer>
  private buffer: Buffer
  private hasEnded = false

  constructor(source: Readable, head: Buffer) {
    this.source = source.iterator({ destroyOnReturn: false })
    this.buffer = head
  }

  /**
   * Returns the bytes before `delimiter`, which is consumed; throws the error of `onEnd` at the end
   * of the stream and of `onTooLong` beyond the limit.
   */
  async until(
    delimiter: Buffer,
    { maxBytes, onEnd, onTooLong }: Ends & { maxBytes: number; onTooLong: () => Error },
  ): Promise<Buffer> {
    let searched = 0
    for (;;) {
      const at = this.buffer.indexOf(delimiter, searched)
      if ((at < 0 ? this.buffer.length - delimiter.length : at) > maxBytes) throw onTooLong()
      if (at >= 0) return this.cut(at, delimiter.length)
      searched = Math.max(0, this.buffer.length - delimiter.length + 1)
      await this.fill(onEnd)
    }
  }

  /** Yields the bytes before `delimiter` chunk by chunk, without a limit. */
  async *chunksUntil(delimiter: Buffer, { onEnd }: Ends): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.buffer.indexOf(delimiter)
      const safe = at < 0 ? this.buffer.length - this.delimiterOverlap(delimiter) : at
      const chunk = this.cut(safe, at < 0 ? 0 : delimiter.length)
      if (chunk.length > 0) yield chunk
      if (at >= 0) return
      await this.fill(onEnd)
    }
  }

  /** Returns exactly `count` bytes; throws the error of `onEnd` if there are fewer. */
  async take(count: number, { onEnd }: Ends): Promise<Buffer> {
    while (this.buffer.length < count) await this.fill(onEnd)
    return this.cut(count, 0)
  }

  /** Reads to the end and discards the bytes. */
  async skipRest(): Promise<void> {
    this.buffer = Buffer.alloc(0)
    while (!this.hasEnded) this.hasEnded = (await this.source.next()).done === true
  }

  private cut(length: number, skipped: number): Buffer {
    const bytes = this.buffer.subarray(0, length)
    this.buffer = this.buffer.subarray(length + skipped)
    return bytes
  }

  // Only bytes that may be the beginning of the delimiter wait for the next chunk, so that most
  // chunks are not copied.
  private delimiterOverlap(delimiter: Buffer): number {
    const first = delimiter[0] ?? 0
    const from = Math.max(0, this.buffer.length - delimiter.length + 1)
    for (let at = this.buffer.indexOf(first, from); at >= 0; ) {
      const rest = this.buffer.subarray(at)
      if (delimiter.subarray(0, rest.length).equals(rest)) return rest.length
      at = this.buffer.indexOf(first, at + 1)
    }
    return 0
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
