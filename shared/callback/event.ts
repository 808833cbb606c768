import { createHash } from 'node:crypto'
import type { Ticket } from '../auth/ticket'
import type { Mechanism } from '../policy/grant'
import { toIsoTime } from '../time'
import type { StoredObject } from './confirm'
import type { Callback } from './upload'

/** A proven upload: what was granted, what is stored, and how we know. */
export type Upload = {
  rule: string
  sub: string
  bucket: string
  key: string
  size: number
  etag: string
  contentType: string
  image?: { width: number; height: number; format?: string }
  metadata: Readonly<Record<string, string>>
  /** Unknown when only OSS's trigger told us. */
  mechanism?: Mechanism
  proof: 'callback' | 'trigger'
  /** RFC 3339, UTC. */
  uploadedAt: string
}

/** What the application is told about one upload (CloudEvents 1.0, JSON format). */
export type UploadEvent = {
  specversion: '1.0'
  id: string
  type: 'oss-direct.upload.completed'
  source: string
  subject: string
  time: string
  datacontenttype: 'application/json'
  data: Upload
}

/** Joins a proven callback, its ticket and the stored object into one upload. */
export function toUpload(callback: Callback, ticket: Ticket, stored: StoredObject): Upload {
  const image = imageOf(callback)
  return {
    rule: ticket.rule,
    sub: ticket.sub,
    bucket: callback.bucket,
    key: callback.object,
    size: stored.size,
    etag: stored.etag,
    contentType: stored.contentType,
    ...(image && { image }),
    metadata: stored.metadata,
    mechanism: ticket.use === 'multipart' ? 'url' : ticket.use,
    proof: 'callback',
    uploadedAt: toIsoTime(stored.lastModified),
  }
}

/** The name of one stored upload, the same from callback and trigger: a replay makes it again, a new upload another. */
export function uploadId(upload: Pick<Upload, 'bucket' | 'key' | 'etag' | 'uploadedAt'>): string {
  const { bucket, key, etag, uploadedAt } = upload
  const name = JSON.stringify([bucket, key, etag, uploadedAt])
  return createHash('sha256').update(name).digest('hex')
}

/** The envelope that carries an upload to the application. */
export function uploadEvent(upload: Upload): UploadEvent {
  return {
    specversion: '1.0',
    id: uploadId(upload),
    type: 'oss-direct.upload.completed',
    source: `acs:oss:${upload.bucket}`,
    subject: upload.key,
    time: upload.uploadedAt,
    datacontenttype: 'application/json',
    data: upload,
  }
}

function imageOf({ imageWidth, imageHeight, imageFormat }: Callback): Upload['image'] {
  const width = Number(imageWidth ?? Number.NaN)
  const height = Number(imageHeight ?? Number.NaN)
  if (!(width > 0 && height > 0)) return undefined
  return { width, height, ...(imageFormat && { format: imageFormat }) }
}
