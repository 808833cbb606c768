import { createReadStream, type ReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { Segment } from './records'

// Smaller reads need twice the turns of the event loop; larger ones gain nothing.
const READ_BYTES = 256 * 1024

/** A range of an object, inclusive, and the paths of its blobs. */
export type Reading = { start: number; end: number; pathOf: (blob: string) => string }

/**
 * Returns a stream over a range of several files in sequence. `release` is called once the stream
 * closes; the caller must read it to its end or destroy it.
 */
export function readSegments(
  segments: readonly Segment[],
  { release, ...reading }: Reading & { release: () => void },
): Readable {
  const pieces = [...toPieces(segments, reading)]
  const [only] = pieces
  const stream =
    only && pieces.length === 1
      ? openPiece(only)
      : Readable.from(inTurn(pieces), { objectMode: false })
  // A file may fail to open before a listener is attached, or when the stream is no longer needed.
  return stream.once('close', release).on('error', () => undefined)
}

type Piece = { path: string; start: number; end: number }

function* toPieces(
  segments: readonly Segment[],
  { start, end, pathOf }: Reading,
): Generator<Piece> {
  let offset = 0
  for (const { blob, size } of segments) {
    const [from, to] = [Math.max(start - offset, 0), Math.min(end - offset, size - 1)]
    if (from <= to) yield { path: pathOf(blob), start: from, end: to }
    offset += size
  }
}

async function* inTurn(pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield* openPiece(piece)
}

function openPiece({ path, start, end }: Piece): ReadStream {
  return createReadStream(path, { start, end, highWaterMark: READ_BYTES })
}
