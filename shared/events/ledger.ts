import { BoundedMap } from '../memo'
import type { UploadEvent } from './event'

/**
 * The ledger's record of an upload: the response to its uploader, as JSON, the event for the application, and with the
 * rule's `once` the ticket that it needs.
 */
export type Entry = { answer: string; event: UploadEvent; ticketId?: string }

/** The events that are not delivered yet. Each is kept before it is claimed, so that no crash can lose it. */
export type OwedEvents = {
  keep: (entry: Entry) => Promise<void>
  /** Removes what was kept with the same ticket. */
  remove: (entry: Entry) => Promise<void>
}

/** The result of a claim: it is the first, or the entry, state and age of the first. */
export type Claim =
  | { first: true }
  | { first: false; entry: Entry; isSettled: boolean; ageSeconds: number }

/**
 * The store in which the event of an upload is claimed: exactly one claim of an id is the first. The entry is stored with
 * the claim before the delivery, so that after a crash another claimant can deliver the same event.
 */
export type Ledger = {
  /** Absent in a ledger that no sweep reads. */
  owed?: OwedEvents
  claim: (id: string, entry: Entry) => Promise<Claim>
  /** Returns the claim of an id, undefined if there is none yet. */
  find: (id: string) => Promise<Exclude<Claim, { first: true }> | undefined>
  /** Marks an event as delivered to every target. */
  settle: (id: string, entry: Entry) => Promise<void>
  /** Binds a ticket to the first upload that uses it; returns true if that is this upload. */
  bind: (ticketId: string, id: string) => Promise<boolean>
}

type Kept = { entry: Entry; isSettled: boolean; claimedAt: number }

const MAX_ENTRIES = 100_000

/**
 * Creates a ledger in the memory of this process, for a single instance; it deletes the oldest entry above `maxEntries`.
 * `clock` returns milliseconds.
 */
export function createMemoryLedger(
  maxEntries = MAX_ENTRIES,
  clock: () => number = () => performance.now(),
): Ledger {
  const kept = new BoundedMap<string, Kept>(maxEntries)
  const bound = new BoundedMap<string, string>(maxEntries)
  // Not asynchronous: no other claim may happen between reading and claiming.
  const find = (id: string) => {
    const known = kept.get(id)
    if (!known) return undefined
    const { entry, isSettled, claimedAt } = known
    return { first: false as const, entry, isSettled, ageSeconds: (clock() - claimedAt) / 1000 }
  }
  return {
    find: async (id) => find(id),
    claim: async (id, entry) => {
      const known = find(id)
      if (known) return known
      kept.set(id, { entry, isSettled: false, claimedAt: clock() })
      return { first: true }
    },
    bind: async (ticketId, id) => {
      const first = bound.get(ticketId) ?? id
      bound.set(ticketId, first)
      return first === id
    },
    settle: async (id) => {
      const known = kept.get(id)
      if (known) known.isSettled = true
    },
  }
}
