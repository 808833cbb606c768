import type { GenericSchema } from 'valibot'
import { callbackSchema } from '../../shared/callback/body'
import { batchSchema, partsRequestSchema } from '../../shared/policy/parse-request'
import {
  deleteRequestSchema,
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

/** The description of each member of a request; a member without one fails the build. */
const MEANINGS: Meanings = {
  rule: 'The name of the rule that allows the request.',
  operation: 'The operation.',
  access: 'The access that the credentials give.',
  durationSeconds: 'The lifetime of the credentials; the rule may limit it.',
  filename: "The file's name, from which the rule derives the object's key.",
  contentType: 'The media type that the object is stored with.',
  contentLength:
    'The exact size in bytes, which OSS enforces; required for a URL if the rule limits sizes.',
  contentMd5: 'The MD5 of the bytes, which OSS then checks.',
  metadata: 'User metadata, names without `x-oss-meta-`; the rule lists the allowed names.',
  key: "The object's key.",
  as: 'How a browser handles it: displayed, or saved as a file.',
  downloadName: 'The file name for saving, in any script.',
  process: 'An image style that the rule allows.',
  stable: 'Returns the same URL for the same request for up to half its lifetime, for caches.',
  successStatus:
    'The status of the response; creates a form without a callback, which the rule must allow.',
  redirect:
    'The URL that the browser is redirected to after its upload, from the setting FORM_REDIRECTS; also creates a form without a callback.',
  path: "A folder below the caller's folder; the caller's folder by default.",
  after: "The NextContinuationToken in OSS's response to the previous page.",
  limit: 'The maximum number of entries of a page; 100 by default.',
  ticket: 'The ticket of the multipart plan.',
  uploadId: "The UploadId in OSS's response to `initiate`.",
  partNumbers:
    'The parts to sign; the first 100 by default. At most 1,000 in all requests of a batch.',
  requests: 'The requests, each independent: a refused one does not affect the others.',
}

/** The description of each member of a callback. */
const CALLBACK_MEANINGS: Meanings = {
  bucket: 'The bucket of the object.',
  object: "The object's key.",
  etag: 'The ETag of the object.',
  size: 'The size of the object in bytes.',
  mimeType: 'The media type of the object.',
  crc64: 'The CRC-64 of the object, as a number of up to 20 digits or as a string.',
  contentMd5: 'The MD5 of the object.',
  operation: 'The OSS operation that stored it.',
  reqId: "OSS's request id of the upload.",
  imageHeight: 'The height of an image in pixels.',
  imageWidth: 'The width of an image in pixels.',
  imageFormat: 'The format of an image.',
  ticket: 'The ticket of the grant.',
}

/** Returns the schemas of all requests, generated from those that parse them. */
export function requestSchemas(): Record<string, JsonSchema> {
  const items = refer('UrlRequest')
  return {
    StsRequest: toRequest(stsRequestSchema),
    PutRequest: toRequest(putRequestSchema),
    DownloadRequest: toRequest(downloadRequestSchema),
    MultipartRequest: toRequest(multipartRequestSchema),
    PartsRequest: toRequest(partsRequestSchema),
    DeleteRequest: toRequest(deleteRequestSchema),
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
  delete: 'DeleteRequest',
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

// OSS writes the checksum as a number, which is read as a string before the schema checks it.
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
    if (meaning === undefined) throw new Error(`The member ${name} has no description`)
    return [name, { ...member, description: join(meaning, member.description) }]
  })
  return { ...schema, properties: Object.fromEntries(members) }
}

function join(meaning: string, check: unknown): string {
  return check === undefined ? meaning : `${meaning} ${check}`
}
