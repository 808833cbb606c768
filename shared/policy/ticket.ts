import type { PrefixFormGrant, PrefixGrant, UploadGrant } from './grant'
import { metadataOf, toMetadataDigest } from './metadata'

/** The only way of uploading that a ticket is valid for; `multipart` is a URL for each part. */
export type TicketUse = 'url' | 'form' | 'sts' | 'multipart'

/** The granted limits of an upload, which the client and OSS pass back to us. */
export type Ticket = {
  /** A unique id, which the ledger marks as used. */
  id: string
  use: TicketUse
  rule: string
  sub: string
  bucket: string
  minBytes: number
  maxBytes: number
  /** The granted type; for STS, the patterns of the rule. */
  contentTypes: readonly string[]
  /** The MD5 in base64, if the caller declared it. */
  contentMd5?: string
  /** The digest of the user metadata, if one object with metadata was granted. */
  metadataDigest?: string
  /** The part size in bytes, only for `multipart`. */
  partSize?: number
  /** The file name, if the key does not contain it. */
  filename?: string
  /** Unix seconds, as `expiresAt`; an older object was not uploaded with this ticket. */
  issuedAt: number
  expiresAt: number
} & ({ key: string } | { prefix: string })

/**
 * The time for which a ticket outlives its grant: OSS checks the expiry of a URL when the upload starts, and sends the
 * callback when it ends. 6 hours are enough for 2 GiB at 1 Mbit/s.
 * @internal
 */
export const TICKET_GRACE_SECONDS = 21_600

/** The time in which URLs for the parts of one upload can be requested: a day, so that a paused upload can continue. */
const MULTIPART_TICKET_SECONDS = 86_400

type Bounds = 'rule' | 'sub' | 'bucket' | 'minBytes' | 'maxBytes' | 'expiresAt'
type OfObject =
  | Bounds
  | 'kind'
  | 'mechanism'
  | 'key'
  | 'contentType'
  | 'contentLength'
  | 'contentMd5'
  | 'headers'
type OfPrefix = Bounds | 'kind' | 'prefix' | 'contentTypes'

/** The members of a grant that its ticket contains. */
export type TicketGrant = Pick<UploadGrant, OfObject> | Pick<PrefixGrant, OfPrefix>

/** Returns the ticket for a grant: the same limits, valid from `now` until `TICKET_GRACE_SECONDS` after the grant. */
export function toTicket(grant: TicketGrant, { id, now }: { id: string; now: number }): Ticket {
  const { rule, sub, bucket, minBytes, maxBytes } = grant
  const life = { issuedAt: now, expiresAt: grant.expiresAt + TICKET_GRACE_SECONDS }
  if (grant.kind === 'prefix') {
    const { prefix, contentTypes } = grant
    return {
      id,
      use: 'sts',
      rule,
      sub,
      bucket,
      prefix,
      minBytes,
      maxBytes,
      contentTypes,
      ...life,
    }
  }
  const { mechanism: use, key, contentLength } = grant
  const contentTypes = [grant.contentType]
  const limits = {
    minBytes: contentLength ?? minBytes,
    maxBytes: contentLength ?? maxBytes,
    contentTypes,
    ...life,
  }
  const ticket: Ticket = { id, use, rule, sub, bucket, key, ...limits }
  if (grant.contentMd5 !== undefined) ticket.contentMd5 = grant.contentMd5
  const metadataDigest = toMetadataDigest(metadataOf(grant.headers))
  if (metadataDigest !== undefined) ticket.metadataDigest = metadataDigest
  return ticket
}

/** Returns the ticket for a form whose client names the objects. */
export function toPrefixFormTicket(
  { contentType = '*/*', ...grant }: PrefixFormGrant,
  origin: { id: string; now: number },
): Ticket {
  // Without a type the callback accepts those of the rule, which it checks in any case.
  const prefixGrant = { ...grant, kind: 'prefix' as const, contentTypes: [contentType] }
  return { ...toTicket(prefixGrant, origin), use: 'form' }
}

/** Returns the ticket of a multipart upload of exactly `contentLength` bytes in parts of `partSize` bytes. */
export function toMultipartTicket(
  grant: Pick<UploadGrant, Exclude<OfObject, 'mechanism'> | 'filename'>,
  plan: { id: string; contentLength: number; partSize: number; now: number },
): Ticket {
  const { id, contentLength, partSize, now } = plan
  return {
    ...toTicket({ ...grant, mechanism: 'url' }, { id, now }),
    use: 'multipart',
    minBytes: contentLength,
    maxBytes: contentLength,
    partSize,
    ...(grant.filename !== undefined && { filename: grant.filename }),
    expiresAt: now + MULTIPART_TICKET_SECONDS,
  }
}
