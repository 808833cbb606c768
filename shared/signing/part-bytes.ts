import { MAX_LISTED_PARTS, MAX_OBJECT_BYTES } from './limits'

const MiB = 1024 ** 2
const LEAST_BYTES = 8 * MiB

/**
 * Returns the part size in bytes for an object of this length: from 8 MiB to 5 GB, and at most 1,000 parts where possible,
 * so that one ListParts response lists them all.
 */
export function toPartBytes(contentLength: number): number {
  const partBytes = Math.ceil(contentLength / MAX_LISTED_PARTS / MiB) * MiB
  return Math.min(Math.max(partBytes, LEAST_BYTES), MAX_OBJECT_BYTES)
}
