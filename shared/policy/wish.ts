import * as z from 'zod/mini'
import { Refusal } from '../errors'
import { isContentType } from './content-type'
import { describeIssue, toFaults } from './faults'
import { MAX_KEY_BYTES } from './name'

const rule = z.string().check(z.minLength(1), z.maxLength(64))
// Bytes are counted where a key is made; characters are never more.
const name = z.string().check(z.minLength(1), z.maxLength(MAX_KEY_BYTES))
const contentType = z.string().check(z.refine(isContentType, 'must be a media type like image/png'))
const contentLength = z.int().check(z.gte(0))
const contentMd5 = z
  .string()
  .check(z.regex(/^[A-Za-z0-9+/]{21}[AQgw]==$/, 'must be the base64 text of 16 bytes'))

const metadata = z.record(
  z.string().check(z.regex(/^[a-z0-9-]{1,64}$/, 'must be of lower-case letters, digits and -')),
  z.string().check(z.regex(/^[!-~](?:[ -~]*[!-~])?$/, 'must be plain printable text')),
)
const upload = {
  rule,
  filename: name,
  contentType,
  metadata: z.exactOptional(metadata),
}

const stsWish = z.strictObject({
  rule,
  access: z.enum(['read', 'write', 'read-write']),
  durationSeconds: z.exactOptional(z.int().check(z.gte(900), z.lte(43_200))),
})

const putWish = z.strictObject({
  operation: z.literal('put'),
  ...upload,
  contentLength: z.exactOptional(contentLength),
  contentMd5: z.exactOptional(contentMd5),
})

const multipartWish = z.strictObject({
  operation: z.literal('multipart'),
  ...upload,
  contentLength,
})

const downloadWish = z.strictObject({
  operation: z.enum(['get', 'head']),
  rule,
  key: name,
  as: z.exactOptional(z.enum(['inline', 'attachment'])),
  downloadName: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(255))),
  process: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(255))),
  stable: z.exactOptional(z.boolean()),
})

const formWish = z.strictObject({
  ...upload,
  contentLength: z.exactOptional(contentLength),
  successStatus: z.exactOptional(z.literal([200, 201, 204])),
  redirect: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(1023))),
})

const urlWish = z.discriminatedUnion('operation', [putWish, downloadWish], {
  error: ({ code, input }) =>
    code === 'invalid_union' ? describeOperation(input) : 'must be an object',
})

/** A wish for STS credentials. */
export type StsWish = z.output<typeof stsWish> & { operation: 'sts' }
/** A wish for a URL to put one object. */
export type PutWish = z.output<typeof putWish>
/** A wish for URLs that put one object in parts. */
export type MultipartWish = z.output<typeof multipartWish>
/** A wish for a URL to get one object or its headers. */
export type DownloadWish = z.output<typeof downloadWish>
/** A wish for a form that posts one object. */
export type FormWish = z.output<typeof formWish> & { operation: 'form' }
/** A wish to write one object. */
export type UploadWish = PutWish | MultipartWish | FormWish
/** What a caller may ask for. */
export type Wish = StsWish | UploadWish | DownloadWish

/** The wish in the body of a request for STS credentials; refuses what is not one. */
export function parseStsWish(input: unknown): StsWish {
  return { operation: 'sts', ...parse(stsWish, input) }
}

/** The wish in the body of a request for a signed URL; refuses what is not one. */
export function parseSignedUrlWish(input: unknown): PutWish | DownloadWish {
  return parse(urlWish, input)
}

/** The wish in the body of a request for an upload in parts; refuses what is not one. */
export function parseMultipartWish(input: unknown): MultipartWish {
  return parse(multipartWish, input)
}

/** The wish in the body of a request for a form; refuses what is not one. */
export function parsePostPolicyWish(input: unknown): FormWish {
  return { operation: 'form', ...parse(formWish, input) }
}

function parse<S extends z.ZodMiniType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input, { error: describeIssue })
  if (parsed.success) return parsed.data
  throw new Refusal('request_malformed', {}, { faults: toFaults(parsed.error.issues) })
}

function describeOperation(input: unknown): string {
  const given = (input as { operation?: unknown }).operation
  return given === undefined ? 'is missing' : 'must be put, get, head, multipart or multipart-parts'
}
