import { Refusal } from '../errors'
import { memoize } from '../memo'
import { toBase64 } from '../signing/base64'

/** The callback parameter before it is encoded (OSS: Callback, parameters). */
type PlainCallback = {
  callbackUrl: string
  callbackBody: string
  callbackBodyType: 'application/json'
  callbackSNI?: true
  callbackVar: { 'x:ticket': string }
}

// OSS inserts strings with quotes and absent values as null, so no variable is quoted here (OSS: Callback,
// callbackBody of type application/json).
const BODY = `{${Object.entries({
  bucket: 'bucket',
  object: 'object',
  etag: 'etag',
  size: 'size',
  mimeType: 'mimeType',
  crc64: 'crc64',
  contentMd5: 'contentMd5',
  operation: 'operation',
  reqId: 'reqId',
  imageHeight: 'imageInfo.height',
  imageWidth: 'imageInfo.width',
  imageFormat: 'imageInfo.format',
  ticket: 'x:ticket',
})
  .map(([name, variable]) => `"${name}":\${${variable}}`)
  .join(',')}}`

const TICKET = `\${x:ticket}`

// OSS: Callback, parameters.
const MAX_CALLBACK_CHARACTERS = 5 * 1024

type CallbackInput = { url: string; ticket: string }

/**
 * Returns the callback for the query or headers of a request: JSON in base64, the ticket as variable `x:ticket` (OSS:
 * Callback).
 */
export function encodedCallback({ url, ticket }: CallbackInput): {
  callback: string
  callbackVar: string
} {
  return { callback: encode(url), callbackVar: toBase64(JSON.stringify({ 'x:ticket': ticket })) }
}

/** Returns the callback for a form, in which each variable is a separate field (OSS: Callback, PostObject). */
export function callbackFields({ url, ticket }: CallbackInput): {
  callback: string
  'x:ticket': string
} {
  return { callback: encode(url), 'x:ticket': ticket }
}

/**
 * Returns the callback for a form that sends no variables: the ticket is a part of its body (OSS: Callback). Throws
 * `key_invalid` if it is too long.
 */
export function callbackWithTicket({ url, ticket }: CallbackInput): string {
  const body = BODY.replace(TICKET, () => JSON.stringify(ticket))
  const callback = toBase64(JSON.stringify(callbackOf(url, body)))
  if (callback.length <= MAX_CALLBACK_CHARACTERS) return callback
  throw new Refusal('key_invalid', { problem: 'it is too long for a ticket' })
}

/** Returns the callback for clients that encode it themselves (OSS: Callback). */
export function plainCallback({ url, ticket }: CallbackInput): PlainCallback {
  return { ...callbackOf(url), callbackVar: { 'x:ticket': ticket } }
}

const encode = memoize((url: string) => toBase64(JSON.stringify(callbackOf(url))))

function callbackOf(url: string, body = BODY): Omit<PlainCallback, 'callbackVar'> {
  const base = {
    callbackUrl: url,
    callbackBody: body,
    callbackBodyType: 'application/json' as const,
  }
  // Without SNI, most HTTPS hosts present the wrong certificate to OSS.
  return url.startsWith('https:') ? { ...base, callbackSNI: true } : base
}
