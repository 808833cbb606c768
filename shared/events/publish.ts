import { Refusal } from '../errors'
import type { Log } from '../log'
import { type DeliveryContext, deliverToAll, type Target } from './deliver'
import type { Claim, Entry, Ledger } from './ledger'

/**
 * The state of an event: published, claimed by another invocation that has not finished, not accepted by a target and kept
 * for the sweep (`owed`) or not (`failed`), or not claimed by the callback, which alone may claim it; and the response to
 * the uploader.
 */
export type Outcome = {
  state: 'published' | 'pending' | 'owed' | 'failed' | 'unclaimed'
  answer: string
}

/** The ledger in which an event is claimed, and the targets that receive it. */
export type PublishContext = DeliveryContext & {
  /** The publisher: all but the callback look for an earlier claim first, and the sweep's event is kept already. */
  by: 'callback' | 'trigger' | 'sweep'
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
 * Publishes the event of an upload at least once, always with the same id. The event is kept as owed, then claimed,
 * delivered, settled, and owed no more. If a claim was not settled in time, because its claimant crashed or a target was
 * down, the next one delivers the stored event. A crash at any point causes at most a repeated delivery, which consumers
 * detect by the id.
 */
export async function publishUpload(proven: Entry, publishing: PublishContext): Promise<Outcome> {
  const { by, ledger, once } = publishing
  const entry = { ...proven, ...once }
  const found = by === 'callback' ? undefined : await ledger.find(entry.event.id)
  const claim = found ?? (await claimEvent(entry, publishing))
  if (claim === undefined) return { state: 'unclaimed', answer: entry.answer }
  if (claim.first) return deliverAndSettle(entry, publishing)
  const { answer } = claim.entry
  if (claim.isSettled) {
    if (by !== 'trigger') await release(entry, publishing)
    return { state: 'published', answer }
  }
  if (claim.ageSeconds < LEASE_SECONDS) return { state: 'pending', answer }
  return deliverAndSettle(claim.entry, publishing)
}

// Kept before the claim: a claim without an owed event would be lost in a crash.
async function claimEvent(entry: Entry, publishing: PublishContext): Promise<Claim | undefined> {
  const { by, ledger, once } = publishing
  const { id } = entry.event
  if (once && once.ticketId === undefined) return undefined
  if (by !== 'sweep') await ledger.owed?.keep(entry)
  if (once?.ticketId !== undefined && !(await ledger.bind(once.ticketId, id))) {
    await release(entry, publishing)
    throw new Refusal('ticket_used')
  }
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
  if (failures.length > 0) return { state: await owe(entry, publishing), answer }
  const { rule, sub, key, size, proof } = data
  log('info', 'upload proven', { requestId, id, rule, sub, key, size, proof })
  // An event that is not settled is published again with the same id: delivery is at least once.
  const settled = ledger.settle(id, entry).catch(() => {
    log('warn', 'event not settled', { requestId, id })
  })
  await Promise.all([settled, release(entry, publishing)])
  return { state: 'published', answer }
}

// The claim may be of an earlier version, which kept nothing, so the event is kept here, too.
async function owe(entry: Entry, { by, ledger, requestId, log }: PublishContext) {
  if (!ledger.owed) return 'failed'
  if (by === 'trigger') await ledger.owed.keep(entry)
  log('warn', 'event owed', { requestId, id: entry.event.id })
  return 'owed'
}

// What could not be removed is removed by the sweep, which finds it settled.
async function release(entry: Entry, { ledger, requestId, log }: PublishContext) {
  await ledger.owed?.remove(entry).catch(() => {
    log('warn', 'event not released', { requestId, id: entry.event.id })
  })
}
