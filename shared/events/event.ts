import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { type Upload, uploadSchema, utcTime } from '../rules/upload'
import { nonEmptyString, strictObject } from '../schema/schema'

/** The envelope of an upload in JSON (CloudEvents 1.0). */
export const uploadEventSchema = strictObject({
  specversion: v.literal('1.0'),
  /** The same in every delivery of one upload. */
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  type: v.literal('oss-direct.upload.completed'),
  source: nonEmptyString,
  subject: nonEmptyString,
  time: v.exactOptional(utcTime),
  datacontenttype: v.literal('application/json'),
  data: uploadSchema,
})

/** The event that is published for one upload. */
export type UploadEvent = v.InferOutput<typeof uploadEventSchema>

type Stored = 'bucket' | 'key' | 'size' | 'etag' | 'contentType' | 'metadata' | 'uploadedAt'

/**
 * Returns the id of a stored upload, the same for callback, trigger and replay. An object that differs in any of these
 * members, such as type or metadata, has another id.
 */
export function uploadId(upload: Pick<Upload, Stored>): string {
  const { bucket, key, size, etag, contentType, metadata, uploadedAt = null } = upload
  const pairs = Object.entries(metadata).sort()
  const name = JSON.stringify([bucket, key, size, etag, contentType, pairs, uploadedAt])
  return createHash('sha256').update(name).digest('hex')
}

/** Returns the event that reports an upload to the application. */
export function toUploadEvent(upload: Upload): UploadEvent {
  return {
    specversion: '1.0',
    id: uploadId(upload),
    type: 'oss-direct.upload.completed',
    source: `acs:oss:${upload.bucket}`,
    subject: upload.key,
    ...(upload.uploadedAt !== undefined && { time: upload.uploadedAt }),
    datacontenttype: 'application/json',
    data: upload,
  }
}
