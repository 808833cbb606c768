import type { WebV1Form } from '../../shared/dialects/web-v1'
import type { WebV4Form } from '../../shared/dialects/web-v4'
import { webFormRequestSchema } from '../../shared/policy/parse-web-form'
import { type JsonSchema, toJsonSchema } from '../json-schema'
import { refer } from './refer'
import { count, exact, text, texts } from './shapes'

const host = text('The URL that the form posts to.')
const policy = text('The policy in base64.')
const signature = text('The signature of the policy.')
const callback = text('The callback in base64; the form posts it unchanged.')
const dir = text('The folder of the keys: the file name follows it.')
const key = text('The only key that OSS accepts; present if the request names a file.')
const expire = count('The expiry of the form in Unix seconds.')
const token = text('The security token, which the form must post.')

const webV4Form = exact<WebV4Form>(
  {
    policy,
    x_oss_signature_version: { const: 'OSS4-HMAC-SHA256', description: 'The signature version.' },
    version: { const: 'OSS4-HMAC-SHA256', description: 'The same, for copies of the Java sample.' },
    x_oss_credential: text('The credential of the signature.'),
    x_oss_date: text('The time of the signature.'),
    signature,
    security_token: token,
    host,
    dir,
    callback,
    expire,
    key,
    fields: {
      ...texts,
      description: 'The fields beside `key`, `policy` and those of the signature.',
    },
  },
  ['security_token', 'key'],
)

const webV1Form = exact<WebV1Form>(
  {
    accessid: text('The id of the AccessKey.'),
    accessId: text('The same, for copies of the sample of antd.'),
    host,
    policy,
    signature,
    expire,
    callback,
    dir,
    key,
    'x-oss-security-token': token,
    fields: {
      ...texts,
      description: 'The fields beside `key`, `policy`, `OSSAccessKeyId` and `signature`.',
    },
  },
  ['x-oss-security-token', 'key'],
)

/** Returns the schemas of the forms for Alibaba's web samples. */
export function webFormSchemas(): Record<string, JsonSchema> {
  return { WebV4Form: webV4Form, WebV1Form: webV1Form }
}

const MEANINGS: Readonly<Record<string, string>> = {
  rule: 'The name of the rule that allows the request.',
  filename: "The file's name; without it the client names the objects, which the rule must allow.",
  contentType: 'The media type of the file; required with `filename`.',
  contentLength: 'The exact size in bytes, which OSS enforces.',
}

const AS = {
  name: 'as',
  in: 'query',
  description: 'The shape of the response: that of a web sample of Alibaba, by signature version.',
  schema: { type: 'string', enum: ['web-v4', 'web-v1'] },
}

/** The parameters of a request for such a form; a POST without `as` has none of them. */
export const webFormParameters = [AS, ...queryParameters()]

function queryParameters(): object[] {
  return Object.entries(toJsonSchema(webFormRequestSchema).properties ?? {}).map(
    ([name, { description, ...schema }]) => ({
      name,
      in: 'query',
      description: [MEANINGS[name], description].filter(Boolean).join(' '),
      schema,
    }),
  )
}

/** The GET that web samples send; `responses` are those of the POST. */
export function webFormOperation(responses: object): object {
  const required = ['as', 'rule']
  return {
    operationId: 'getWebForm',
    summary: 'Signs a form as the web samples of Alibaba read it',
    parameters: webFormParameters.map((parameter) =>
      required.includes(String(Reflect.get(parameter, 'name')))
        ? { ...parameter, required: true }
        : parameter,
    ),
    responses: {
      ...responses,
      200: {
        description: 'A signed form.',
        content: {
          'application/json': { schema: { oneOf: ['WebV4Form', 'WebV1Form'].map(refer) } },
        },
      },
    },
  }
}
