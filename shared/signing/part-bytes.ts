import { MAX_LISTED_PARTS, MAX_OBJECT_BYTES } from './limits'

const MiB = 1024 ** 2
const LEAST_BYTES = 8 * MiB

/**
 * The size of the parts of an object of this length: at least 8 MiB, at most 5 GB, and 1,000 parts if that is enough, so
 * that one ListParts answer names them all.
 */
export function toPartBytes(contentLength: number): number {
  const wanted = Math.ceil(contentLength / MAX_LISTED_PARTS / MiB) * MiB
  return Math.min(Math.max(wanted, LEAST_BYTES), MAX_OBJECT_BYTES)
}
