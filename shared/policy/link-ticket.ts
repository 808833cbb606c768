import * as v from 'valibot'
import type { Caller } from '../auth/caller'
import { Refusal } from '../errors'
import type { Access, StsRequest } from '../rules/requests'
import type { Rule } from '../rules/rule'
import { toMalformed } from '../schema/issues'
import { dictionary, integer, nonEmptyString, strictObject } from '../schema/schema'
import { defineJws, readJws, signJws, toAudience } from './compact-jws'
import { MAX_TICKET_CHARACTERS, type TicketKeys } from './signed-ticket'

/** The request and the caller that a link to STS credentials stands for. */
export type LinkTicket = {
  id: string
  rule: string
  access: Access
  durationSeconds?: number
  sub: string
  /** The id of the token that requested it. */
  tokenId?: string
  /** When that token ends, in Unix seconds. */
  tokenExpiresAt?: number
  /** The claims of the caller; absent where the rule had no `allow` that could read them. */
  claims?: Readonly<Record<string, unknown>>
  /** Unix seconds, as `expiresAt`. */
  issuedAt: number
  expiresAt: number
}

// Of JSON: all of a link must fit a URL.
const MAX_LINK_CLAIMS_BYTES = 1_024

// An upload's ticket has another type and other keys, so neither is ever taken for the other.
const JWS = defineJws({
  type: 'link+jwt',
  purpose: 'oss-direct link 1',
  maxCharacters: MAX_TICKET_CHARACTERS,
})

const wireSchema = strictObject({
  jti: nonEmptyString,
  aud: nonEmptyString,
  rul: v.string(),
  acc: v.picklist(['read', 'write', 'read-write']),
  dur: v.optional(integer(1)),
  sub: nonEmptyString,
  tid: v.optional(v.string()),
  tex: v.optional(integer(1)),
  cla: v.optional(dictionary(v.string(), v.unknown())),
  iat: integer(1),
  exp: integer(1),
})

/** The ticket of a link for this request, which was granted under this rule; refuses a caller with too many claims. */
export function toLinkTicket(
  caller: Caller,
  { access, durationSeconds }: StsRequest,
  { id, now, rule }: { id: string; now: number; rule: Rule },
): LinkTicket {
  const { sub, claims, expiresAt: tokenExpiresAt } = caller
  const { jti } = claims
  const expiresAt = now + rule.linkSeconds
  return {
    id,
    rule: rule.name,
    access,
    ...(durationSeconds !== undefined && { durationSeconds }),
    sub,
    ...(jti !== undefined && { tokenId: String(jti) }),
    ...(tokenExpiresAt !== undefined && { tokenExpiresAt }),
    ...(rule.allow && { claims: checkSize(claims) }),
    issuedAt: now,
    expiresAt: rule.withinToken ? Math.min(expiresAt, tokenExpiresAt ?? now) : expiresAt,
  }
}

function checkSize(claims: Caller['claims']): Caller['claims'] {
  const bytes = Buffer.byteLength(JSON.stringify(claims))
  if (bytes <= MAX_LINK_CLAIMS_BYTES) return claims
  throw tooLong(`has ${bytes} bytes of claims, more than the ${MAX_LINK_CLAIMS_BYTES} of a link`)
}

function tooLong(problem: string): Refusal {
  return toMalformed('', `The token ${problem}: request credentials without a link`)
}

/** Signs the ticket of a link. */
export function signLinkTicket(link: LinkTicket, { secrets, audience }: TicketKeys): string {
  const wire: v.InferInput<typeof wireSchema> = {
    jti: link.id,
    aud: toAudience(audience),
    rul: link.rule,
    acc: link.access,
    dur: link.durationSeconds,
    sub: link.sub,
    tid: link.tokenId,
    tex: link.tokenExpiresAt,
    cla: link.claims,
    iat: link.issuedAt,
    exp: link.expiresAt,
  }
  const signed = signJws(JWS, wire, secrets)
  if (signed === undefined) throw tooLong('has too long a subject or id for a link')
  return signed
}

/** The ticket of a link of this deployment that has not expired; anything else is refused. */
export function verifyLinkTicket(text: string, options: TicketKeys & { now: number }): LinkTicket {
  const parsed = v.safeParse(wireSchema, readJws(JWS, text, options.secrets))
  if (!parsed.success) throw new Refusal('link_invalid')
  const wire = parsed.output
  if (wire.aud !== toAudience(options.audience)) throw new Refusal('link_invalid')
  if (options.now >= wire.exp) throw new Refusal('link_expired')
  return {
    id: wire.jti,
    rule: wire.rul,
    access: wire.acc,
    ...(wire.dur !== undefined && { durationSeconds: wire.dur }),
    sub: wire.sub,
    ...(wire.tid !== undefined && { tokenId: wire.tid }),
    ...(wire.tex !== undefined && { tokenExpiresAt: wire.tex }),
    ...(wire.cla !== undefined && { claims: wire.cla }),
    issuedAt: wire.iat,
    expiresAt: wire.exp,
  }
}
