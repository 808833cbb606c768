import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ProblemCode } from '../shared/errors'
import { MAX_JSON_BYTES } from '../shared/http/answer'
import { startTool, type Tool } from './command-line'
import { answerSchemas } from './openapi/answers'
import { asParameter, linkOperation } from './openapi/dialects'
import { type Json, type NamedExample, nameExample, readExamples } from './openapi/examples'
import { problemResponses, problemSchema } from './openapi/problems'
import { refer } from './openapi/refer'
import { requestSchemas } from './openapi/requests'
import { webFormOperation, webFormParameters } from './openapi/web-forms'

const root = resolve(__dirname, '..')

const DESCRIPTION = `Direct uploads to and downloads from Alibaba Cloud OSS. JSON in, JSON out; no response may be cached. \
Times are UTC, without fraction. The schemas of requests are generated from those that the functions parse with; a description has what JSON Schema \
cannot express. Lengths of strings count UTF-16 code units. In examples \`…\` stands for values that change from \
run to run.`

type Route = {
  summary: string
  request: string
  requestDescription: string
  answer: string
  answerDescription: string
  codes: readonly ProblemCode[]
  extra?: object
}

const ISSUING = [
  'invalid_request',
  'invalid_key',
  'invalid_token',
  'not_allowed',
  'mechanism_not_allowed',
  'rule_not_found',
  'request_too_large',
  'internal',
  'unavailable',
] as const satisfies ProblemCode[]

const FILE = ['file_type_not_allowed', 'file_too_large', 'file_too_small'] as const

const LIMIT = `At most ${MAX_JSON_BYTES} bytes of UTF-8.`

const ROUTES = {
  sts: {
    summary: "Issues STS credentials for the caller's own prefix",
    request: 'StsRequest',
    requestDescription: LIMIT,
    answer: 'StsAnswer',
    answerDescription: 'Credentials limited to this prefix.',
    codes: [...ISSUING, 'too_many_requests'],
    extra: { parameters: [asParameter] },
  },
  'signed-url': {
    summary: 'Signs URLs that put, get or head one object, or upload it in parts',
    request: 'SignedUrlRequest',
    requestDescription: LIMIT,
    answer: 'SignedUrlAnswer',
    answerDescription: 'Requests to send to OSS unchanged.',
    codes: [...ISSUING, ...FILE, 'invalid_ticket'],
  },
  'post-policy': {
    summary: 'Signs the fields of a form that posts one object',
    request: 'FormRequest',
    requestDescription: `${LIMIT} With \`as\`, the query has the request and the body is ignored.`,
    answer: 'FormAnswer',
    answerDescription: 'A form for one file, or with `as` also for the files of a folder.',
    codes: [...ISSUING, ...FILE],
    extra: { parameters: webFormParameters },
  },
  'upload-callback': {
    summary: 'Proves an upload that OSS reports',
    request: 'Callback',
    requestDescription: 'The callback request of OSS, as we defined it. Only OSS can sign it.',
    answer: 'ProvenUpload',
    answerDescription:
      'The proven upload and the members that the rule adds; OSS returns it to the uploader.',
    codes: [
      'callback_rejected',
      'upload_size_rejected',
      'upload_type_rejected',
      'upload_name_rejected',
      'internal',
    ],
    extra: {
      security: [{ ossSignature: [] }],
      parameters: [
        {
          name: 'x-oss-pub-key-url',
          in: 'header',
          required: true,
          description: 'The URL of the public key that verifies the signature, in base64.',
          schema: { type: 'string', minLength: 1, maxLength: 512 },
        },
      ],
    },
  },
} as const satisfies Record<string, Route>

/**
 * The callback request for the upload of the examples, of which the document has only the response.
 */
const CALLBACK: NamedExample = {
  name: 'proven',
  path: '/upload-callback',
  status: 200,
  request: {
    bucket: 'demo',
    object: 'documents/alice/report.pdf',
    etag: '5D41402ABC4B2A76B9719D911017C592',
    size: 5,
    mimeType: 'application/pdf',
    crc64: '…',
    contentMd5: 'XUFAKrxLKna5cZ2REBfFkg==',
    operation: 'PutObject',
    reqId: '…',
    imageHeight: null,
    imageWidth: null,
    imageFormat: null,
    ticket: '…',
  },
  answer: null,
}

type Package = { version: string; license: string }

/**
 * Returns the HTTP contract as an OpenAPI 3.1 document; `contract` is its Markdown description,
 * which has the examples.
 */
export function openApi({ version, license }: Package, contract: string): object {
  const examples = readExamples(contract).map(nameExample)
  const paths = Object.entries(ROUTES).map(([name, route]) => {
    const post = operation(name, route, examples)
    return [`/${name}`, { ...getOperation(name, post.responses), post }]
  })
  return {
    openapi: '3.1.0',
    info: {
      title: 'oss-direct',
      version,
      description: DESCRIPTION,
      license: { name: license, identifier: license },
    },
    servers: [{ url: 'http://localhost:9000', description: 'The local cloud, `npm start`.' }],
    security: [{ token: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A token of the identity provider in the settings.',
        },
        ossSignature: {
          type: 'apiKey',
          in: 'header',
          name: 'authorization',
          description: "OSS's signature over the path and the body, in base64.",
        },
      },
      schemas: {
        ...requestSchemas(),
        SignedUrlRequest: { oneOf: [refer('UrlRequest'), refer('BatchRequest')] },
        ...answerSchemas(),
        Problem: problemSchema(),
      },
    },
  }
}

function getOperation(name: string, responses: object): object {
  if (name === 'sts') return { get: linkOperation }
  return name === 'post-policy' ? { get: webFormOperation(responses) } : {}
}

function operation(name: string, route: Route, all: readonly NamedExample[]) {
  const examples = all.filter(({ path }) => path === `/${name}`)
  const { summary, request, requestDescription, answer, answerDescription, codes, extra } = route
  const requests = [...examples, ...(name === 'upload-callback' ? [CALLBACK] : [])]
  const answersWith = (status: number) =>
    toExamples(
      examples.filter((each) => each.status === status),
      'answer',
    )
  return {
    operationId: name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()),
    summary,
    ...extra,
    requestBody: {
      description: requestDescription,
      required: true,
      content: {
        'application/json': { schema: refer(request), ...toExamples(requests, 'request') },
      },
    },
    responses: {
      200: {
        description: answerDescription,
        content: { 'application/json': { schema: refer(answer), ...answersWith(200) } },
      },
      ...problemResponses(codes, answersWith),
    },
  }
}

function toExamples(examples: readonly NamedExample[], side: 'request' | 'answer'): object {
  const entries = examples.flatMap(({ name, [side]: value }): [string, { value: Json }][] =>
    value === undefined ? [] : [[name, { value }]],
  )
  return entries.length > 0 ? { examples: Object.fromEntries(entries) } : {}
}

/** Returns the document of this package and the path of its file. */
export function published(): { file: string; document: object } {
  const read = (file: string) => readFileSync(join(root, file), 'utf8')
  const document = openApi(JSON.parse(read('package.json')), read('docs/http-api.md'))
  return { file: join(root, 'docs/openapi.json'), document }
}

const HELP = `Writes docs/openapi.json, the HTTP API, from the schemas that the functions parse with.

  npm run openapi

  --help     prints this; --version the version`

async function writeDocument(): Promise<void> {
  const { file, document } = published()
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`)
}

/** The command `npm run openapi`. @internal */
export const command: Tool = { help: HELP, run: writeDocument }

if (require.main === module) startTool(command)
