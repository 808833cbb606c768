import { OssDirectError } from '../errors'
import type { SendRequest } from '../types'

// The platform sets these itself, from the body and the URL (Fetch standard, forbidden header names).
const OWN_HEADERS = ['content-length', 'host']

/** The headers and the body of a request, as platforms send them. */
export interface Sending {
  headers: Record<string, string>
  body: Blob | FormData | string | Uint8Array<ArrayBuffer> | null
}

/** Leaves out the headers that platforms set themselves; with fields, builds a form with the file last (OSS: PostObject). */
export function toSending({ headers, body, fields }: SendRequest): Sending {
  const sent = Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name.toLowerCase()))
  const sending = { headers: Object.fromEntries(sent), body: (body ?? null) as Sending['body'] }
  if (!fields) return sending
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', body instanceof Blob ? body : new Blob([(body ?? '') as BlobPart]), 'file')
  return { ...sending, body: form }
}

/** Returns the error for a request without an answer. */
export function networkError(cause?: unknown): OssDirectError {
  return new OssDirectError(
    'No answer came: the connection failed, or CORS does not allow this page to read the answer.',
    { code: 'network', retryable: true, cause },
  )
}
