import { Refusal } from '../errors'
import type { Log } from '../log'
import { type DeliveryContext, deliverToAll, type Target } from './deliver'
import type { Claim, Entry, Ledger } from './ledger'

/**
 * The state of an event: published, claimed by another invocation that has not finished, not accepted by a target, or not
 * claimed by the callback, which alone may claim it; and the response to the uploader.
 */
export type Outcome = { state: 'published' | 'pending' | 'failed' | 'unclaimed'; answer: string }

/** The ledger in which an event is claimed, and the targets that receive it. */
export type PublishContext = DeliveryContext & {
  ledger: Ledger
  /** For a rule with `once`: the ticket of the callback; none for the trigger, which only completes the claim of a callback. */
  once?: { ticketId?: string }
  targets: readonly Target[]
  requestId: string
  log: Log
}

/** The age after which a claim may be taken over: a callback ends within 4 s, and a delivery by the trigger sooner. */
export const LEASE_SECONDS = 6

/**
 * Publishes the event of an upload at least once, always with the same id. The first claimant delivers and settles it. If a
 * claim was not settled in time, because its claimant crashed or a target was down, the next one delivers the stored event.
 * A crash at any point causes at most a repeated delivery, which consumers detect by the id.
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
  // An event that is not settled is published again with the same id: delivery is at least once.
  await ledger.settle(id, entry).catch(() => {
    log('warn', 'event not settled', { requestId, id })
  })
  return { state: 'published', answer }
}
