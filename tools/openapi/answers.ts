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
import { refer } from './refer'

const text = (description: string) => ({ type: 'string', description })
const count = (description: string) => ({ type: 'integer', minimum: 0, description })
const yes = { type: 'boolean', const: true }
const texts = { type: 'object', additionalProperties: { type: 'string' } }
const time = (description: string) => ({
  type: 'string',
  format: 'date-time',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$',
  description,
})

const HEADERS =
  'Exactly the headers to send; where the client sets `content-length` itself, its own will do.'
const key = text("The object's key.")
const url = text('Where to send the request.')
const headers = { ...texts, description: HEADERS }
const expiresAt = time('When it ends; OSS refuses it from then on.')
const serverTime = time('The time of the server, for a client whose clock is wrong.')

/** An object of exactly these members, those of the answer's type. */
function exact<Answer>(
  properties: Record<keyof Answer, JsonSchema>,
  optional: readonly (keyof Answer)[] = [],
): JsonSchema {
  const names = Object.keys(properties)
  return {
    type: 'object',
    properties,
    required: names.filter((name) => !optional.some((other) => other === name)),
    additionalProperties: false,
  }
}

function signed(method: SignedRequest['method'], description: string): JsonSchema {
  const properties = { method: { type: 'string', const: method }, url, headers }
  return { ...exact<SignedRequest>(properties), description }
}

const credentials = exact<AssumedRole>({
  accessKeyId: text('The id of the AccessKey.'),
  accessKeySecret: text('Its secret.'),
  securityToken: text('The token that goes with it.'),
  expiration: time('When OSS refuses them.'),
})

const callback = exact<ReturnType<typeof plainCallback>>(
  {
    callbackUrl: text('Where OSS tells of the upload.'),
    callbackBody: text('What it says, with the variables of OSS.'),
    callbackBodyType: { type: 'string', const: 'application/json' },
    callbackSNI: { ...yes, description: 'There for an https URL.' },
    callbackVar: exact<{ 'x:ticket': string }>({ 'x:ticket': text('What proves the upload.') }),
  },
  ['callbackSNI'],
)

type StsAnswer = {
  credentials: AssumedRole
  bucket: string
  region: string
  endpoint: string
  prefix: string
  callback?: ReturnType<typeof plainCallback>
  refreshAfter: string
  serverTime: string
}

const stsAnswer = exact<StsAnswer>(
  {
    credentials,
    bucket: text('The bucket that they are for.'),
    region: text('Its region.'),
    endpoint: text('Where OSS answers.'),
    prefix: text("The caller's own prefix: no key outside it can be reached."),
    callback: { ...callback, description: 'To give to an upload; there when they may write.' },
    refreshAfter: time('When to ask for the next ones.'),
    serverTime,
  },
  ['callback'],
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
  maxBytes: count('The largest file that OSS takes.'),
  expiresAt,
  serverTime,
})

const part = exact<SignedPart>({
  partNumber: { type: 'integer', minimum: 1, maximum: MAX_PARTS, description: 'Which part it is.' },
  size: count('Its exact size in bytes.'),
  method: { type: 'string', const: 'PUT' },
  url,
  headers,
})

const ttlSeconds = count('How long a URL, a form or credentials live.')
const list = (description: string) => ({ type: 'array', items: { type: 'string' }, description })
const described = exact<RuleDescription>(
  {
    name: text('The name of the rule.'),
    upload: exact<NonNullable<RuleDescription['upload']>>(
      {
        mechanisms: list('How an upload may be permitted: `sts`, `url`, `form`.'),
        contentTypes: list('The media types that it takes, such as `image/*`.'),
        minBytes: count('The least size; there where the rule limits sizes.'),
        maxBytes: count('The largest size; there where the rule limits sizes.'),
        ttlSeconds,
        overwrite: { type: 'boolean', description: 'Whether an object may be replaced.' },
        multipart: { type: 'boolean', description: 'Whether there are uploads in parts by URL.' },
        needsMd5: { type: 'boolean', description: 'Whether `contentMd5` is required.' },
        metadata: {
          type: 'object',
          additionalProperties: { type: 'integer' },
          description: 'The longest value in bytes of each name of user metadata.',
        },
      },
      ['minBytes', 'maxBytes'],
    ),
    download: exact<NonNullable<RuleDescription['download']>>(
      {
        mechanisms: list('How a download may be permitted: `sts`, `url`.'),
        ttlSeconds,
        as: {
          type: 'string',
          enum: ['inline', 'attachment'],
          description: 'How browsers take it.',
        },
        styles: list('The image styles that a caller may ask for.'),
      },
      ['as'],
    ),
    list: exact<{ ttlSeconds: number }>({ ttlSeconds }),
  },
  ['upload', 'download', 'list'],
)

/** The answer to one request for signed URLs, without the time of the server. */
const URL_ANSWERS = {
  SignedUrl: exact<ObjectUrl>({
    method: { type: 'string', enum: ['PUT', 'GET', 'HEAD'] },
    url,
    headers,
    key,
    expiresAt,
  }),
  MultipartPlan: exact<Awaited<ReturnType<typeof signMultipart>>>({
    key,
    ticket: text('What to ask for parts with.'),
    partSize: count('The size in bytes of every part but the last.'),
    partCount: count('How many parts there are.'),
    initiate: signed('POST', 'Begins the upload; OSS answers with its UploadId.'),
    expiresAt,
    ticketExpiresAt: time('Until when the ticket gets parts signed.'),
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
    complete: signed('POST', 'Makes the object of its parts.'),
    abort: signed('DELETE', 'Frees what was sent.'),
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
  description: 'The answers in the order of the requests, a problem document for a refused one.',
}

/** What OSS hands on to the uploader: our own members, and whatever the rule's `respond` adds. */
const proven: JsonSchema = {
  type: 'object',
  properties: {
    status: { type: 'string', const: 'ok' },
    key,
    size: count('The size in bytes.'),
    etag: text('The ETag of what was stored.'),
    contentType: text('The media type of what was stored.'),
  },
  required: ['status', 'key', 'size', 'etag', 'contentType'],
}

/** The schemas of all answers but problem documents. */
export function answerSchemas(): Record<string, JsonSchema> {
  const alone = Object.entries(URL_ANSWERS).map(([name, schema]) => [name, addServerTime(schema)])
  const among = Object.entries(URL_ANSWERS).map(([name, schema]) => [`${name}Result`, schema])
  return {
    StsAnswer: stsAnswer,
    ...Object.fromEntries([...alone, ...among]),
    BatchAnswer: exact<{ results: unknown[]; serverTime: string }>({ results, serverTime }),
    SignedUrlAnswer: { oneOf: [...URL_NAMES, 'BatchAnswer'].map(refer) },
    FormAnswer: formAnswer,
    ProvenUpload: proven,
  }
}
