import { Refusal } from '../errors'
import type { Ticket } from '../policy/ticket'
import type { Callback } from './body'
import { headObject, type OssAccess, type StoredObject, unquote } from './stored-object'

/**
 * How much older than its ticket an object may seem, since Function Compute's clock wrote the one and OSS's the other.
 * Both are the provider's own, and both times are rounded down to whole seconds.
 * @internal
 */
export const CLOCK_SKEW_SECONDS = 5

/** Returns the object that a callback names: it exists, is no older than its ticket and is what the callback claims. */
export async function confirmUpload(
  callback: Callback,
  { issuedAt }: Pick<Ticket, 'issuedAt'>,
  access: OssAccess,
): Promise<StoredObject> {
  const stored = await headObject(callback.object, access)
  const agreements = [
    stored.lastModified >= issuedAt - CLOCK_SKEW_SECONDS,
    stored.size === callback.size,
    stored.etag === unquote(callback.etag),
    stored.contentType.toLowerCase() === callback.mimeType.toLowerCase(),
    !stored.crc64 || !callback.crc64 || stored.crc64 === callback.crc64,
  ]
  if (agreements.includes(false)) throw new Refusal('object_mismatch')
  return stored
}
