import { OssDirectError } from './errors'
import type { SendResponse, Uploaded } from './types'

/** A parsed JSON object. */
export type Fields = Record<string, unknown>

type Refusal = readonly [code: string, message: string]

// OSS says of a failed callback its status alone (OSS: Callback).
const CALLBACK_REFUSALS: Readonly<Record<string, Refusal>> = {
  '413': ['upload_size_rejected', 'the file is larger or smaller than was granted'],
  '415': ['upload_type_rejected', 'the file is of a content type that was not granted'],
  '422': ['upload_name_rejected', 'the file has a name that its rule does not allow'],
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  FileAlreadyExists: ['already_exists', 'There is a file with this name, and the rule keeps it.'],
  NoSuchKey: ['not_found', 'There is no such file.'],
  NoSuchUpload: ['upload_not_found', 'OSS knows no such unfinished upload.'],
  CallbackFailed: ['callback_rejected', ''],
}

/** Returns the error of a problem document (RFC 9457 section 3), or of the status where there is none. */
export function fromProblem(response: SendResponse): OssDirectError {
  const problem = parseJson(response.text)
  const { status } = response
  const code = typeof problem.code === 'string' ? problem.code : codeOf(status)
  const detail =
    typeof problem.detail === 'string' ? problem.detail : `The functions answered ${status}.`
  const issues = Array.isArray(problem.errors) ? problem.errors.map(toSentence) : []
  return new OssDirectError([detail, ...issues].join(' '), {
    code,
    retryable: isTransient(status),
    status,
    ...withRetryAfter(response),
    ...(typeof problem.requestId === 'string' && { requestId: problem.requestId }),
  })
}

/** Returns the error of OSS's XML (OSS: error responses), or of the status where there is none. */
export function fromOss(response: SendResponse): OssDirectError {
  const { status, text, headers } = response
  const oss = {
    code: elementOf(text, 'Code'),
    message: elementOf(text, 'Message'),
    ec: elementOf(text, 'EC') || headers['x-oss-ec'],
    requestId: elementOf(text, 'RequestId') || headers['x-oss-request-id'],
  }
  const isExpired = status === 403 && /expired/i.test(oss.message)
  const [code, message] = isExpired
    ? ['url_expired', 'The signed request has expired.']
    : (REFUSALS[oss.code] ?? [
        codeOf(status),
        `OSS answered ${[status, oss.code].join(' ').trim()}.`,
      ])
  return new OssDirectError(message, {
    code,
    retryable: isExpired || isTransient(status) || oss.code === 'RequestTimeout',
    status,
    ...withRetryAfter(response),
    ...(oss.code && {
      oss: {
        code: oss.code,
        message: oss.message,
        ...(oss.ec && { ec: oss.ec }),
        ...(oss.requestId && { requestId: oss.requestId }),
      },
    }),
  })
}

/** Returns what an upload ended with, from OSS's answer to its last request; throws for an answer that is an error. */
export function toUploaded(
  response: SendResponse,
  { key, size }: { key: string; size: number },
): Uploaded {
  const { status, text, headers } = response
  const etag = headers.etag?.replaceAll('"', '')
  const stored = { key, size, ...(etag && { etag }) }
  if (status === 203) return { ...stored, proven: false, reason: notProven(response) }
  if (status < 200 || status > 299) throw fromOss(response)
  const proof = parseJson(text)
  // The callback's answer comes instead of OSS's own.
  if (proof.status === 'ok' && proof.key === key) {
    return { ...stored, ...(typeof proof.etag === 'string' && { etag: proof.etag }), proven: true }
  }
  return { ...stored, proven: false, reason: notProven(response) }
}

/** Returns the error for an answer that no function of ours gives. */
export function unexpectedAnswer(): OssDirectError {
  return new OssDirectError('The answer is not that of the functions. Check baseUrl.', {
    code: 'unexpected_answer',
    retryable: false,
  })
}

function notProven(response: SendResponse): OssDirectError {
  const { oss, ...error } = fromOss(response)
  const callbackStatus = /^Error status : (\d{3})\.$/.exec(oss?.message.trim() ?? '')?.[1] ?? ''
  const [code, why] = CALLBACK_REFUSALS[callbackStatus] ?? [
    'callback_rejected',
    'the callback failed',
  ]
  return new OssDirectError(`The file is stored, but not proven: ${why}.`, {
    ...error,
    ...(oss && { oss }),
    code,
    retryable: false,
  })
}

function codeOf(status: number): string {
  if (status >= 500) return 'unavailable'
  return status === 404 ? 'not_found' : 'refused'
}

function isTransient(status: number): boolean {
  return status >= 500 || status === 429 || status === 408
}

function withRetryAfter({ headers }: SendResponse): { retryAfter?: number } {
  const seconds = Number(headers['retry-after'] || Number.NaN)
  return seconds >= 0 ? { retryAfter: seconds } : {}
}

function toSentence(issue: unknown): string {
  const { path, message } = Object(issue)
  return `${path ? `${path}: ` : ''}${message}.`
}

/** Parses a JSON object; an empty one for everything else. */
export function parseJson(text: string): Fields {
  try {
    return Object(JSON.parse(text))
  } catch {
    // OSS and proxies answer with XML or HTML.
    return {}
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
}

/** Returns the text of the first element of this name; '' where there is none. */
export function elementOf(xml: string, name: string): string {
  return elementsOf(xml, name)[0] ?? ''
}

/** Returns the text of every element of this name that has no elements in it. */
export function elementsOf(xml: string, name: string): string[] {
  const found = xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))
  return Array.from(found, ([, text = '']) => unescapeXml(text))
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[name] ?? whole
    return String.fromCodePoint(Number.parseInt(decimal ?? hex, decimal ? 10 : 16))
  })
}
