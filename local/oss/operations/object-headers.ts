import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { BucketAcl, ObjectAcl, ObjectRecord } from '../store/records'
import type { Bucket } from '../store/state'
import type { Headers } from '../wire'
import { checkEncryption, encryptionHeaders } from './encryption'

const STORED = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-oss-storage-class',
]
const META_PREFIX = 'x-oss-meta-'
const MAX_META_BYTES = 8 * 1024
const MAX_TAGS = 10
/** The storage classes of objects and buckets. */
export const STORAGE_CLASSES = new Set([
  'Standard',
  'IA',
  'Archive',
  'ColdArchive',
  'DeepColdArchive',
])
const BUCKET_ACLS = ['private', 'public-read', 'public-read-write'] as const
const OBJECT_ACLS = ['default', ...BUCKET_ACLS] as const

/** The properties of an object that its writer sets. */
export type ObjectHead = Pick<ObjectRecord, 'headers' | 'acl' | 'tags'>

/** Reads the headers that are stored with an object. */
export function readObjectHead(headers: Headers): ObjectHead {
  const stored: Record<string, string> = { 'content-type': 'application/octet-stream' }
  for (const name of STORED) {
    const value = headers[name]
    if (value !== undefined && value !== '') stored[name] = value
  }
  checkEncryption(headers)
  const storageClass = headers['x-oss-storage-class']
  if (storageClass === '') throw new OssError(OBJECT.storageClassEmpty)
  if (storageClass !== undefined && !STORAGE_CLASSES.has(storageClass)) {
    throw badArgument('x-oss-storage-class', storageClass)
  }
  return {
    headers: { ...stored, ...encryptionHeaders(headers), ...readMeta(headers) },
    acl: readObjectAcl(headers['x-oss-object-acl']),
    tags: readTags(headers['x-oss-tagging']),
  }
}

/** Returns stored headers with a storage class, the bucket's by default. */
export function withStorageClass(
  headers: ObjectRecord['headers'],
  { settings }: Bucket,
): ObjectRecord['headers'] {
  return { 'x-oss-storage-class': settings.storageClass, ...headers }
}

/** Parses an object ACL; absent or empty means the bucket's. */
export function readObjectAcl(value: string | undefined): ObjectAcl {
  if (value === undefined || value === '') return 'default'
  const acl = OBJECT_ACLS.find((known) => known === value)
  if (!acl) throw badArgument('x-oss-object-acl', value)
  return acl
}

/** Parses a bucket ACL; absent means private. */
export function readBucketAcl(value: string | undefined): BucketAcl {
  if (value === undefined) return 'private'
  const acl = BUCKET_ACLS.find((known) => known === value)
  if (!acl) throw badArgument('x-oss-acl', value)
  return acl
}

/** Returns an InvalidArgument error with the argument's name and value. */
export function badArgument(name: string, value: string): OssError {
  return new OssError(OBJECT.argument, { ArgumentName: name, ArgumentValue: value })
}

/**
 * Returns the tags, or throws an `OssError` beyond OSS's limits: at most 10, keys of 1 to 128 and
 * values of up to 256 characters.
 */
export function checkTags(tags: [string, string][]): [string, string][] {
  const isFine =
    tags.length <= MAX_TAGS &&
    new Set(tags.map(([name]) => name)).size === tags.length &&
    tags.every(([name, value]) => isTagText(name, 1, 128) && isTagText(value, 0, 256))
  if (!isFine) throw new OssError(OBJECT.argument, { ArgumentName: 'x-oss-tagging' })
  return tags
}

function isTagText(text: string, min: number, max: number): boolean {
  return text.length >= min && text.length <= max && /^[\p{L}\p{N} +\-=._:/]*$/u.test(text)
}

function readTags(value: string | undefined): [string, string][] {
  if (value === undefined || value === '') return []
  return checkTags([...new URLSearchParams(value)])
}

function readMeta(headers: Headers): Record<string, string> {
  const names = Object.keys(headers).filter((name) => name.startsWith(META_PREFIX))
  const bad = names.find((name) => !/^x-oss-meta-[a-z0-9-]+$/.test(name))
  if (bad !== undefined) throw badArgument(bad, headers[bad] ?? '')
  const meta = Object.fromEntries(names.map((name) => [name, headers[name] ?? '']))
  const bytes = Object.entries(meta).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  )
  if (bytes > MAX_META_BYTES) throw new OssError(OBJECT.metadataTooLarge)
  return meta
}

/** Returns the headers of every response about an object. */
export function objectHeaders(record: ObjectRecord): Record<string, string> {
  return {
    ...record.headers,
    etag: `"${record.etag}"`,
    'last-modified': new Date(record.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
    'x-oss-object-type': record.kind,
    'x-oss-storage-class': record.headers['x-oss-storage-class'] ?? 'Standard',
    'x-oss-hash-crc64ecma': record.crc64,
    ...(record.md5 !== undefined && { 'content-md5': record.md5 }),
    ...(record.tags.length > 0 && { 'x-oss-tagging-count': String(record.tags.length) }),
    ...(record.kind === 'Appendable' && { 'x-oss-next-append-position': String(record.size) }),
  }
}

/** Returns the headers of the response to a write. */
export function writtenHeaders(record: ObjectRecord): Record<string, string> {
  return {
    etag: `"${record.etag}"`,
    'x-oss-hash-crc64ecma': record.crc64,
    ...(record.md5 !== undefined && { 'content-md5': record.md5 }),
    ...encryptionHeaders(record.headers),
  }
}
