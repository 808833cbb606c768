import { createReadStream, type ReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { Segment } from './records'

// Larger reads halve the turns of the event loop; more than this gains nothing.
const READ_BYTES = 256 * 1024

/** A range of an object, both ends included, and where its blobs are. */
export type Reading = { start: number; end: number; pathOf: (blob: string) => string }

/**
 * A stream over a range of several files, one after the other; `release` is called once, when it
 * has ended or is destroyed, and who asked for it sees to one of them.
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
  // A file may fail to open before anybody listens, or when nobody wants it any more.
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
