import type { Readable } from 'node:stream'
import { readCallback } from '../callback/parameter'
import { runCallback } from '../callback/run'
import type { BucketContext } from '../cloud'
import { ACCESS } from '../errors/access'
import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { ObjectAcl, ObjectRecord } from '../store/records'
import type { Bucket } from '../store/state'
import type { Blob } from '../store/store'
import type { Headers } from '../wire'
import { announcedLength, checkMd5 } from './body'
import { type ObjectHead, readObjectHead, withStorageClass, writtenHeaders } from './object-headers'
import { type Operation, toWrite } from './operation'

/** The largest body of one PutObject, PostObject or part. */
export const MAX_OBJECT_BYTES = 5 * 1024 ** 3

/** The PutObject operation. */
export const putObject: Operation = {
  name: 'PutObject',
  needs: toWrite,
  run: async (context) => {
    const { cloud, request, bucket, body } = context
    const callback = readCallback(request)
    const head = readObjectHead(request.headers)
    // On a bucket that has or had versioning, x-oss-forbid-overwrite means nothing (OSS: PutObject).
    const sent: Headers = cloud.isVersioned ? {} : request.headers
    checkForbidOverwrite(bucket, request.key, sent)
    checkAcl(bucket, head.acl)
    const blob = await receiveBody(context, body)
    const record = toRecord(request.key, blob, { head, now: cloud.now() })
    await commitObject(context, record, { headers: sent, operation: 'PutObject' })
    const version = cloud.isVersioned ? { 'x-oss-version-id': 'null' } : {}
    const headers = { ...writtenHeaders(record), ...version }
    if (!callback) return { status: 200, headers }
    return runCallback(context, callback, { record, operation: 'PutObject', headers })
  },
}

/** Stores a request's body and checks its length and Content-MD5. */
export async function receiveBody(
  { cloud, request }: BucketContext,
  body: Readable,
): Promise<Blob> {
  const { headers } = request
  checkLength(headers)
  const blob = await cloud.store.write(body, {
    maxBytes: MAX_OBJECT_BYTES,
    tooLarge: () => new OssError(OBJECT.entityTooLarge),
  })
  try {
    checkMd5(headers['content-md5'], () => blob.md5)
    return blob
  } catch (error) {
    await cloud.store.discard(blob.blob)
    throw error
  }
}

/** Returns the record of an object that was written in one piece. */
export function toRecord(
  key: string,
  { blob, size, md5, crc64 }: Blob,
  { head, now }: { head: ObjectHead; now: number },
): ObjectRecord {
  return {
    key,
    kind: 'Normal',
    segments: [{ blob, size }],
    size,
    etag: md5.toString('hex').toUpperCase(),
    md5: md5.toString('base64'),
    crc64,
    ...head,
    modifiedAt: now,
  }
}

/**
 * Makes an object visible, with a storage class. Throws an `OssError` and deletes its bytes if it
 * may not be overwritten, its ACL is forbidden or its bucket is gone.
 */
export async function commitObject(
  context: BucketContext,
  record: ObjectRecord,
  { headers: sent, operation }: { headers: Headers; operation: string },
): Promise<void> {
  const { cloud, bucket } = context
  const former = bucket.objects.get(record.key)
  try {
    checkForbidOverwrite(bucket, record.key, sent)
    checkAcl(bucket, record.acl)
    checkStillThere(cloud.store.bucket(bucket.name), bucket.name)
    const headers = withStorageClass(record.headers, bucket)
    cloud.store.commit({ type: 'put', bucket: bucket.name, record: { ...record, headers } })
  } catch (error) {
    await Promise.all(record.segments.map(({ blob }) => cloud.store.discard(blob)))
    throw error
  }
  noteCreated(context, { operation, record, former })
}

/** Notifies `onCreated` of an object that was written, and of the change in size. */
export function noteCreated(
  { cloud, bucket, request, principal }: BucketContext,
  {
    operation,
    record,
    former,
  }: { operation: string; record: ObjectRecord; former: ObjectRecord | undefined },
): void {
  const deltaSize = record.size - (former?.size ?? 0)
  cloud.onCreated({ operation, bucket: bucket.name, record, deltaSize, request, principal })
}

/** Throws an `OssError` for a public ACL if Block Public Access is enabled. */
export function checkAcl({ settings }: Bucket, acl: ObjectAcl): void {
  if (settings.blocksPublicAccess && acl.startsWith('public')) {
    throw new OssError(ACCESS.publicObjectAcl)
  }
}

/** Throws an `OssError` if `x-oss-forbid-overwrite: true` protects an existing object. */
export function checkForbidOverwrite(bucket: Bucket, key: string, headers: Headers): void {
  const flag = headers['x-oss-forbid-overwrite'] ?? 'false'
  if (flag !== 'true' && flag !== 'false') throw new OssError(OBJECT.overwriteFlag)
  if (flag === 'false' || !bucket.objects.has(key)) return
  throw new OssError(OBJECT.fileAlreadyExists, { Key: key })
}

/** Throws NoSuchBucket if the bucket was deleted while the body arrived. */
export function checkStillThere(bucket: Bucket | undefined, name: string): void {
  if (!bucket) throw new OssError(OBJECT.noSuchBucket, { BucketName: name })
}

function checkLength(headers: Headers): void {
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    throw new OssError(OBJECT.missingContentLength)
  }
  if (announcedLength(headers) > MAX_OBJECT_BYTES) throw new OssError(OBJECT.entityTooLarge)
}
