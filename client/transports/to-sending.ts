import { OssDirectError } from '../errors'
import type { Chunk, SendRequest } from '../types'
import { toFormBody } from './form-body'

// The platform sets these itself, from the body and the URL (Fetch standard, forbidden header names).
const OWN_HEADERS = ['content-length', 'host']

/** A request as platforms send it: the headers that they don't set themselves, and a body whose file starts at `headBytes`. */
export interface Sending {
  headers: Record<string, string>
  body?: Chunk | string
  headBytes: number
  fileBytes: number
}

/** Builds the form where there is one, and leaves out the headers that platforms set themselves. */
export function toSending({ headers, body, fields }: SendRequest): Sending {
  const own = Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name.toLowerCase()))
  const fileBytes = typeof body === 'object' ? sizeOf(body) : 0
  const sending = { headers: Object.fromEntries(own), headBytes: 0, fileBytes }
  if (!fields) return { ...sending, ...(body !== undefined && { body }) }
  const form = toFormBody(fields, typeof body === 'object' ? body : new Blob([body ?? '']))
  sending.headers['content-type'] = form.contentType
  return { ...sending, body: form.body, headBytes: form.headBytes }
}

/** Returns how many bytes of the file are sent when this many bytes of the body are. */
export function sentOf({ headBytes, fileBytes }: Sending, bodyBytes: number): number {
  return Math.min(Math.max(bodyBytes - headBytes, 0), fileBytes)
}

/** Returns the number of bytes of a chunk. */
export function sizeOf(chunk: Chunk): number {
  return 'size' in chunk ? chunk.size : chunk.byteLength
}

/** Returns the error for a request without an answer. */
export function networkError(cause?: unknown): OssDirectError {
  return new OssDirectError(
    'No answer came: there is no connection, or the server does not allow this page to read its answers (CORS).',
    { code: 'network', retryable: true, cause },
  )
}
