import type { BucketContext, Context } from '../cloud'
import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { ObjectRecord } from '../store/records'
import { checkKey, decodeText, isBucketName } from '../wire'
import { notImplemented } from './names'
import { badArgument } from './object-headers'
import { isNotModified } from './preconditions'

const HEADER = 'x-oss-copy-source'

/** Parses `x-oss-copy-source: /bucket/key`. */
export function parseCopySource({ request }: Context): { bucket: string; key: string } {
  const header = request.headers[HEADER] ?? ''
  if (header.includes('?')) throw notImplemented(`Versioning (${HEADER} with a version)`)
  const [, bucket = '', key = ''] = /^\/?([^/]+)\/([\s\S]+)$/.exec(decodeText(header)) ?? []
  if (!isBucketName(bucket)) throw badArgument(HEADER, header)
  return { bucket, key: checkKey(key) }
}

/** Returns the source object; throws an `OssError` if it is missing or a precondition fails. */
export function findCopySource(context: BucketContext): ObjectRecord {
  const { bucket: name, key } = parseCopySource(context)
  const bucket = context.cloud.store.bucket(name)
  if (!bucket) throw new OssError(OBJECT.noSuchBucket, { BucketName: name })
  const record = bucket.objects.get(key)
  if (!record) throw new OssError(OBJECT.noSuchKey, { Key: key })
  if (isNotModified(record, conditionsOf(context))) throw new OssError(OBJECT.notModified)
  return record
}

function conditionsOf({ request: { headers } }: Context): Record<string, string> {
  const prefix = `${HEADER}-if-`
  const entries = Object.entries(headers)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [`if-${name.slice(prefix.length)}`, value])
  return Object.fromEntries(entries)
}
