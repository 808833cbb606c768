import { createHash } from 'node:crypto'
import type { BucketContext } from '../cloud'
import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import { combineCrc64 } from '../store/crc64'
import type { Change, Growth, ObjectRecord } from '../store/records'
import type { Blob } from '../store/store'
import { firstValue } from '../wire'
import {
  badArgument,
  type ObjectHead,
  readObjectHead,
  withStorageClass,
  writtenHeaders,
} from './object-headers'
import { type Operation, toWrite } from './operation'
import {
  checkAcl,
  checkForbidOverwrite,
  checkStillThere,
  MAX_OBJECT_BYTES,
  noteCreated,
  receiveBody,
} from './put-object'

/** AppendObject: creates an appendable object at position 0, or appends to it. */
export const appendObject: Operation = {
  name: 'AppendObject',
  needs: toWrite,
  run: async (context) => {
    const { request } = context
    const position = readPosition(firstValue(request.query, 'position'))
    const head = readObjectHead(request.headers)
    checkAcl(context.bucket, head.acl)
    checkPosition(context, position)
    const blob = await receiveBody(context, context.body)
    const { record, former } = await addToEnd(context, blob, { position, head })
    noteCreated(context, { operation: 'AppendObject', record, former })
    return {
      status: 200,
      headers: { ...writtenHeaders(record), 'x-oss-next-append-position': String(record.size) },
    }
  },
}

async function addToEnd(
  context: BucketContext,
  blob: Blob,
  { position, head }: { position: number; head: ObjectHead },
): Promise<{ record: ObjectRecord; former: ObjectRecord | undefined }> {
  const { cloud, bucket } = context
  try {
    // Another request may have appended, or changed the bucket, while the body arrived.
    const former = checkPosition(context, position)
    if (position + blob.size > MAX_OBJECT_BYTES) throw new OssError(OBJECT.entityTooLarge)
    checkAcl(bucket, former?.acl ?? head.acl)
    checkStillThere(cloud.store.bucket(bucket.name), bucket.name)
    const { record, change } = extend(context, former, { blob, head })
    cloud.store.commit(change)
    return { record, former }
  } catch (error) {
    await cloud.store.discard(blob.blob)
    throw error
  }
}

function checkPosition(
  { request, bucket }: BucketContext,
  position: number,
): ObjectRecord | undefined {
  const former = bucket.objects.get(request.key)
  if (position === 0) checkForbidOverwrite(bucket, request.key, request.headers)
  if (former && former.kind !== 'Appendable') throw new OssError(OBJECT.notAppendable)
  const next = former?.size ?? 0
  if (position === next) return former
  const headers = { 'x-oss-next-append-position': String(next) }
  throw new OssError(OBJECT.position, {}, { headers })
}

// The record of a growing object is not written again: with its list of segments the journal would
// grow quadratically.
function extend(
  { cloud, request: { key }, bucket: target }: BucketContext,
  former: ObjectRecord | undefined,
  { blob, head }: { blob: Blob; head: ObjectHead },
): { record: ObjectRecord; change: Change } {
  const bucket = target.name
  const segment = { blob: blob.blob, size: blob.size }
  const grown = grow(former ?? { size: 0, etag: '', crc64: '0' }, blob, cloud.now())
  if (former) {
    const record = { ...former, ...grown }
    return { record, change: { type: 'append', bucket, key, segment, grown } }
  }
  const headers = withStorageClass(head.headers, target)
  const kind = 'Appendable'
  const record: ObjectRecord = { key, kind, ...head, headers, segments: [segment], ...grown }
  return { record, change: { type: 'put', bucket, record } }
}

function grow(
  { size, etag, crc64 }: Omit<Growth, 'modifiedAt'>,
  blob: Blob,
  modifiedAt: number,
): Growth {
  const digest = createHash('md5').update(etag).update(blob.md5)
  return {
    size: size + blob.size,
    etag: digest.digest('hex').toUpperCase(),
    crc64: combineCrc64(crc64, blob.crc64, blob.size),
    modifiedAt,
  }
}

function readPosition(text: string | undefined): number {
  if (text === undefined) throw new OssError(OBJECT.positionMissing)
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw badArgument('position', text)
}
