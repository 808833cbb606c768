import { isUtf8 } from 'node:buffer'
import * as v from 'valibot'
import { Refusal } from '../errors'
import type { Ticket, TicketUse } from '../policy/ticket'
import { isContentTypeAllowed } from '../rules/content-type'
import { integer, nonEmptyString } from '../schema/schema'

/** What OSS says about an upload, as our callback body asks for it. */
export type Callback = v.InferOutput<typeof callbackSchema>

const text = v.nullish(v.string())
const count = integer(0)

/** What the body that our template makes is made of. */
export const callbackSchema = v.object({
  bucket: v.string(),
  object: nonEmptyString,
  etag: nonEmptyString,
  size: count,
  mimeType: v.string(),
  crc64: text,
  contentMd5: text,
  operation: text,
  reqId: text,
  imageHeight: v.nullish(v.union([count, v.string()])),
  imageWidth: v.nullish(v.union([count, v.string()])),
  imageFormat: text,
  ticket: v.string(),
})

/** Reads the body that our template makes of an upload; anything else is refused. */
export function parseCallback(body: Buffer): Callback {
  if (!isUtf8(body)) throw new Refusal('callback_body')
  const parsed = v.safeParse(callbackSchema, parseJson(body.toString()))
  if (!parsed.success) throw new Refusal('callback_body')
  return parsed.output
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
