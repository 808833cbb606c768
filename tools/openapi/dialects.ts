import type { AliOssOptions } from '../../shared/dialects/ali-oss'
import type { Link } from '../../shared/dialects/link'
import type { LinkAnswer } from '../../shared/dialects/link-answer'
import type { LinkRefusal } from '../../shared/dialects/link-refusal'
import type { JsonSchema } from '../json-schema'
import { refer } from './refer'
import { exact, text, texts, time } from './shapes'

const headers = { ...texts, description: 'The headers to send with each upload, for write access.' }
const prefix = text("The caller's prefix: the credentials give no access to other keys.")
const only = (value: unknown, description: string) => ({ const: value, description })

const aliOssCallback = exact<NonNullable<AliOssOptions['callback']>>(
  {
    url: text('The URL that OSS calls after the upload.'),
    body: text('The body of the callback.'),
    contentType: text('The type of the body.'),
    callbackSNI: only(true, 'Present for an https URL.'),
    customValue: exact<{ ticket: string }>({ ticket: text('The ticket of the upload.') }),
  },
  ['callbackSNI'],
)

const aliOssOptions = exact<AliOssOptions>(
  {
    accessKeyId: text('The id of the AccessKey.'),
    accessKeySecret: text('The secret of the AccessKey.'),
    stsToken: text('The security token of the AccessKey.'),
    bucket: text('The bucket of the credentials.'),
    region: text('The region of the bucket, with `oss-`.'),
    endpoint: text("The endpoint of OSS; absent if it is the region's public one."),
    cname: only(true, 'Present if the endpoint is a domain of the bucket.'),
    sldEnable: only(true, 'Present if the bucket is the first segment of the path.'),
    secure: { type: 'boolean', description: 'True for https.' },
    authorizationV4: only(true, 'Signature version 4.'),
    refreshSTSTokenInterval: { type: 'integer', minimum: 1, description: 'In ms.' },
    expiration: time('The expiry of the credentials.'),
    prefix,
    headers,
    callback: { ...aliOssCallback, description: 'The `callback` of an upload, for write access.' },
  },
  ['endpoint', 'cname', 'sldEnable', 'headers', 'callback'],
)

const linkAnswer = exact<LinkAnswer>({
  StatusCode: { type: 'integer', const: 200 },
  Code: { type: 'string', const: 'Success' },
  AccessKeyId: text('The id of the AccessKey.'),
  AccessKeySecret: text('The secret of the AccessKey.'),
  SecurityToken: text('The security token of the AccessKey.'),
  Expiration: time('The expiry of the credentials.'),
})

const linkRefusal = exact<LinkRefusal>({
  StatusCode: { type: 'integer', const: 403 },
  Code: { type: 'string', const: 'Forbidden' },
  ErrorCode: {
    type: 'string',
    enum: ['invalid_link', 'too_many_requests', 'internal', 'unavailable'],
    description: 'The machine-readable code.',
  },
  ErrorMessage: text('One sentence for the caller.'),
})

/** Returns the schemas of the shapes for existing clients; `callback` is that of the native shape. */
export function dialectSchemas(callback: JsonSchema): Record<string, JsonSchema> {
  const link = exact<Link>(
    {
      url: text('The URL that returns credentials; whoever has it can use it.'),
      expiresAt: time('The expiry of the link.'),
      bucket: text('The bucket of the credentials.'),
      region: text('The region of the bucket.'),
      endpoint: text('The endpoint of OSS.'),
      prefix,
      headers,
      callback: { ...callback, description: 'The callback for uploads, for write access.' },
      serverTime: time('The time of the server.'),
    },
    ['headers', 'callback'],
  )
  return {
    AliOssOptions: aliOssOptions,
    Link: link,
    LinkAnswer: { oneOf: [linkAnswer, linkRefusal] },
  }
}

/** The parameter that chooses the shape of the response. */
export const asParameter = {
  name: 'as',
  in: 'query',
  description: 'The shape of the response, for an existing client; the native one if absent.',
  schema: { type: 'string', enum: ['ali-oss', 'link'] },
}

/** The request that a link is. */
export const linkOperation = {
  operationId: 'openLink',
  summary: 'Issues STS credentials to the holder of a link',
  security: [],
  parameters: [
    {
      name: 'ticket',
      in: 'query',
      required: true,
      description: 'The ticket of the link.',
      schema: { type: 'string', minLength: 1 },
    },
  ],
  responses: {
    200: {
      description: 'Credentials, or in the same status the refusal of them.',
      content: { 'application/json': { schema: refer('LinkAnswer') } },
    },
  },
}
