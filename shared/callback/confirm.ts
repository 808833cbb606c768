import { Refusal } from '../errors'
import type { Ticket } from '../policy/ticket'
import type { Callback } from './body'
import { headObject, type OssAccess, type StoredObject, unquote } from './stored-object'

/**
 * The time by which an object may seem older than its ticket, because one time is from OSS's clock and the other from
 * Function Compute's. Both are rounded down to whole seconds.
 * @internal
 */
export const CLOCK_SKEW_SECONDS = 5

/**
 * Returns the object of a callback; throws `object_mismatch` if it does not exist, is older than its ticket or differs
 * from the callback.
 */
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
