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

/** How many requests one batch may hold. */
export const MAX_BATCH = 100
/** How many parts one HTTP request may ask for, over all requests of its batch. */
export const MAX_REQUESTED_PARTS = 1000

/** The body of a request for the URLs of an upload's parts. */
export const partsRequestSchema = strictObject({
  operation: v.literal('multipart-parts'),
  ticket: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TICKET_CHARACTERS)),
  uploadId: v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9]{1,64}$/, 'must be the UploadId that OSS gave'),
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

/** A body with several requests; each of them is parsed by itself. */
export const batchSchema = strictObject({
  requests: v.pipe(v.array(v.unknown()), v.minLength(1), v.maxLength(MAX_BATCH)),
})

/** A request for the URLs of an upload's parts. */
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
/** Several requests for signed URLs, not parsed yet. */
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

/** Parses the body of a request for STS credentials. */
export function parseStsRequest(body: unknown): StsRequest {
  return { operation: 'sts', ...parseRequest(stsRequestSchema, body) }
}

/** Parses the body of a request for a form. */
export function parseFormRequest(body: unknown): FormRequest {
  return { operation: 'form', ...parseRequest(formRequestSchema, body) }
}

/** Parses the body of a request to `signed-url`: one request, or a batch whose requests are still to be parsed. */
export function parseSignedUrlBody(body: unknown): SignedUrlRequest | BatchRequest {
  if (!isObject(body) || !('requests' in body)) return parseSignedUrlRequest(body)
  return { operation: 'batch', ...parseRequest(batchSchema, body) }
}

/** Parses one request for signed URLs. */
export function parseSignedUrlRequest(input: unknown): SignedUrlRequest {
  // Anything but an object is refused with the issue that every schema has for it.
  const operation = isObject(input) ? input.operation : 'put'
  if (isOperation(operation)) return parseRequest(SIGNED_URL_SCHEMAS[operation], input)
  const names = Object.keys(SIGNED_URL_SCHEMAS)
  const choices = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
  throw toMalformed('operation', operation === undefined ? 'is missing' : `must be ${choices}`)
}

function isOperation(name: unknown): name is SignedUrlRequest['operation'] {
  return typeof name === 'string' && Object.hasOwn(SIGNED_URL_SCHEMAS, name)
}
