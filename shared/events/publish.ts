import type { Log } from '../log'
import { type DeliveryContext, handOver, type Target } from './deliver'
import type { Entry, Ledger } from './ledger'

/**
 * How an upload's event stands: handed over, in the hands of someone else who has not finished, or refused by a consumer.
 */
export type Outcome = { state: 'told' | 'pending' | 'failed'; answer: string }

/** Where an upload is told, and to whom. */
export type Telling = DeliveryContext & {
  ledger: Ledger
  targets: readonly Target[]
  requestId: string
  log: Log
}

/** A claim this old belongs to nobody any more: a callback ends within 4 s, and the trigger's hand-over sooner. */
export const LEASE_SECONDS = 6

/**
 * Tells the application of an upload, at least once and always with the same id. The first to claim it hands it over
 * and settles; who finds a claim that was not settled in time, because its holder crashed or found the consumer down,
 * hands over what the claim kept. So a crash at any point costs at most a repeat, which consumers know by its id.
 */
export async function tellUpload(entry: Entry, telling: Telling): Promise<Outcome> {
  const { id } = entry.event
  const claim = await telling.ledger.claim(id, entry)
  if (claim.first) return handOverAndSettle(entry, telling)
  const { answer } = claim.entry
  if (claim.isSettled) return { state: 'told', answer }
  if (claim.ageSeconds < LEASE_SECONDS) return { state: 'pending', answer }
  return handOverAndSettle(claim.entry, telling)
}

async function handOverAndSettle(entry: Entry, telling: Telling): Promise<Outcome> {
  const { answer, event } = entry
  const { ledger, targets, requestId, log } = telling
  const { id, data } = event
  const failures = await handOver(event, targets, telling)
  for (const { target, cause } of failures) {
    log('error', 'upload not handed over', { requestId, id, target, cause })
  }
  if (failures.length > 0) return { state: 'failed', answer }
  const { rule, sub, key, size, proof } = data
  log('info', 'upload proven', { requestId, id, rule, sub, key, size, proof })
  // Unsettled, the event goes out once more under the same id: better twice than never.
  await ledger.settle(id, entry).catch(() => {
    log('warn', 'upload not settled', { requestId, id })
  })
  return { state: 'told', answer }
}
