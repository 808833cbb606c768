import { OssDirectError, type OssError, refusal } from './errors'
import type { SendResponse, Uploaded } from './types'

/** A parsed JSON object. */
export type Fields = Record<string, unknown>

const OSS_CODES: Readonly<Record<string, string>> = {
  FileAlreadyExists: 'already_exists',
  NoSuchKey: 'not_found',
  NoSuchUpload: 'upload_not_found',
}

// OSS says of a failed callback its status alone (OSS: Callback).
const CALLBACK_REFUSALS: Readonly<Record<string, string>> = {
  413: 'size',
  415: 'type',
  422: 'name',
}

/** Returns the error of a problem document (RFC 9457 section 3), or of the status where there is none. */
export function fromProblem(response: SendResponse): OssDirectError {
  const { code, detail, errors, requestId } = parseJson(response.text) as Problem
  // Other servers on the way have errors of other shapes.
  const issues = Array.isArray(errors) ? (errors as Issue[]) : []
  const sentences = issues.map((issue) => ` ${issue?.path} ${issue?.message}.`)
  return toError(response, {
    message: detail && detail + sentences.join(''),
    code: typeof code === 'string' ? code : undefined,
    ...(requestId && { requestId }),
  })
}

type Problem = {
  code?: unknown
  detail?: string
  errors?: unknown
  requestId?: string
}
type Issue = { path: string; message: string } | null

/** Returns the error of OSS's XML (OSS: error responses), or of the status where there is none. */
export function fromOss(response: SendResponse): OssDirectError {
  const { status, text } = response
  const [code = '', message = '', ec, requestId] = ['Code', 'Message', 'EC', 'RequestId'].map(
    (name) => elementOf(text, name),
  )
  const isExpired = status === 403 && /expired/.test(message)
  return toError(response, {
    message,
    code: isExpired ? 'url_expired' : OSS_CODES[code],
    retryable: isExpired || code === 'RequestTimeout',
    ...(code && {
      oss: { code, message, ...(ec && { ec }), ...(requestId && { requestId }) },
    }),
  })
}

type Facts = {
  message: string | undefined
  code: string | undefined
  retryable?: boolean
  oss?: OssError
  requestId?: string
}

function toError({ status, headers }: SendResponse, facts: Facts): OssDirectError {
  const { message, code, retryable, ...rest } = facts
  const retryAfter = Number(headers['retry-after'])
  return new OssDirectError(message || `The server answered ${status}.`, {
    code: code || (status < 500 ? 'refused' : 'unavailable'),
    retryable: retryable || status >= 500 || status === 429 || status === 408,
    status,
    ...(retryAfter && { retryAfter }),
    ...rest,
  })
}

/** Returns what an upload ended with, from OSS's answer to its last request; throws for an answer that is an error. */
export function toUploaded(
  response: SendResponse,
  { key, size }: { key: string; size: number },
): Uploaded {
  const { status, text, headers } = response
  if (status > 299) throw fromOss(response)
  // The callback's answer comes instead of OSS's own.
  const proof = parseJson(text)
  const proven = status === 200 && proof.status === 'ok' && proof.key === key
  const etag = proven ? String(proof.etag) : headers.etag?.replaceAll('"', '')
  return {
    key,
    size,
    ...(etag && { etag }),
    proven,
    ...(!proven && { reason: toReason(response) }),
  }
}

function toReason(response: SendResponse): OssDirectError {
  const { oss, status } = fromOss(response)
  const [, callbackStatus = ''] = /^Error status : (\d+)/.exec(oss?.message ?? '') ?? []
  const what = CALLBACK_REFUSALS[callbackStatus]
  return new OssDirectError(
    `The file is stored, but not proven: ${what ? `its ${what} was not granted` : 'the callback failed'}.`,
    {
      code: what ? `upload_${what}_rejected` : 'callback_rejected',
      retryable: false,
      ...(status && { status }),
      ...(oss && { oss }),
    },
  )
}

/** Returns the error for an answer that no function of ours gives. */
export function unexpectedAnswer(): OssDirectError {
  return refusal('unexpected_answer', 'The answer is not that of the functions. Check baseUrl.')
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

/** Returns the text of the first element of this name; '' where there is none. */
export function elementOf(xml: string, name: string): string {
  return unescapeXml(elementsOf(xml, name)[0] ?? '')
}

/** Returns the contents of every element of this name, as they are. */
export function elementsOf(xml: string, name: string): string[] {
  const found = xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))
  return Array.from(found, ([, text = '']) => text)
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'" }

function unescapeXml(text: string): string {
  return text.replace(/&(#?)(\w+);/g, (_, isNumber, name) =>
    isNumber ? String.fromCodePoint(Number(name.replace(/^x/i, '0x'))) : (ENTITIES[name] ?? '&'),
  )
}
