import { Refusal } from '../errors'
import type { IncomingResponse, Send } from '../http/message'
import { metadataOf } from '../policy/metadata'
import { signHeaders } from '../signing/header'
import type { OssTarget } from '../signing/target'
import type { Credentials } from '../signing/v4'
import type { Callback } from './body'

/** The stored object as HeadObject reports it, or as the callback or trigger does where `CONFIRM_UPLOADS` is off. */
export type StoredObject = {
  size: number
  etag: string
  contentType: string
  /** Unix seconds; unknown without HeadObject. */
  lastModified?: number
  crc64?: string
  /** Base64; OSS has it of objects that were written in one piece. */
  contentMd5?: string
  /** `Normal`, `Multipart` or `Appendable`. */
  objectType?: string
  /** What else is stored and served with the object, by lower-case name; unknown without HeadObject. */
  headers?: Readonly<Record<string, string>>
  /** User metadata, names without `x-oss-meta-`. */
  metadata: Readonly<Record<string, string>>
}

/** The stored object as HeadObject reports it. */
type SeenObject = StoredObject & { lastModified: number }

/** What a request of our own to OSS takes; `now` in Unix seconds. */
export type OssAccess = { target: OssTarget; credentials: Credentials; now: number; send: Send }

const TIMEOUT_MS = 1000
const MAX_ANSWER_BYTES = 16_384
const SHOWN = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-oss-storage-class',
  'x-oss-server-side-encryption',
  'x-oss-server-side-encryption-key-id',
]

/** What a callback alone says of its object, for a deployment with `CONFIRM_UPLOADS` off. */
export function unconfirmed({ size, etag, mimeType, contentMd5 }: Callback): StoredObject {
  const claimed = { size, etag: unquote(etag), contentType: mimeType, metadata: {} }
  return { ...claimed, ...(contentMd5 && { contentMd5 }) }
}

/** HeadObject (OSS: HeadObject) within 1 s a try, with one more try after a 5xx. */
export async function headObject(key: string, access: OssAccess): Promise<SeenObject> {
  const first = await sendHead(key, access)
  const answer = first.status >= 500 ? await sendHead(key, access) : first
  if (answer.status === 404) throw new Refusal('object_mismatch')
  if (answer.status !== 200) throw new Refusal('object_unavailable')
  // OSS answers with size and ETag of what a symbolic link leads to, which its writer need not have any right to.
  if (answer.headers['x-oss-object-type'] === 'Symlink') throw new Refusal('object_mismatch')
  return toStored(answer.headers)
}

async function sendHead(key: string, access: OssAccess): Promise<IncomingResponse> {
  const { target, credentials, now, send } = access
  const request = signHeaders({ method: 'HEAD', target, key, credentials, now })
  try {
    return await send({ ...request, timeoutMs: TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES })
  } catch (cause) {
    throw new Refusal('object_unavailable', {}, { cause })
  }
}

function toStored(headers: IncomingResponse['headers']): SeenObject {
  const size = Number(headers['content-length'])
  const lastModified = Date.parse(headers['last-modified'] ?? '') / 1000
  const { etag } = headers
  const isComplete = Number.isSafeInteger(size) && size >= 0 && lastModified > 0 && etag
  if (!isComplete) throw new Refusal('object_unavailable')
  const crc64 = headers['x-oss-hash-crc64ecma']
  const contentMd5 = headers['content-md5']
  const objectType = headers['x-oss-object-type']
  return {
    size,
    etag: unquote(etag),
    contentType: headers['content-type'] ?? '',
    lastModified,
    ...(crc64 && { crc64 }),
    ...(contentMd5 && { contentMd5 }),
    ...(objectType && { objectType }),
    headers: toShown(headers),
    metadata: metadataOf(headers),
  }
}

function toShown(headers: IncomingResponse['headers']): Record<string, string> {
  const shown = SHOWN.flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [[name, value]]
  })
  return { 'x-oss-storage-class': 'Standard', ...Object.fromEntries(shown) }
}

/** The ETag without the quotes that headers have around it. */
export function unquote(etag: string): string {
  return etag.replace(/^"|"$/g, '')
}
