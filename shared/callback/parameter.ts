import { keepSome } from '../signing/memo'

/** The callback parameter in each form that a client or a signature needs. */
export type CallbackParameter = {
  /** Base64 JSON, for the query or header of a PUT. */
  callback: string
  /** Base64 JSON with the ticket as `x:ticket`. */
  callbackVar: string
  /** For a form, where each variable is a field of its own. */
  fields: { callback: string; 'x:ticket': string }
  /** The same in plain words, for clients that encode it themselves. */
  plain: PlainCallback
}

type PlainCallback = {
  callbackUrl: string
  callbackBody: string
  callbackBodyType: 'application/json'
  callbackSNI?: true
  callbackVar: { 'x:ticket': string }
}

// OSS puts text in with its quotes and an absent value as null, so no variable is quoted here (OSS: Callback,
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

/** What OSS is asked to send to `url` after the upload that this ticket stands for; each form is made when it is read. */
export function callbackParameter(order: { url: string; ticket: string }): CallbackParameter {
  const { url, ticket } = order
  const variables = { 'x:ticket': ticket }
  return {
    get callback() {
      return encodedCallback(url)
    },
    get callbackVar() {
      return toBase64(variables)
    },
    get fields() {
      return { callback: encodedCallback(url), ...variables }
    },
    get plain() {
      return { ...callbackOf(url), callbackVar: variables }
    },
  }
}

const encodedCallback = keepSome((url: string) => toBase64(callbackOf(url)))

function callbackOf(url: string): Omit<PlainCallback, 'callbackVar'> {
  const base = {
    callbackUrl: url,
    callbackBody: BODY,
    callbackBodyType: 'application/json' as const,
  }
  // Without SNI most HTTPS hosts answer OSS with the wrong certificate.
  return url.startsWith('https:') ? { ...base, callbackSNI: true } : base
}

function toBase64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}
