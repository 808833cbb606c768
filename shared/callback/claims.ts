import { Refusal } from '../errors'
import type { Ticket, TicketUse } from '../policy/ticket'
import { isContentTypeAllowed } from '../rules/content-type'
import type { Callback } from './body'

/**
 * Checks the claims of a callback against its ticket: bucket, key, size, type and operation; throws a refusal if one
 * differs.
 */
export function checkClaims(callback: Callback, ticket: Ticket): void {
  const agreements = [
    callback.bucket === ticket.bucket,
    isKeyCovered(callback.object, ticket),
    isOperationOf(callback.operation, ticket.use),
  ]
  if (agreements.includes(false)) throw new Refusal('ticket_mismatch')
  const { size } = callback
  if (size < ticket.minBytes || size > ticket.maxBytes) throw new Refusal('upload_size')
  if (!isTypeGranted(callback.mimeType, ticket.contentTypes)) throw new Refusal('upload_type')
}

function isKeyCovered(key: string, ticket: Ticket): boolean {
  if ('key' in ticket) return key === ticket.key
  return key.length > ticket.prefix.length && key.startsWith(ticket.prefix)
}

// A granted type may have parameters, which patterns ignore; then the stored type must be equal.
function isTypeGranted(type: string, granted: readonly string[]): boolean {
  return granted.includes(type) || isContentTypeAllowed(type, granted)
}

const OPERATIONS = {
  url: ['PutObject'],
  form: ['PostObject'],
  multipart: ['CompleteMultipartUpload'],
  sts: ['PutObject', 'PostObject', 'CompleteMultipartUpload'],
} as const satisfies Record<TicketUse, readonly string[]>

// The documentation does not list the values of this variable, so an unknown one is accepted.
function isOperationOf(operation: string, use: TicketUse): boolean {
  const names: readonly string[] = OPERATIONS[use]
  const known: readonly string[] = OPERATIONS.sts
  return !known.includes(operation) || names.includes(operation)
}
