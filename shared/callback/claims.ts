import { Refusal } from '../errors'
import type { Ticket, TicketUse } from '../policy/ticket'
import { isContentTypeAllowed } from '../rules/content-type'
import type { Callback } from './body'

/** Checks what a callback claims against its ticket: bucket, key, size, type, checksum and mechanism, or refuses it. */
export function checkClaims(callback: Callback, ticket: Ticket): void {
  const proofs = [
    callback.bucket === ticket.bucket,
    isKeyCovered(callback.object, ticket),
    callback.size >= ticket.minBytes && callback.size <= ticket.maxBytes,
    isTypeGranted(callback.mimeType, ticket.contentTypes),
    isChecksumKept(callback, ticket),
    isOperationOf(callback.operation, ticket.use),
  ]
  if (proofs.includes(false)) throw new Refusal('ticket_mismatch')
}

function isKeyCovered(key: string, ticket: Ticket): boolean {
  if ('key' in ticket) return key === ticket.key
  return key.length > ticket.prefix.length && key.startsWith(ticket.prefix)
}

// A granted type may have parameters, which patterns leave aside; the stored type then has the very same ones.
function isTypeGranted(type: string, granted: readonly string[]): boolean {
  return granted.includes(type) || isContentTypeAllowed(type, granted)
}

function isChecksumKept({ contentMd5, etag }: Callback, ticket: Ticket): boolean {
  if (ticket.contentMd5 === undefined) return true
  if (contentMd5) return contentMd5 === ticket.contentMd5
  // OSS leaves contentMd5 out of some callbacks; the ETag of a simple upload is the same MD5 in hex.
  return (
    etag.toUpperCase() === Buffer.from(ticket.contentMd5, 'base64').toString('hex').toUpperCase()
  )
}

const OPERATIONS = {
  url: ['PutObject'],
  form: ['PostObject'],
  multipart: ['CompleteMultipartUpload'],
  sts: ['PutObject', 'PostObject', 'CompleteMultipartUpload'],
} as const satisfies Record<TicketUse, readonly string[]>

// The documentation names the variable and not its values, so only a name that we know can contradict.
function isOperationOf(operation: string | null | undefined, use: TicketUse): boolean {
  const names: readonly string[] = OPERATIONS[use]
  const known: readonly string[] = OPERATIONS.sts
  return !operation || !known.includes(operation) || names.includes(operation)
}
