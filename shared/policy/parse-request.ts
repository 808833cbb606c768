import * as v from 'valibot'
import {
  type DeleteRequest,
  type DownloadRequest,
  deleteRequestSchema,
  downloadRequestSchema,
  type FormRequest,
  formRequestSchema,
  type ListRequest,
  listRequestSchema,
  type MultipartRequest,
  multipartRequestSchema,
  type PutRequest,
  putRequestSchema,
  rulesRequestSchema,
  type StsRequest,
  stsRequestSchema,
} from '../rules/requests'
import { parseRequest, toMalformed } from '../schema/issues'
import { integer, isFirst, isObject, strictObject } from '../schema/schema'
import { MAX_PARTS } from '../signing/limits'
import { MAX_TICKET_CHARACTERS } from './signed-ticket'

/** The maximum number of requests in one batch. */
export const MAX_BATCH = 100
/** The maximum number of parts in one HTTP request, over all requests of its batch. */
export const MAX_REQUESTED_PARTS = 1000

/** The body of a request for the URLs of the parts of an upload. */
export const partsRequestSchema = strictObject({
  operation: v.literal('multipart-parts'),
  ticket: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TICKET_CHARACTERS)),
  uploadId: v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9]{1,64}$/, 'must be an UploadId that OSS returned'),
  ),
  partNumbers: v.exactOptional(
    v.pipe(
      v.array(integer(1, MAX_PARTS)),
      v.minLength(1),
      v.maxLength(MAX_REQUESTED_PARTS),
      v.checkItems<number[], string>(isFirst, 'is listed more than once'),
    ),
  ),
})

/** A body with several requests; each is parsed separately. */
export const batchSchema = strictObject({
  requests: v.pipe(v.array(v.unknown()), v.minLength(1), v.maxLength(MAX_BATCH)),
})

/** A request for the URLs of the parts of an upload. */
export type PartsRequest = v.InferOutput<typeof partsRequestSchema>
/** One request for signed URLs. */
export type SignedUrlRequest =
  | PutRequest
  | DownloadRequest
  | MultipartRequest
  | PartsRequest
  | ListRequest
  | DeleteRequest
  | v.InferOutput<typeof rulesRequestSchema>
/** Several requests for signed URLs, not yet parsed. */
export type BatchRequest = { operation: 'batch'; requests: readonly unknown[] }

const SIGNED_URL_SCHEMAS = {
  put: putRequestSchema,
  get: downloadRequestSchema,
  head: downloadRequestSchema,
  multipart: multipartRequestSchema,
  'multipart-parts': partsRequestSchema,
  list: listRequestSchema,
  delete: deleteRequestSchema,
  rules: rulesRequestSchema,
} as const satisfies Record<SignedUrlRequest['operation'], v.GenericSchema>

/** Parses the body of a request for STS credentials; throws `request_malformed`. */
export function parseStsRequest(body: unknown): StsRequest {
  return { operation: 'sts', ...parseRequest(stsRequestSchema, body) }
}

/** Parses the body of a request for a form; throws `request_malformed`. */
export function parseFormRequest(body: unknown): FormRequest {
  return { operation: 'form', ...parseRequest(formRequestSchema, body) }
}

/**
 * Parses the body of a request to `signed-url`: one request, or a batch whose requests are not yet parsed; throws
 * `request_malformed`.
 */
export function parseSignedUrlBody(body: unknown): SignedUrlRequest | BatchRequest {
  if (!isObject(body) || !('requests' in body)) return parseSignedUrlRequest(body)
  return { operation: 'batch', ...parseRequest(batchSchema, body) }
}

/** Parses one request for signed URLs; throws `request_malformed`. */
export function parseSignedUrlRequest(input: unknown): SignedUrlRequest {
  // Every schema refuses a value that is not an object with the same issue.
  const operation = isObject(input) ? input.operation : 'put'
  if (isOperation(operation)) return parseRequest(SIGNED_URL_SCHEMAS[operation], input)
  const names = Object.keys(SIGNED_URL_SCHEMAS)
  const choices = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
  throw toMalformed('operation', operation === undefined ? 'is missing' : `must be ${choices}`)
}

function isOperation(name: unknown): name is SignedUrlRequest['operation'] {
  return typeof name === 'string' && Object.hasOwn(SIGNED_URL_SCHEMAS, name)
}
