import { createHash } from 'node:crypto'
import * as v from 'valibot'
import type { StoredObject } from '../callback/confirm'
import type { Callback } from '../callback/upload'
import type { Ticket } from '../policy/ticket'
import { imageSchema, type Upload, uploadSchema, utcTime } from '../rules/upload'
import { nonEmptyString, strictObject } from '../schema/schema'
import { toIsoTime } from '../time'

/** The CloudEvents 1.0 envelope around it, in the JSON format. */
export const uploadEventSchema = strictObject({
  specversion: v.literal('1.0'),
  /** The same for the same upload, however often it is told. */
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  type: v.literal('oss-direct.upload.completed'),
  source: nonEmptyString,
  subject: nonEmptyString,
  time: v.exactOptional(utcTime),
  datacontenttype: v.literal('application/json'),
  data: uploadSchema,
})

/** What the application is told about one upload. */
export type UploadEvent = v.InferOutput<typeof uploadEventSchema>

/** Joins a proven callback, its ticket and the stored object into one upload. */
export function toUpload(callback: Callback, ticket: Ticket, stored: StoredObject): Upload {
  const image = imageOf(callback)
  return {
    rule: ticket.rule,
    sub: ticket.sub,
    ...toFacts({ bucket: callback.bucket, key: callback.object }, stored),
    ...(image && { image }),
    mechanism: ticket.use === 'multipart' ? 'url' : ticket.use,
    proof: 'callback',
  }
}

/** Joins what the key alone says, and the stored object, into one upload that OSS's trigger told of. */
export function toTriggerUpload(
  place: { bucket: string; key: string },
  owner: { rule: string; sub?: string },
  stored: StoredObject,
): Upload {
  return { ...owner, ...toFacts(place, stored), proof: 'trigger' }
}

function toFacts({ bucket, key }: { bucket: string; key: string }, stored: StoredObject) {
  const { size, etag, contentType, metadata, lastModified } = stored
  const facts = { bucket, key, size, etag, contentType, metadata }
  return lastModified === undefined ? facts : { ...facts, uploadedAt: toIsoTime(lastModified) }
}

type Stored = 'bucket' | 'key' | 'size' | 'etag' | 'contentType' | 'metadata' | 'uploadedAt'

/**
 * The name of one stored upload, the same from callback and trigger: a replay makes it again, and whatever is stored
 * otherwise, if only by its type or metadata, another.
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

function imageOf({ imageWidth, imageHeight, imageFormat }: Callback): Upload['image'] {
  const [width, height] = [toPixels(imageWidth), toPixels(imageHeight)]
  const said = { width, height, ...(imageFormat && { format: imageFormat }) }
  return v.is(imageSchema, said) ? said : undefined
}

function toPixels(said: Callback['imageWidth']): number {
  return /^\d{1,6}$/.test(String(said)) ? Number(said) : 0
}
