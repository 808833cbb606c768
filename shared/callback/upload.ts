import { isUtf8 } from 'node:buffer'
import * as z from 'zod/mini'
import type { Ticket, TicketUse } from '../auth/ticket'
import { Refusal } from '../errors'
import { isContentTypeAllowed } from '../policy/content-type'

/** What OSS says about an upload, as our callback body asks for it. */
export type Callback = z.infer<typeof callbackSchema>

const text = z.nullable(z.optional(z.string()))
const count = z.int().check(z.nonnegative())

const callbackSchema = z.object({
  bucket: z.string(),
  object: z.string().check(z.minLength(1)),
  etag: z.string().check(z.minLength(1)),
  size: count,
  mimeType: z.string(),
  crc64: text,
  contentMd5: text,
  operation: text,
  reqId: text,
  imageHeight: z.nullable(z.optional(z.union([count, z.string()]))),
  imageWidth: z.nullable(z.optional(z.union([count, z.string()]))),
  imageFormat: text,
  ticket: z.string(),
})

/** Reads the body that our template makes of an upload; anything else is refused. */
export function parseCallback(body: Buffer): Callback {
  if (!isUtf8(body)) throw new Refusal('callback_body')
  const parsed = callbackSchema.safeParse(parseJson(body.toString()))
  if (!parsed.success) throw new Refusal('callback_body')
  return parsed.data
}

/** Holds a callback against its ticket: bucket, key, size, type, checksum and mechanism agree, or it is refused. */
export function proveUpload(callback: Callback, ticket: Ticket): void {
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

// A CRC-64 written as a number has up to 20 digits, more than a JavaScript number keeps. Inside a JSON string the quotes
// of this pattern would be escaped, so it matches the member alone.
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json.replace(/"crc64":(\d{1,20})(?=[,}])/, '"crc64":"$1"'))
  } catch (cause) {
    throw new Refusal('callback_body', {}, { cause })
  }
}
