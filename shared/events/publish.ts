import { Refusal } from '../errors'
import type { Log } from '../log'
import { type DeliveryContext, deliverToAll, type Target } from './deliver'
import type { Claim, Entry, Ledger } from './ledger'

/**
 * How an event stands: published, claimed by someone else who has not finished, refused by a
 * target, or not claimed by the callback that alone may. */
export type Outcome = { state: 'published' | 'pending' | 'failed' | 'unclaimed'; answer: string }

/** Where an event is claimed, and the targets that it goes to. */
export type PublishContext = DeliveryContext & {
  ledger: Ledger
  /** For a rule with `once`: the callback's ticket, or none for the trigger, which then finishes what a callback claimed. */
  once?: { ticketId?: string }
  targets: readonly Target[]
  requestId: string
  log: Log
}

/** A claim this old belongs to nobody any more: a callback ends within 4 s, and the trigger's delivery sooner. */
export const LEASE_SECONDS = 6

/**
 * Publishes the event of an upload, at least once and always with the same id. The first to claim it delivers it and
 * settles; who finds a claim that was not settled in time, because its holder crashed or a target was down, delivers
 * what the claim kept. So a crash at any point costs at most a repeat, which consumers recognise by its id.
 */
export async function publishUpload(entry: Entry, publishing: PublishContext): Promise<Outcome> {
  const { id } = entry.event
  const claim = await claimEvent(id, entry, publishing)
  if (claim === undefined) return { state: 'unclaimed', answer: entry.answer }
  if (claim.first) return deliverAndSettle(entry, publishing)
  const { answer } = claim.entry
  if (claim.isSettled) return { state: 'published', answer }
  if (claim.ageSeconds < LEASE_SECONDS) return { state: 'pending', answer }
  return deliverAndSettle(claim.entry, publishing)
}

async function claimEvent(
  id: string,
  entry: Entry,
  { ledger, once }: PublishContext,
): Promise<Claim | undefined> {
  if (!once) return ledger.claim(id, entry)
  if (once.ticketId === undefined) return ledger.find(id)
  if (!(await ledger.bind(once.ticketId, id))) throw new Refusal('ticket_used')
  return ledger.claim(id, entry)
}

async function deliverAndSettle(entry: Entry, publishing: PublishContext): Promise<Outcome> {
  const { answer, event } = entry
  const { ledger, targets, requestId, log } = publishing
  const { id, data } = event
  const failures = await deliverToAll(event, targets, publishing)
  for (const { target, cause } of failures) {
    log('error', 'event not delivered', { requestId, id, target, cause })
  }
  if (failures.length > 0) return { state: 'failed', answer }
  const { rule, sub, key, size, proof } = data
  log('info', 'upload proven', { requestId, id, rule, sub, key, size, proof })
  // Unsettled, the event is published once more under the same id: better twice than never.
  await ledger.settle(id, entry).catch(() => {
    log('warn', 'event not settled', { requestId, id })
  })
  return { state: 'published', answer }
}
