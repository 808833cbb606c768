import * as v from 'valibot'

import { dictionary, integer, metadataName, strictObject } from '../schema/schema'
import { MAX_KEY_BYTES, MAX_LISTED_OBJECTS } from '../signing/limits'

import { isContentType } from './content-type'

/** The access of an STS session to its prefix. */
export type Access = 'read' | 'write' | 'read-write'

const rule = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
// The bytes are counted when a key is built; the characters are never more.
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_KEY_BYTES))
const contentType = v.pipe(
  v.string(),
  v.check(isContentType, 'must be a media type such as image/png'),
)
const contentLength = integer(0)
const contentMd5 = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9+/]{21}[AQgw]==$/, 'must be 16 bytes in base64'),
)

// Any script: characters outside ASCII are encoded for the header that stores them.
const metadataValue = v.regex<string, string>(
  /^(?! )[^\p{Cc}\p{Cs}]+(?<! )$/u,
  'must not contain control characters, or a space at either end',
)
const metadata = dictionary(metadataName, v.pipe(v.string(), metadataValue))
const upload = {
  rule,
  filename: name,
  contentType,
  metadata: v.exactOptional(metadata),
}

/** The body of a request for STS credentials. */
export const stsRequestSchema = strictObject({
  rule,
  access: v.picklist(['read', 'write', 'read-write']),
  durationSeconds: v.exactOptional(integer(900, 43_200)),
})

/** The body of a request for a URL that uploads one object. */
export const putRequestSchema = strictObject({
  operation: v.literal('put'),
  ...upload,
  contentLength: v.exactOptional(contentLength),
  contentMd5: v.exactOptional(contentMd5),
})

/** The body of a request for a multipart upload by URL. */
export const multipartRequestSchema = strictObject({
  operation: v.literal('multipart'),
  ...upload,
  contentLength,
})

/** The body of a request for a URL that downloads one object or its headers. */
export const downloadRequestSchema = strictObject({
  operation: v.picklist(['get', 'head']),
  rule,
  key: name,
  as: v.exactOptional(v.picklist(['inline', 'attachment'])),
  downloadName: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(255))),
  process: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(255))),
  stable: v.exactOptional(v.boolean()),
})

/** The body of a request for a form that posts one object. */
export const formRequestSchema = strictObject({
  ...upload,
  contentLength: v.exactOptional(contentLength),
  successStatus: v.exactOptional(v.picklist([200, 201, 204])),
  redirect: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(1023))),
})

/** The body of a request for a URL that lists the caller's folder, or a folder in it. */
export const listRequestSchema = strictObject({
  operation: v.literal('list'),
  rule,
  path: v.exactOptional(name),
  after: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^[!-~]{1,1364}$/, 'must be a NextContinuationToken that OSS returned'),
    ),
  ),
  limit: v.exactOptional(integer(1, MAX_LISTED_OBJECTS)),
})

/** The body of a request for a URL that deletes one object. */
export const deleteRequestSchema = strictObject({
  operation: v.literal('delete'),
  rule,
  key: name,
})

/** The body of a request for the rules that a caller may use. */
export const rulesRequestSchema = strictObject({ operation: v.literal('rules') })

/** A request for STS credentials. */
export type StsRequest = v.InferOutput<typeof stsRequestSchema> & { operation: 'sts' }
/** A request for a URL that uploads one object. */
export type PutRequest = v.InferOutput<typeof putRequestSchema>
/** A request for a multipart upload by URL. */
export type MultipartRequest = v.InferOutput<typeof multipartRequestSchema>
/** A request for a URL that downloads one object or its headers. */
export type DownloadRequest = v.InferOutput<typeof downloadRequestSchema>
/** A request for a form that posts one object. */
export type FormRequest = v.InferOutput<typeof formRequestSchema> & { operation: 'form' }
/** A request for a form whose client names the objects itself, below the caller's prefix. */
export type PrefixFormRequest = {
  operation: 'prefix-form'
  rule: string
  contentType?: string
  contentLength?: number
}
/** A request for a URL that lists the caller's folder. */
export type ListRequest = v.InferOutput<typeof listRequestSchema>
/** A request for a URL that deletes one object. */
export type DeleteRequest = v.InferOutput<typeof deleteRequestSchema>
/** A request for the rules that a caller may use, as the `allow` of each rule receives it. */
type RulesRequest = v.InferOutput<typeof rulesRequestSchema> & { rule: string }
/** A request to write one object. */
export type UploadRequest = PutRequest | MultipartRequest | FormRequest
/** Any request that a rule decides. */
export type CallerRequest =
  | StsRequest
  | UploadRequest
  | PrefixFormRequest
  | DownloadRequest
  | ListRequest
  | DeleteRequest
/** Any request that the `allow` of a rule receives. */
export type AllowRequest = CallerRequest | RulesRequest
