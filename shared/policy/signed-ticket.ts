import * as v from 'valibot'
import { Refusal } from '../errors'
import { integer, nonEmptyString, strictObject } from '../schema/schema'
import { defineJws, readJws, signJws, toAudience } from './compact-jws'
import type { Ticket, TicketUse } from './ticket'

/** The maximum length of a ticket, which keeps `callback-var` below 5 KB (OSS: Callback, parameters). */
export const MAX_TICKET_CHARACTERS = 3_700

/** The secrets that sign and verify the tickets of one deployment: the first signs, all verify. */
export type TicketKeys = {
  secrets: readonly string[]
  /** The `CALLBACK_URL` of the deployment; no other deployment accepts the ticket, even with the same secrets. */
  audience: string
}

// Another use of the same secrets, or another format of tickets, derives different keys.
const JWS = defineJws({
  type: 'ticket+jwt',
  purpose: 'oss-direct upload ticket 2',
  maxCharacters: MAX_TICKET_CHARACTERS,
})

const wireSchema = strictObject({
  jti: nonEmptyString,
  aud: nonEmptyString,
  use: v.picklist(['url', 'form', 'sts', 'multipart']),
  rul: v.string(),
  sub: nonEmptyString,
  bkt: v.string(),
  key: v.optional(nonEmptyString),
  pfx: v.optional(v.string()),
  min: integer(0),
  max: integer(0),
  typ: v.array(v.string()),
  md5: v.optional(v.string()),
  met: v.optional(v.string()),
  prt: v.optional(integer(1)),
  fil: v.optional(nonEmptyString),
  iat: integer(1),
  exp: integer(1),
})
type Wire = v.InferOutput<typeof wireSchema>

/** Signs a ticket as a compact JWS (RFC 7515, HS256); throws `key_invalid` if it is too long. */
export function signTicket(ticket: Ticket, { secrets, audience }: TicketKeys): string {
  const signed = signJws(JWS, toWire(ticket, toAudience(audience)), secrets)
  if (signed !== undefined) return signed
  throw new Refusal('key_invalid', { problem: 'it is too long for a ticket' })
}

/** Returns the verified ticket of this deployment; throws `ticket_invalid` or `ticket_expired`. */
export function verifyTicket(
  text: string,
  options: TicketKeys & { now: number; use: readonly TicketUse[] },
): Ticket {
  const ticket = fromWire(readJws(JWS, text, options.secrets), toAudience(options.audience))
  if (!options.use.includes(ticket.use)) throw new Refusal('ticket_invalid')
  if (options.now >= ticket.expiresAt) throw new Refusal('ticket_expired')
  return ticket
}

// JSON omits undefined members.
function toWire(ticket: Ticket, audience: string): Wire {
  return {
    jti: ticket.id,
    aud: audience,
    use: ticket.use,
    rul: ticket.rule,
    sub: ticket.sub,
    bkt: ticket.bucket,
    key: 'key' in ticket ? ticket.key : undefined,
    pfx: 'prefix' in ticket ? ticket.prefix : undefined,
    min: ticket.minBytes,
    max: ticket.maxBytes,
    typ: [...ticket.contentTypes],
    md5: ticket.contentMd5,
    met: ticket.metadataDigest,
    prt: ticket.partSize,
    fil: ticket.filename,
    iat: ticket.issuedAt,
    exp: ticket.expiresAt,
  }
}

function fromWire(payload: unknown, audience: string): Ticket {
  const parsed = v.safeParse(wireSchema, payload)
  if (!parsed.success) throw new Refusal('ticket_invalid')
  const wire = parsed.output
  if (wire.aud !== audience) throw new Refusal('ticket_invalid')
  if ((wire.use === 'multipart') !== (wire.prt !== undefined)) throw new Refusal('ticket_invalid')
  const ticket: Ticket = {
    id: wire.jti,
    use: wire.use,
    rule: wire.rul,
    sub: wire.sub,
    bucket: wire.bkt,
    minBytes: wire.min,
    maxBytes: wire.max,
    contentTypes: wire.typ,
    issuedAt: wire.iat,
    expiresAt: wire.exp,
    ...scopeOf(wire),
  }
  if (wire.md5 !== undefined) ticket.contentMd5 = wire.md5
  if (wire.met !== undefined) ticket.metadataDigest = wire.met
  if (wire.prt !== undefined) ticket.partSize = wire.prt
  if (wire.fil !== undefined) ticket.filename = wire.fil
  return ticket
}

function scopeOf({ use, key, pfx }: Wire): { key: string } | { prefix: string } {
  const isPrefix = pfx !== undefined && key === undefined
  if ((use === 'sts' || use === 'form') && isPrefix) return { prefix: pfx }
  if (use !== 'sts' && key !== undefined && pfx === undefined) return { key }
  throw new Refusal('ticket_invalid')
}
