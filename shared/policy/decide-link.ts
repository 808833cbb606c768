import type { Caller } from '../auth/caller'
import { type AuthContext, refuseDenied } from '../auth/token'
import { Refusal } from '../errors'
import { decidePrefix } from './decide'
import type { PrefixGrant } from './grant'
import { type LinkTicket, verifyLinkTicket } from './link-ticket'
import type { DecideContext } from './permit'
import type { TicketKeys } from './signed-ticket'

type LinkContext = DecideContext & Pick<AuthContext, 'readDenied'> & { ticketKeys: TicketKeys }

/** What a link comes to now, under the rules and the list of the denied as they are now; throws nothing but a refusal. */
export async function decideLink(ticket: string, context: LinkContext): Promise<PrefixGrant> {
  const { ticketKeys, now, rules } = context
  const link = verifyLinkTicket(ticket, { ...ticketKeys, now })
  const caller = await refuseDenied(toCaller(link), context)
  const rule = rules.get(link.rule)
  if (rule === undefined) throw new Refusal('rule_unknown')
  if (now >= link.issuedAt + rule.linkSeconds) throw new Refusal('link_expired')
  // Without claims an `allow` that is new would decide of a caller whom it does not know.
  if (rule.allow && link.claims === undefined) throw new Refusal('caller_not_allowed')
  const { access, durationSeconds } = link
  const request = { operation: 'sts' as const, rule: rule.name, access }
  const wanted = { ...request, ...(durationSeconds !== undefined && { durationSeconds }) }
  return decidePrefix(caller, wanted, context)
}

function toCaller({ sub, claims, tokenId, tokenExpiresAt }: LinkTicket): Caller {
  return {
    sub,
    claims: claims ?? { sub, ...(tokenId !== undefined && { jti: tokenId }) },
    ...(tokenExpiresAt !== undefined && { expiresAt: tokenExpiresAt }),
  }
}
