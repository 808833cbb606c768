import { memoizeLatest } from '../memo'
import { encodeValue } from './encode'
import { MAX_LISTED_PARTS, MAX_OBJECT_BYTES, MAX_PARTS } from './limits'
import { toPartBytes } from './part-bytes'
import {
  type SignedRequest,
  signaturePairs,
  signCanonical,
  signUrl,
  toSigning,
  type UrlInput,
} from './url'
import { joinPairs, type Query } from './v4'

/** The division of an object into parts: all have `partSize` bytes except the last, which has the rest. */
export type MultipartPlan = { contentLength: number; partSize: number; partCount: number }

/** The number and the exact size of a part, and the request that uploads it. */
export type SignedPart = SignedRequest & { partNumber: number; size: number }

// V4 covers a Content-Type that is sent, and most HTTP clients add one to a body without it.
const BODY_TYPE = { 'content-type': 'application/octet-stream' }

type Signer = Omit<UrlInput, 'method' | 'query' | 'headers' | 'additionalHeaders'>

/** Input of a signed multipart request; `uploadId` is from OSS's response to `initiate`. */
export type MultipartInput = Signer & { uploadId: string }

/** Plans the parts of an object from its length in bytes, within OSS's limits; throws a RangeError for an impossible length. */
export function planParts(contentLength: number): MultipartPlan {
  const isLength = Number.isSafeInteger(contentLength) && contentLength >= 0
  if (!isLength || contentLength > MAX_OBJECT_BYTES * MAX_PARTS) {
    throw new RangeError(
      'The length of a multipart upload must be an integer within the limits of OSS',
    )
  }
  return toPlan(contentLength, toPartBytes(contentLength))
}

/** Returns the plan of an object of this length with parts of this size, both in bytes. */
export function toPlan(contentLength: number, partSize: number): MultipartPlan {
  return { contentLength, partSize, partCount: Math.max(1, Math.ceil(contentLength / partSize)) }
}

/** Returns the exact size of one part in bytes; `undefined` for a number outside the plan. @internal */
export function partBytes(plan: MultipartPlan, partNumber: number): number | undefined {
  const { contentLength, partSize, partCount } = plan
  if (!(Number.isInteger(partNumber) && partNumber >= 1 && partNumber <= partCount))
    return undefined
  return partNumber < partCount ? partSize : contentLength - (partCount - 1) * partSize
}

/** Signs the request that starts an upload, with the headers of the object (OSS: InitiateMultipartUpload). */
export function signInitiate(input: Signer & { headers: Record<string, string> }): SignedRequest {
  return signUrl({ ...input, method: 'POST', query: { uploads: '' } })
}

/** Signs one request for each of these parts, bound to its number and exact size (OSS: UploadPart). */
export function signParts(
  input: MultipartInput & { plan: MultipartPlan; partNumbers: readonly number[] },
): SignedPart[] {
  const { plan, partNumbers, uploadId, ...signer } = input
  const common = { ...signer, method: 'PUT' as const, additionalHeaders: ['content-length'] }
  const ofSize = memoizeLatest((size: number) =>
    toSigning({ ...common, headers: { 'content-length': String(size), ...BODY_TYPE } }),
  )
  const pairs = signaturePairs(common, ofSize(plan.partSize))
  const rest = joinPairs([['uploadId', encodeValue(uploadId)], ...pairs])
  return partNumbers.map((partNumber) => {
    const size = partBytes(plan, partNumber)
    if (size === undefined) throw new RangeError(`This upload has no part ${partNumber}`)
    // "partNumber" sorts before "uploadId" and the rest, so only the beginning differs from part to part.
    const { method, url, headers } = signCanonical(ofSize(size), `partNumber=${partNumber}&${rest}`)
    return { partNumber, size, method, url, headers: { ...headers } }
  })
}

/** Signs one request for every 1,000 part numbers of a plan; together they list all parts that OSS has (OSS: ListParts). */
export function signLists({
  partCount,
  ...input
}: MultipartInput & Pick<MultipartPlan, 'partCount'>): [SignedRequest, ...SignedRequest[]] {
  const pages = Math.ceil(partCount / MAX_LISTED_PARTS)
  // A response lists the first 1,000 parts above its marker, so every part up to the next marker is included.
  const others = Array.from({ length: Math.max(0, pages - 1) }, (_, index) =>
    signList(input, { 'part-number-marker': String((index + 1) * MAX_LISTED_PARTS) }),
  )
  return [signList(input, {}), ...others]
}

function signList({ uploadId, ...signer }: MultipartInput, marker: Query): SignedRequest {
  const query = { uploadId, 'max-parts': String(MAX_LISTED_PARTS), ...marker }
  return signUrl({ ...signer, method: 'GET', query })
}

/**
 * Signs the request that completes an upload from all its parts without listing them, so that the client does not need
 * their ETags (OSS: CompleteMultipartUpload, x-oss-complete-all).
 */
export function signComplete(
  input: MultipartInput & {
    callback?: { callback: string; callbackVar: string }
    overwrite: boolean
  },
): SignedRequest {
  const { uploadId, callback, overwrite, ...signer } = input
  return signUrl({
    ...signer,
    method: 'POST',
    query: {
      uploadId,
      ...(callback && { callback: callback.callback, 'callback-var': callback.callbackVar }),
    },
    headers: {
      ...BODY_TYPE,
      'x-oss-complete-all': 'yes',
      ...(!overwrite && { 'x-oss-forbid-overwrite': 'true' }),
    },
  })
}

/** Signs the request that aborts an upload and deletes its parts (OSS: AbortMultipartUpload). */
export function signAbort({ uploadId, ...signer }: MultipartInput): SignedRequest {
  return signUrl({ ...signer, method: 'DELETE', query: { uploadId } })
}
