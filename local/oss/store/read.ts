import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { Segment } from './records'

const CHUNK_BYTES = 256 * 1024

/** A stream over a range of several files, one after the other; `release` is called once at its end. */
export function readSegments(
  segments: readonly Segment[],
  options: {
    start: number
    end: number
    pathOf: (blob: string) => string
    release: () => void
  },
): Readable {
  const stream = Readable.from(chunks(segments, options), { objectMode: false })
  return stream.once('close', options.release)
}

async function* chunks(
  segments: readonly Segment[],
  { start, end, pathOf }: { start: number; end: number; pathOf: (blob: string) => string },
): AsyncGenerator<Buffer> {
  let offset = 0
  for (const { blob, size } of segments) {
    const [from, to] = [Math.max(start - offset, 0), Math.min(end - offset, size - 1)]
    offset += size
    if (from > to) continue
    const options = { start: from, end: to, highWaterMark: CHUNK_BYTES }
    for await (const chunk of createReadStream(pathOf(blob), options)) yield chunk
  }
}
