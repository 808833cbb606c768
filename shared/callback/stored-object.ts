import { Refusal } from '../errors'
import type { IncomingResponse, Send } from '../http/message'
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
  /** User metadata, names without `x-oss-meta-`. */
  metadata: Readonly<Record<string, string>>
}

/** The stored object as HeadObject reports it. */
type SeenObject = StoredObject & { lastModified: number }

/** What a request of our own to OSS takes; `now` in Unix seconds. */
export type OssAccess = { target: OssTarget; credentials: Credentials; now: number; send: Send }

const TIMEOUT_MS = 1000
const MAX_ANSWER_BYTES = 16_384
const META_PREFIX = 'x-oss-meta-'

/** What a callback alone says of its object, for a deployment with `CONFIRM_UPLOADS` off. */
export function unconfirmed({ size, etag, mimeType }: Callback): StoredObject {
  return { size, etag: unquote(etag), contentType: mimeType, metadata: {} }
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
  return {
    size,
    etag: unquote(etag),
    contentType: headers['content-type'] ?? '',
    lastModified,
    ...(crc64 && { crc64 }),
    metadata: toMetadata(headers),
  }
}

function toMetadata(headers: IncomingResponse['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(META_PREFIX))
      .map(([name, value]) => [name.slice(META_PREFIX.length), value]),
  )
}

/** The ETag without the quotes that headers have around it. */
export function unquote(etag: string): string {
  return etag.replace(/^"|"$/g, '')
}
