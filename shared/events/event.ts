import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { type Upload, uploadSchema, utcTime } from '../rules/upload'
import { nonEmptyString, strictObject } from '../schema/schema'

/** The CloudEvents 1.0 envelope around it, in the JSON format. */
export const uploadEventSchema = strictObject({
  specversion: v.literal('1.0'),
  /** The same for the same upload, however often it is delivered. */
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  type: v.literal('oss-direct.upload.completed'),
  source: nonEmptyString,
  subject: nonEmptyString,
  time: v.exactOptional(utcTime),
  datacontenttype: v.literal('application/json'),
  data: uploadSchema,
})

/** What is published of one upload. */
export type UploadEvent = v.InferOutput<typeof uploadEventSchema>

type Stored = 'bucket' | 'key' | 'size' | 'etag' | 'contentType' | 'metadata' | 'uploadedAt'

/**
 * The name of one stored upload, the same from callback and trigger: a replay makes it again, and whatever is stored
 * otherwise, if only by its type or metadata, another.
 * @internal
 */
export function uploadId(upload: Pick<Upload, Stored>): string {
  const { bucket, key, size, etag, contentType, metadata, uploadedAt = null } = upload
  const pairs = Object.entries(metadata).sort()
  const name = JSON.stringify([bucket, key, size, etag, contentType, pairs, uploadedAt])
  return createHash('sha256').update(name).digest('hex')
}

/** The envelope that carries an upload to the application. */
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
