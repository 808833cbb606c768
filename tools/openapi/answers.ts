import type { plainCallback } from '../../shared/callback/parameter'
import { MAX_BATCH } from '../../shared/policy/parse-request'
import { MAX_PARTS } from '../../shared/signing/limits'
import type { SignedPart } from '../../shared/signing/multipart'
import type { SignedRequest } from '../../shared/signing/url'
import type { AssumedRole } from '../../shared/sts/sts-sdk'
import type { RuleDescription } from '../../shared/urls/describe-rules'
import type { ListUrl } from '../../shared/urls/list'
import type { signMultipart, signMultipartParts } from '../../shared/urls/multipart'
import type { ObjectUrl } from '../../shared/urls/object'
import type { JsonSchema } from '../json-schema'
import { dialectSchemas } from './dialects'
import { refer } from './refer'
import { count, exact, flag, text, texts, time } from './shapes'
import { webFormSchemas } from './web-forms'

const HEADERS =
  'Exactly the headers to send; `content-length` may be left to a client that sets it itself.'
const key = text("The object's key.")
const url = text('The URL of the request.')
const headers = { ...texts, description: HEADERS }
const expiresAt = time('The expiry; OSS refuses it from then on.')
const serverTime = time('The time of the server, for a client with a wrong clock.')

function signed(method: SignedRequest['method'], description: string): JsonSchema {
  const properties = { method: { type: 'string', const: method }, url, headers }
  return { ...exact<SignedRequest>(properties), description }
}

const credentials = exact<AssumedRole>({
  accessKeyId: text('The id of the AccessKey.'),
  accessKeySecret: text('The secret of the AccessKey.'),
  securityToken: text('The security token of the AccessKey.'),
  expiration: time('The expiry of the credentials.'),
})

const callback = exact<ReturnType<typeof plainCallback>>(
  {
    callbackUrl: text('The URL that OSS calls after the upload.'),
    callbackBody: text('The body of the callback, with the variables of OSS.'),
    callbackBodyType: { type: 'string', const: 'application/json' },
    callbackSNI: { type: 'boolean', const: true, description: 'Present for an https URL.' },
    callbackVar: exact<{ 'x:ticket': string }>({ 'x:ticket': text('The ticket of the upload.') }),
  },
  ['callbackSNI'],
)

type StsAnswer = {
  credentials: AssumedRole
  bucket: string
  region: string
  endpoint: string
  prefix: string
  headers?: Record<string, string>
  callback?: ReturnType<typeof plainCallback>
  refreshAfter: string
  serverTime: string
}

const stsAnswer = exact<StsAnswer>(
  {
    credentials,
    bucket: text('The bucket of the credentials.'),
    region: text('The region of the bucket.'),
    endpoint: text('The endpoint of OSS.'),
    prefix: text("The caller's prefix: the credentials give no access to other keys."),
    headers: { ...texts, description: 'The headers to send with each upload, for write access.' },
    callback: { ...callback, description: 'The callback for uploads; present for write access.' },
    refreshAfter: time('The time to request new credentials.'),
    serverTime,
  },
  ['headers', 'callback'],
)

type FormAnswer = {
  method: 'POST'
  url: string
  fields: Record<string, string>
  key: string
  maxBytes: number
  expiresAt: string
  serverTime: string
}

const formAnswer = exact<FormAnswer>({
  method: { type: 'string', const: 'POST' },
  url,
  fields: { ...texts, description: 'The fields to send, all of them, and `file` last.' },
  key,
  maxBytes: count('The largest file that OSS accepts, in bytes.'),
  expiresAt,
  serverTime,
})

const part = exact<SignedPart>({
  partNumber: { type: 'integer', minimum: 1, maximum: MAX_PARTS, description: 'The part number.' },
  size: count('Its exact size in bytes.'),
  method: { type: 'string', const: 'PUT' },
  url,
  headers,
})

