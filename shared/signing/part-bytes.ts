import { MAX_OBJECT_BYTES } from '../rules/rule'

const MiB = 1024 ** 2
const MIN_BYTES = 8 * MiB
// One ListParts answer names 1,000 parts, so a client that resumes needs one request.
const WANTED_PARTS = 1000

/** How large the parts of an object of this length are: at least 8 MiB, 1,000 of them if that is enough, at most 5 GB. */
export function toPartBytes(contentLength: number): number {
  const wanted = Math.ceil(contentLength / WANTED_PARTS / MiB) * MiB
  return Math.min(Math.max(wanted, MIN_BYTES), MAX_OBJECT_BYTES)
}
