import { Refusal } from '../errors'
import { isMetadataAllowed, toMetadataDigest } from '../policy/metadata'
import type { Ticket, TicketUse } from '../policy/ticket'
import { isContentTypeAllowed } from '../rules/content-type'
import type { UploadRule } from '../rules/rule'
import type { StoredObject } from './stored-object'

/** Checks a stored object against its ticket: MD5, object type and metadata; throws `object_mismatch` if one differs. */
export function checkGranted(stored: StoredObject, ticket: Ticket): void {
  const agreements = [
    isPromised(stored, ticket),
    !stored.objectType || OBJECT_TYPES[ticket.use].includes(stored.objectType),
    !stored.headers || isMetadataGranted(stored, ticket),
  ]
  if (agreements.includes(false)) throw new Refusal('object_mismatch')
}

/**
 * Checks a stored object against its current rule: size, type, metadata and headers; throws a refusal if one is not
 * allowed.
 */
export function checkLimits(stored: StoredObject, upload: UploadRule): void {
  const { size, contentType, metadata } = stored
  const { minBytes, maxBytes, isSized, contentTypes } = upload
  if (isSized && (size < minBytes || size > maxBytes)) throw new Refusal('upload_size')
  if (!isContentTypeAllowed(contentType, contentTypes)) throw new Refusal('upload_type')
  const isOfRule = isMetadataAllowed(metadata, upload) && areHeadersOf(stored, upload)
  if (!isOfRule) throw new Refusal('object_mismatch')
}

const OBJECT_TYPES: Readonly<Record<TicketUse, readonly string[]>> = {
  url: ['Normal'],
  form: ['Normal'],
  multipart: ['Multipart'],
  sts: ['Normal', 'Multipart'],
}

// Without Content-MD5, the ETag of an object that was written in one request is its MD5.
function isPromised({ contentMd5, etag }: StoredObject, ticket: Ticket): boolean {
  if (ticket.contentMd5 === undefined) return true
  const hex = Buffer.from(ticket.contentMd5, 'base64').toString('hex')
  return contentMd5 ? contentMd5 === ticket.contentMd5 : etag.toLowerCase() === hex
}

// STS credentials are for many objects, whose metadata only the rule limits.
function isMetadataGranted({ metadata }: StoredObject, ticket: Ticket): boolean {
  return ticket.use === 'sts' || toMetadataDigest(metadata) === ticket.metadataDigest
}

// OSS serves these headers to every downloader, so only those that the rule sets are allowed.
const EXACT = [
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-oss-storage-class',
]
// The default encryption of a bucket may add these.
const ENCRYPTION = ['x-oss-server-side-encryption', 'x-oss-server-side-encryption-key-id']
// A browser with a disabled cache sends these with an upload; they are harmless.
const HARMLESS_CACHING: readonly (string | undefined)[] = ['no-cache', 'no-store', 'max-age=0']

function areHeadersOf({ headers }: StoredObject, { headers: fixed }: UploadRule): boolean {
  if (!headers) return true
  const caching = headers['cache-control']
  return (
    EXACT.every((name) => headers[name] === fixed[name]) &&
    (caching === fixed['cache-control'] ||
      (!fixed['cache-control'] && HARMLESS_CACHING.includes(caching))) &&
    ENCRYPTION.every((name) => fixed[name] === undefined || headers[name] === fixed[name])
  )
}
