import { createHash } from 'node:crypto'
import type { BucketContext } from '../cloud'
import { OssError } from '../errors/fault'
import { OBJECT } from '../errors/object'
import { combineCrc64 } from '../store/crc64'
import type { ObjectRecord } from '../store/records'
import type { Blob } from '../store/store'
import { firstValue } from '../wire'
import { badArgument, type ObjectHead, readObjectHead, writtenHeaders } from './object-headers'
import { type Operation, toWrite } from './operation'
import {
  checkAcl,
  checkForbidOverwrite,
  commitObject,
  MAX_OBJECT_BYTES,
  receiveBody,
} from './put-object'

/** AppendObject: begins an appendable object at position 0, or adds to its end. */
export const appendObject: Operation = {
  name: 'AppendObject',
  needs: toWrite,
  run: async (context) => {
    const { cloud, request } = context
    const position = readPosition(firstValue(request.query, 'position') ?? '')
    const head = readObjectHead(request.headers)
    checkAcl(context.bucket, head.acl)
    checkPosition(context, position)
    const blob = await receiveBody(context, context.body)
    const former = await recheck(context, position, blob)
    const record = extend(former, { key: request.key, blob, head, now: cloud.now() })
    await commitObject(context, record, { headers: {}, operation: 'AppendObject' })
    return {
      status: 200,
      headers: { ...writtenHeaders(record), 'x-oss-next-append-position': String(record.size) },
    }
  },
}

// Somebody else may have appended while the bytes arrived.
async function recheck(
  context: BucketContext,
  position: number,
  { blob, size }: Blob,
): Promise<ObjectRecord | undefined> {
  try {
    const former = checkPosition(context, position)
    if ((former?.size ?? 0) + size > MAX_OBJECT_BYTES) throw new OssError(OBJECT.entityTooLarge)
    return former
  } catch (error) {
    await context.cloud.store.discard(blob)
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

function extend(
  former: ObjectRecord | undefined,
  { key, blob, head, now }: { key: string; blob: Blob; head: ObjectHead; now: number },
): ObjectRecord {
  const digest = createHash('md5')
    .update(former?.etag ?? '')
    .update(blob.md5)
  const segment = { blob: blob.blob, size: blob.size }
  return {
    ...(former ?? { key, ...head }),
    kind: 'Appendable',
    segments: [...(former?.segments ?? []), segment],
    size: (former?.size ?? 0) + blob.size,
    etag: digest.digest('hex').toUpperCase(),
    crc64: combineCrc64(former?.crc64 ?? '0', blob.crc64, blob.size),
    modifiedAt: now,
  }
}

function readPosition(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw badArgument('position', text)
}
