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

/** How an object is cut into parts: all of `partSize` bytes but the last, which has the rest. */
export type MultipartPlan = { contentLength: number; partSize: number; partCount: number }

/** A part's number, its exact size and the request that uploads it. */
export type SignedPart = SignedRequest & { partNumber: number; size: number }

// V4 covers a Content-Type that is sent, and most HTTP clients send one of their own with a body that has none.
const BODY_TYPE = { 'content-type': 'application/octet-stream' }

type Signer = Omit<UrlInput, 'method' | 'query' | 'headers' | 'additionalHeaders'>

/** What a signed multipart request is about; `uploadId` comes from OSS's answer to `initiate`. */
export type MultipartInput = Signer & { uploadId: string }

/** Cuts an object of this length into parts that its length alone decides, never above OSS's limits. */
export function planParts(contentLength: number): MultipartPlan {
  const isLength = Number.isSafeInteger(contentLength) && contentLength >= 0
  if (!isLength || contentLength > MAX_OBJECT_BYTES * MAX_PARTS) {
    throw new RangeError('No multipart upload has this length')
  }
  return toPlan(contentLength, toPartBytes(contentLength))
}

/** The plan of a length already cut into parts of this size. */
export function toPlan(contentLength: number, partSize: number): MultipartPlan {
  return { contentLength, partSize, partCount: Math.max(1, Math.ceil(contentLength / partSize)) }
}

/** The exact bytes of one part; `undefined` for a number outside the plan. @internal */
export function partBytes(plan: MultipartPlan, partNumber: number): number | undefined {
  const { contentLength, partSize, partCount } = plan
  if (!(Number.isInteger(partNumber) && partNumber >= 1 && partNumber <= partCount))
    return undefined
  return partNumber < partCount ? partSize : contentLength - (partCount - 1) * partSize
}

/** The request that begins an upload; the object's own headers go here (OSS: InitiateMultipartUpload). */
export function signInitiate(input: Signer & { headers: Record<string, string> }): SignedRequest {
  return signUrl({ ...input, method: 'POST', query: { uploads: '' } })
}

/** One request for each of these parts, bound to its number and its exact size (OSS: UploadPart). */
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
    if (size === undefined) throw new RangeError(`No part ${partNumber} in this upload`)
    // "partNumber" sorts before "uploadId" and all that follows, so only it changes from part to part.
    const { method, url, headers } = signCanonical(ofSize(size), `partNumber=${partNumber}&${rest}`)
    return { partNumber, size, method, url, headers: { ...headers } }
  })
}

/** A request for every 1,000 part numbers of a plan: together they list all of its parts that OSS has (OSS: ListParts). */
export function signLists({
  partCount,
  ...input
}: MultipartInput & Pick<MultipartPlan, 'partCount'>): [SignedRequest, ...SignedRequest[]] {
  const pages = Math.ceil(partCount / MAX_LISTED_PARTS)
  // An answer names the first 1,000 parts above its marker, so none up to the next marker is left out.
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
 * The request that makes the object of all its parts, without a list of them, so that no ETag need be readable
 * (OSS: CompleteMultipartUpload, x-oss-complete-all).
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

/** The request that gives an upload up and frees its parts (OSS: AbortMultipartUpload). */
export function signAbort({ uploadId, ...signer }: MultipartInput): SignedRequest {
  return signUrl({ ...signer, method: 'DELETE', query: { uploadId } })
}
