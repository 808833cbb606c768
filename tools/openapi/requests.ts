import type { GenericSchema } from 'valibot'
import { callbackSchema } from '../../shared/callback/body'
import { batchSchema, partsRequestSchema } from '../../shared/policy/parse-request'
import {
  downloadRequestSchema,
  formRequestSchema,
  listRequestSchema,
  multipartRequestSchema,
  putRequestSchema,
  rulesRequestSchema,
  stsRequestSchema,
} from '../../shared/rules/requests'
import { type JsonSchema, toJsonSchema } from '../json-schema'
import { refer } from './refer'

type Meanings = Readonly<Record<string, string>>

/** The meaning of each member of a request, wherever it stands; a member without one fails the build. */
const MEANINGS: Meanings = {
  rule: 'The name of the rule that allows it.',
  operation: 'What is to be done.',
  access: 'What the credentials are for.',
  durationSeconds: 'How long the credentials live; the rule may say less.',
  filename: "The file's name, from which the rule makes the object's key.",
  contentType: 'The media type that the object is stored with.',
  contentLength:
    'The exact size in bytes, which OSS holds the upload to; compulsory for a URL where the rule limits sizes.',
  contentMd5: 'The MD5 of the bytes, which OSS then checks.',
  metadata: 'User metadata, names without `x-oss-meta-`; the rule says which it takes.',
  key: "The object's key.",
  as: 'How a browser takes it: shown, or saved as a file.',
  downloadName: 'The name to save it under, in any script.',
  process: 'A style that the rule names.',
  stable:
    'Gives the same URL for the same request for up to half its life, for the sake of caches.',
  successStatus:
    'The status that OSS answers with; makes a form without a callback, which the rule must allow.',
  redirect:
    'Where a browser goes after its upload, one of the setting FORM_REDIRECTS; makes a form without a callback, too.',
  path: "A folder in the caller's own; the whole of it by default.",
  after: "The NextContinuationToken in OSS's answer to the page before.",
  limit: 'How many entries a page has at most; 100 by default.',
  ticket: 'What the plan of an upload in parts came with.',
  uploadId: "The UploadId in OSS's answer to `initiate`.",
  partNumbers:
    'The parts to sign; the first 100 by default. All requests of a batch ask for 1,000 at most.',
  requests: 'The requests, each answered by itself: one that is refused refuses no other.',
}

/** The same for what OSS says of an upload. */
const CALLBACK_MEANINGS: Meanings = {
  bucket: 'The bucket of the object.',
  object: "The object's key.",
  etag: 'The ETag of what was stored.',
  size: 'The size of what was stored, in bytes.',
  mimeType: 'The media type of what was stored.',
  crc64: 'The CRC-64 of what was stored, as a number of up to 20 digits or as text.',
  contentMd5: 'The MD5 of what was stored.',
  operation: 'The operation of OSS that stored it.',
  reqId: "OSS's id of the upload.",
  imageHeight: 'The height of an image in pixels.',
  imageWidth: 'The width of an image in pixels.',
  imageFormat: 'The format of an image.',
  ticket: 'What the grant of the upload came with.',
}

/** The schemas of all requests, made of those that parse them. */
export function requestSchemas(): Record<string, JsonSchema> {
  const items = refer('UrlRequest')
  return {
    StsRequest: toRequest(stsRequestSchema),
    PutRequest: toRequest(putRequestSchema),
    DownloadRequest: toRequest(downloadRequestSchema),
    MultipartRequest: toRequest(multipartRequestSchema),
    PartsRequest: toRequest(partsRequestSchema),
    ListRequest: toRequest(listRequestSchema),
    RulesRequest: toRequest(rulesRequestSchema),
    UrlRequest: {
      description: 'A request for signed URLs.',
      oneOf: [...new Set(Object.values(OPERATIONS))].map(refer),
      discriminator: {
        propertyName: 'operation',
        mapping: Object.fromEntries(
          Object.entries(OPERATIONS).map(([name, schema]) => [name, refer(schema).$ref]),
        ),
      },
    },
    BatchRequest: amend(toRequest(batchSchema), 'requests', { items }),
    FormRequest: toRequest(formRequestSchema),
    Callback: describeCallback(toJsonSchema(callbackSchema)),
  }
}

const OPERATIONS = {
  put: 'PutRequest',
  get: 'DownloadRequest',
  head: 'DownloadRequest',
  multipart: 'MultipartRequest',
  'multipart-parts': 'PartsRequest',
  list: 'ListRequest',
  rules: 'RulesRequest',
}

// An optional member may be null, which `parseRequest` takes for absent.
function toRequest(schema: GenericSchema): JsonSchema {
  const json = describe(toJsonSchema(schema))
  const required = json.required as readonly string[]
  const members = Object.entries(json.properties ?? {}).map(([name, member]) => {
    const { description, ...type } = member
    const orNull = { description, anyOf: [type, { type: 'null' }] }
    return [name, required.includes(name) ? member : orNull]
  })
  return { ...json, properties: Object.fromEntries(members) }
}

// OSS writes the checksum as a bare number, which is read as text before the schema sees it.
function describeCallback(schema: JsonSchema): JsonSchema {
  const digits = { type: 'integer', minimum: 0, exclusiveMaximum: 1e20 }
  const anyOf = [{ type: 'string' }, digits, { type: 'null' }]
  return amend(describe(schema, CALLBACK_MEANINGS), 'crc64', { anyOf })
}

function amend(schema: JsonSchema, name: string, change: JsonSchema): JsonSchema {
  const { properties = {} } = schema
  return { ...schema, properties: { ...properties, [name]: { ...properties[name], ...change } } }
}

function describe(schema: JsonSchema, meanings = MEANINGS): JsonSchema {
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const meaning = meanings[name]
    if (meaning === undefined) throw new Error(`Nothing says what ${name} means`)
    return [name, { ...member, description: join(meaning, member.description) }]
  })
  return { ...schema, properties: Object.fromEntries(members) }
}

function join(meaning: string, check: unknown): string {
  return check === undefined ? meaning : `${meaning} ${check}`
}
