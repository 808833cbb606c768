import { Refusal } from '../errors'
import type { IncomingResponse, Send } from '../http/message'
import { metadataOf } from '../policy/metadata'
import { signHeaders } from '../signing/header'
import type { OssTarget } from '../signing/target'
import type { Credentials } from '../signing/v4'
import type { Callback } from './body'

/** The stored object as HeadObject reports it, or as callback or trigger report it if `CONFIRM_UPLOADS` is off. */
export type StoredObject = {
  size: number
  etag: string
  contentType: string
  /** Unix seconds; absent without HeadObject. */
  lastModified?: number
  crc64?: string
  /** Base64; OSS has it only for objects that were written in one request. */
  contentMd5?: string
  /** `Normal`, `Multipart` or `Appendable`. */
  objectType?: string
  /** Other headers stored and served with the object, by lower-case name; absent without HeadObject. */
  headers?: Readonly<Record<string, string>>
  /** User metadata, names without `x-oss-meta-`. */
  metadata: Readonly<Record<string, string>>
}

/** The stored object as HeadObject reports it. */
type SeenObject = StoredObject & { lastModified: number }

/** The target, credentials, time and network of our requests to OSS; `now` in Unix seconds. */
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

/** Returns the object as its callback reports it, for a deployment with `CONFIRM_UPLOADS` off. */
export function unconfirmed({ size, etag, mimeType, contentMd5 }: Callback): StoredObject {
  const claimed = { size, etag: unquote(etag), contentType: mimeType, metadata: {} }
  return { ...claimed, ...(contentMd5 && { contentMd5 }) }
}

/**
 * Returns the stored object (OSS: HeadObject), with a timeout of 1 s and one retry after a 5xx; throws `object_mismatch`
 * or `object_unavailable`.
 */
export async function headObject(key: string, access: OssAccess): Promise<SeenObject> {
  const first = await sendHead(key, access)
  const answer = first.status >= 500 ? await sendHead(key, access) : first
  if (answer.status === 404) throw new Refusal('object_mismatch')
  if (answer.status !== 200) throw new Refusal('object_unavailable')
  // OSS returns size and ETag of the target of a symbolic link, to which its writer may have no right.
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

/** Returns an ETag without its quotes. */
export function unquote(etag: string): string {
  return etag.replaceAll('"', '')
}
