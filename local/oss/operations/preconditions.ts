import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { ObjectRecord } from '../store/records'
import type { Headers } from '../wire'

/**
 * Returns true if the client's copy is current (304); throws a 412 `OssError` if a precondition
 * fails.
 */
export function isNotModified(record: ObjectRecord, headers: Headers): boolean {
  const modified = Math.floor(record.modifiedAt / 1000) * 1000
  const since = readTime(headers['if-modified-since'])
  const unmodifiedSince = readTime(headers['if-unmodified-since'])
  const match = headers['if-match']
  const noneMatch = headers['if-none-match']
  if (match !== undefined && !matchesEtag(match, record.etag)) fail('If-Match')
  if (unmodifiedSince !== undefined && modified > unmodifiedSince) fail('If-Unmodified-Since')
  if (noneMatch !== undefined) return matchesEtag(noneMatch, record.etag)
  return since !== undefined && modified <= since
}

function fail(condition: string): never {
  throw new OssError(OBJECT.precondition, { Condition: condition })
}

// An invalid date is ignored.
function readTime(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '')
  return Number.isFinite(time) ? time : undefined
}

function matchesEtag(header: string, etag: string): boolean {
  return header
    .split(',')
    .map((item) => item.trim().replace(/^"|"$/g, ''))
    .some((item) => item === '*' || item === etag)
}
