import * as v from 'valibot'
import { Refusal } from '../errors'
import { isContentType } from '../rules/content-type'
import { parseRequest } from '../schema/issues'
import { dictionary, exact, isObject, metadataName, printable, whole } from '../schema/schema'
import { MAX_KEY_BYTES } from './name'

const rule = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
// Bytes are counted where a key is made; characters are never more.
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_KEY_BYTES))
const contentType = v.pipe(
  v.string(),
  v.check(isContentType, 'must be a media type like image/png'),
)
const contentLength = whole(0)
const contentMd5 = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9+/]{21}[AQgw]==$/, 'must be the base64 text of 16 bytes'),
)

const metadata = dictionary(metadataName, v.pipe(v.string(), printable))
const upload = {
  rule,
  filename: name,
  contentType,
  metadata: v.exactOptional(metadata),
}

const stsWish = exact({
  rule,
  access: v.picklist(['read', 'write', 'read-write']),
  durationSeconds: v.exactOptional(whole(900, 43_200)),
})

const putWish = exact({
  operation: v.literal('put'),
  ...upload,
  contentLength: v.exactOptional(contentLength),
  contentMd5: v.exactOptional(contentMd5),
})

const multipartWish = exact({
  operation: v.literal('multipart'),
  ...upload,
  contentLength,
})

const downloadWish = exact({
  operation: v.picklist(['get', 'head']),
  rule,
  key: name,
  as: v.exactOptional(v.picklist(['inline', 'attachment'])),
  downloadName: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(255))),
  process: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(255))),
  stable: v.exactOptional(v.boolean()),
})

const formWish = exact({
  ...upload,
  contentLength: v.exactOptional(contentLength),
  successStatus: v.exactOptional(v.picklist([200, 201, 204])),
  redirect: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(1023))),
})

/** The schemas of all wishes but that for parts, which the published contract is made of. */
export const wishSchemas = {
  sts: stsWish,
  put: putWish,
  multipart: multipartWish,
  download: downloadWish,
  form: formWish,
}

/** A wish for STS credentials. */
export type StsWish = v.InferOutput<typeof stsWish> & { operation: 'sts' }
/** A wish for a URL to put one object. */
export type PutWish = v.InferOutput<typeof putWish>
/** A wish for URLs that put one object in parts. */
export type MultipartWish = v.InferOutput<typeof multipartWish>
/** A wish for a URL to get one object or its headers. */
export type DownloadWish = v.InferOutput<typeof downloadWish>
/** A wish for a form that posts one object. */
export type FormWish = v.InferOutput<typeof formWish> & { operation: 'form' }
/** A wish to write one object. */
export type UploadWish = PutWish | MultipartWish | FormWish
/** What a caller may ask for. */
export type Wish = StsWish | UploadWish | DownloadWish

/** The wish in the body of a request for STS credentials; refuses what is not one. */
export function parseStsWish(input: unknown): StsWish {
  return { operation: 'sts', ...parseRequest(stsWish, input) }
}

/** The wish in the body of a request for a signed URL; refuses what is not one. */
export function parseSignedUrlWish(input: unknown): PutWish | DownloadWish {
  // What is no object is refused like any other wish.
  const operation = isObject(input) ? input.operation : 'put'
  if (operation === 'put') return parseRequest(putWish, input)
  if (operation === 'get' || operation === 'head') return parseRequest(downloadWish, input)
  const faults = [{ path: 'operation', message: describeOperation(operation) }]
  throw new Refusal('request_malformed', {}, { faults })
}

/** The wish in the body of a request for an upload in parts; refuses what is not one. */
export function parseMultipartWish(input: unknown): MultipartWish {
  return parseRequest(multipartWish, input)
}

/** The wish in the body of a request for a form; refuses what is not one. */
export function parsePostPolicyWish(input: unknown): FormWish {
  return { operation: 'form', ...parseRequest(formWish, input) }
}

function describeOperation(given: unknown): string {
  return given === undefined ? 'is missing' : 'must be put, get, head, multipart or multipart-parts'
}
