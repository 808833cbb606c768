import type { PrefixGrant, UploadGrant } from './grant'
import { metadataOf, toMetadataDigest } from './metadata'

/** The one way of uploading that a ticket counts in; `multipart` is a URL for each part. */
export type TicketUse = 'url' | 'form' | 'sts' | 'multipart'

/** What an upload was granted, as it travels through the client and OSS back to us. */
export type Ticket = {
  /** Unique; what the ledger marks used. */
  id: string
  use: TicketUse
  rule: string
  sub: string
  bucket: string
  minBytes: number
  maxBytes: number
  /** The granted type, or for STS the rule's patterns. */
  contentTypes: readonly string[]
  /** Base64 of the 16 MD5 bytes, when the caller promised it. */
  contentMd5?: string
  /** Digest of the user metadata, for an upload of one object that has some. */
  metadataDigest?: string
  /** How a multipart upload is cut, for `multipart` alone. */
  partSize?: number
  /** What its file was called, where its key does not tell. */
  filename?: string
  /** Unix seconds, as `expiresAt`: no object that is older was uploaded with it. */
  issuedAt: number
  expiresAt: number
} & ({ key: string } | { prefix: string })

/**
 * How much longer than its grant a ticket lives: OSS calls back when the upload ends, and a URL's expiry is tested when
 * it starts. 6 hours let 2 GiB through at 1 Mbit/s.
 * @internal
 */
export const TICKET_GRACE_SECONDS = 21_600

/** How long URLs for the parts of one multipart upload can be requested: a day, so that a paused one can go on. */
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

/** The part of a grant that its ticket keeps. */
export type TicketGrant = Pick<UploadGrant, OfObject> | Pick<PrefixGrant, OfPrefix>

/** The ticket for a grant: the same limits under a fresh `id`, from `now` on and living a little longer. */
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

/** The ticket of a multipart upload: for exactly `contentLength` bytes, cut into parts of `partSize`. */
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