const ttlSeconds = count('The lifetime of a URL, a form or credentials.')
const list = (description: string) => ({ type: 'array', items: { type: 'string' }, description })
const described = exact<RuleDescription>(
  {
    name: text('The name of the rule.'),
    upload: exact<NonNullable<RuleDescription['upload']>>(
      {
        mechanisms: list('The mechanisms for uploads: `sts`, `url`, `form`.'),
        contentTypes: list('The allowed media types, such as `image/*`.'),
        minBytes: count('The minimum size in bytes; present if the rule limits sizes.'),
        maxBytes: count('The maximum size in bytes; present if the rule limits sizes.'),
        ttlSeconds,
        overwrite: flag('True if an upload may replace an object.'),
        multipart: flag('True if the rule allows multipart uploads by URL.'),
        needsMd5: flag('True if `contentMd5` is required.'),
        metadata: {
          type: 'object',
          additionalProperties: { type: 'integer' },
          description: 'The maximum length of the value of each name of user metadata, in bytes.',
        },
      },
      ['minBytes', 'maxBytes'],
    ),
    download: exact<NonNullable<RuleDescription['download']>>(
      {
        mechanisms: list('The mechanisms for downloads: `sts`, `url`.'),
        ttlSeconds,
        as: {
          type: 'string',
          enum: ['inline', 'attachment'],
          description: 'How browsers handle the object: displayed, or saved as a file.',
        },
        styles: list('The image styles that a caller may use.'),
      },
      ['as'],
    ),
    list: exact<{ ttlSeconds: number }>({ ttlSeconds }),
    remove: exact<{ ttlSeconds: number }>({ ttlSeconds }),
  },
  ['upload', 'download', 'list', 'remove'],
)

/** The response to one request for signed URLs, without the server's time. */
const URL_ANSWERS = {
  SignedUrl: exact<ObjectUrl>({
    method: { type: 'string', enum: ['PUT', 'GET', 'HEAD', 'DELETE'] },
    url,
    headers,
    key,
    expiresAt,
  }),
  MultipartPlan: exact<Awaited<ReturnType<typeof signMultipart>>>({
    key,
    ticket: text('The ticket for signing parts.'),
    partSize: count('The size in bytes of every part but the last.'),
    partCount: count('The number of parts.'),
    initiate: signed('POST', 'Initiates the upload; OSS returns its UploadId.'),
    expiresAt,
    ticketExpiresAt: time('The expiry of the ticket.'),
  }),
  PartUrls: exact<Awaited<ReturnType<typeof signMultipartParts>>>({
    parts: { type: 'array', items: part, description: 'One request for each part.' },
    list: signed('GET', 'The first of `lists`.'),
    lists: {
      type: 'array',
      items: signed('GET', 'Lists up to 1,000 of the parts that OSS has.'),
      minItems: 1,
      description: 'One for every 1,000 part numbers; together they list all parts that OSS has.',
    },
    complete: signed('POST', 'Completes the upload.'),
    abort: signed('DELETE', 'Aborts the upload and deletes its parts.'),
    expiresAt,
  }),
  ListUrl: exact<ListUrl>({
    method: { type: 'string', const: 'GET' },
    url,
    headers,
    prefix: text('The folder that it lists.'),
    expiresAt,
  }),
  CallerRules: exact<{ rules: RuleDescription[] }>({
    rules: { type: 'array', items: described, description: 'The rules that the caller may use.' },
  }),
} as const satisfies Record<string, JsonSchema>

const URL_NAMES = Object.keys(URL_ANSWERS)

function addServerTime({ properties, required, ...rest }: JsonSchema): JsonSchema {
  const names = [...(required as string[]), 'serverTime']
  return { ...rest, properties: { ...properties, serverTime }, required: names }
}

const results = {
  type: 'array',
  items: { oneOf: [...URL_NAMES.map((name) => refer(`${name}Result`)), refer('Problem')] },
  minItems: 1,
  maxItems: MAX_BATCH,
  description: 'The responses in the order of the requests; a problem document if refused.',
}

/** The callback's response, which OSS returns to the uploader; the rule's `respond` may add members. */
const proven: JsonSchema = {
  type: 'object',
  properties: {
    status: { type: 'string', const: 'ok' },
    key,
    size: count('The size in bytes.'),
    etag: text('The ETag of the object.'),
    contentType: text('The media type of the object.'),
  },
  required: ['status', 'key', 'size', 'etag', 'contentType'],
}

/** Returns the schemas of all responses except problem documents. */
export function answerSchemas(): Record<string, JsonSchema> {
  const alone = Object.entries(URL_ANSWERS).map(([name, schema]) => [name, addServerTime(schema)])
  const among = Object.entries(URL_ANSWERS).map(([name, schema]) => [`${name}Result`, schema])
  return {
    NativeStsAnswer: stsAnswer,
    ...dialectSchemas(callback),
    StsAnswer: { oneOf: ['NativeStsAnswer', 'AliOssOptions', 'Link'].map(refer) },
    ...Object.fromEntries([...alone, ...among]),
    BatchAnswer: exact<{ results: unknown[]; serverTime: string }>({ results, serverTime }),
    SignedUrlAnswer: { oneOf: [...URL_NAMES, 'BatchAnswer'].map(refer) },
    NativeForm: formAnswer,
    ...webFormSchemas(),
    FormAnswer: { oneOf: ['NativeForm', 'WebV4Form', 'WebV1Form'].map(refer) },
    ProvenUpload: proven,
  }
}
