import { createHash } from 'node:crypto'
import {
  type ClientRequest,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import { CALLBACK } from '../errors/callback'
import { type ErrorKind, OssError } from '../errors/oss-error'
import type { Notes, ObservedCallback } from '../notes'
import type { CallbackKey } from './key'

/** One callback request: its target and everything that OSS would send. */
export type Delivery = {
  url: string
  host: string | undefined
  sni: boolean
  body: string
  bodyType: string
  bucket: string
  owner: string
  requester: string
  requestId: string
  date: Date
  /** Cancels the request when it aborts. */
  signal: AbortSignal
  notes?: Notes
}

type CallbackAnswer = {
  status: number
  body: Buffer
  headers: IncomingHttpHeaders
  tookMs: number
}

const TIMEOUT_MS = 5000
const MAX_ANSWER_BYTES = 1024 * 1024

/** Sends a signed callback and returns the application's JSON; throws OSS's 203 error otherwise. */
export async function deliver(delivery: Delivery, key: CallbackKey): Promise<string> {
  const headers = headersOf(delivery, key)
  const noted = noteSent(delivery, headers)
  const answer = await post(delivery, headers)
  noteAnswer(noted, answer)
  if (answer.status !== 200) {
    throw new OssError(CALLBACK.status, {}, { message: `Error status : ${answer.status}.` })
  }
  return checkJson(answer.body)
}

function noteSent(
  { url, body, date, notes }: Delivery,
  headers: ObservedCallback['headers'],
): ObservedCallback {
  const noted = { sentAt: date.getTime(), url, headers, body }
  notes?.callbacks.push(noted)
  return noted
}

function noteAnswer(noted: ObservedCallback, { status, headers, tookMs }: CallbackAnswer): void {
  noted.status = status
  noted.answeredAt = noted.sentAt + tookMs
  noted.answerHeaders = headers
}

/** Returns the bytes that a callback signature covers: decoded path, raw query, newline, body. @internal */
export function callbackText(url: string, body: string): Buffer {
  const { path, search } = splitUrl(url)
  return Buffer.concat([decodeToBytes(path), Buffer.from(`${search}\n${body}`)])
}

// `URL` would normalise what the application's author wrote.
function splitUrl(url: string): { path: string; search: string } {
  const [, path = '', search = ''] = /^https?:\/\/[^/?#]+([^?#]*)(\?[^#]*)?/i.exec(url) ?? []
  return { path: path || '/', search }
}

function headersOf(delivery: Delivery, key: CallbackKey): Record<string, string | number> {
  const { url, host, body } = delivery
  return {
    Host: host ?? new URL(url).host,
    Connection: 'close',
    'Content-Length': Buffer.byteLength(body),
    Authorization: key.sign(callbackText(url, body)),
    'Content-MD5': createHash('md5').update(body).digest('base64'),
    'Content-Type': delivery.bodyType,
    Date: delivery.date.toUTCString(),
    'User-Agent': 'aliyun-oss-callback',
    'x-oss-additional-headers': '',
    'x-oss-bucket': delivery.bucket,
    'x-oss-owner': delivery.owner,
    'x-oss-pub-key-url': Buffer.from(key.url).toString('base64'),
    'x-oss-request-id': delivery.requestId,
    'x-oss-requester': delivery.requester,
    'x-oss-signature-version': '1.0',
    'x-oss-tag': 'CALLBACK',
  }
}

function post(
  { url, sni, body, signal }: Delivery,
  headers: Record<string, string | number>,
): Promise<CallbackAnswer> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const { protocol, hostname, port } = new URL(url)
    const { path, search } = splitUrl(url)
    const options = {
      method: 'POST',
      hostname,
      port,
      path: `${path}${search}`,
      headers,
      signal,
      agent: false as const,
      // OSS sends callbacks to IPv4 addresses only.
      family: 4,
      ...(sni ? {} : { servername: '' }),
    }
    const request = protocol === 'https:' ? httpsRequest(options) : httpRequest(options)
    stopLater(request, reject)
    request.once('error', (error) => reject(new OssError(kindOf(error))))
    request.once('response', (response) => {
      const tookMs = Math.round(performance.now() - startedAt)
      const { headers } = response
      readAnswer(response).then((read) => resolve({ ...read, headers, tookMs }), reject)
    })
    request.end(body)
  })
}

// Node rejects an invalid Content-Length, and two different ones.
function kindOf({ code = '' }: Error & { code?: string }): ErrorKind {
  return /^HPE_\w+_CONTENT_LENGTH$/.test(code) ? CALLBACK.lengthInvalid : CALLBACK.connect
}

function stopLater(request: ClientRequest, reject: (error: Error) => void): void {
  const timer = setTimeout(() => {
    reject(new OssError(CALLBACK.tooSlow))
    request.destroy()
  }, TIMEOUT_MS)
  request.once('close', () => clearTimeout(timer))
}

async function readAnswer(response: IncomingMessage): Promise<{ status: number; body: Buffer }> {
  const status = response.statusCode ?? 0
  if (status !== 200) {
    response.destroy()
    return { status, body: Buffer.alloc(0) }
  }
  checkLength(response.headers['content-length'])
  const chunks: Buffer[] = []
  try {
    for await (const chunk of response) chunks.push(chunk)
  } catch {
    // The application closed the connection in the middle of its response.
    throw new OssError(CALLBACK.connect)
  }
  return { status, body: Buffer.concat(chunks) }
}

function checkLength(value: string | undefined): void {
  if (value === undefined) throw new OssError(CALLBACK.noLength)
  const length = Number(value)
  if (length === 0) throw new OssError(CALLBACK.lengthInvalid)
  if (length > MAX_ANSWER_BYTES) throw new OssError(CALLBACK.lengthTooLong)
}

function checkJson(body: Buffer): string {
  const text = body.toString('utf8')
  try {
    JSON.parse(text)
  } catch {
    // A byte order mark fails here, as it does in OSS.
    throw new OssError(CALLBACK.answerNotJson)
  }
  return text
}

function decodeToBytes(path: string): Buffer {
  const bytes = path.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1')
}
