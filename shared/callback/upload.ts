import * as v from 'valibot'
import type { Ticket } from '../policy/ticket'
import { imageSchema, type Upload } from '../rules/upload'
import { toIsoTime } from '../time'
import type { Callback } from './body'
import type { StoredObject } from './stored-object'

/** Returns the upload of a proven callback, its ticket and the stored object. */
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

/** Returns the upload that OSS's trigger reports, from the key and the stored object. */
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

function imageOf({ imageWidth, imageHeight, imageFormat }: Callback): Upload['image'] {
  const [width, height] = [toPixels(imageWidth), toPixels(imageHeight)]
  const claimed = { width, height, ...(imageFormat && { format: imageFormat }) }
  return v.is(imageSchema, claimed) ? claimed : undefined
}

function toPixels(claimed: Callback['imageWidth']): number {
  return /^\d{1,6}$/.test(String(claimed)) ? Number(claimed) : 0
}
