import { BoundedMap } from '../memo'
import type { UploadEvent } from './event'

/** What the ledger keeps of an upload: the answer for its uploader and the event for the application. */
export type Entry = { answer: string; event: UploadEvent }

/** What a claim finds: nobody before it, or the first claim's entry, whether it was settled, and its age. */
export type Claim =
  | { first: true }
  | { first: false; entry: Entry; isSettled: boolean; ageSeconds: number }

/**
 * Where the event of an upload is claimed: of all claims of one id exactly one is the first. The entry is kept with the claim,
 * before anything is delivered, so whoever comes after a crash finds the very event that is still owed.
 */
export type Ledger = {
  claim: (id: string, entry: Entry) => Promise<Claim>
  /** The claim of an id, undefined where there is none yet. */
  find: (id: string) => Promise<Exclude<Claim, { first: true }> | undefined>
  /** Marks an event as delivered to every target. */
  settle: (id: string, entry: Entry) => Promise<void>
  /** Binds a ticket to the first upload that comes with it; whether that is this one. */
  bind: (ticketId: string, id: string) => Promise<boolean>
}

type Kept = { entry: Entry; isSettled: boolean; claimedAt: number }

const MAX_ENTRIES = 100_000

/**
 * A ledger in this process's memory, for one instance alone: it forgets the oldest of 100,000 entries, and all at its
 * end. `clock` is in ms.
 */
export function createMemoryLedger(
  maxEntries = MAX_ENTRIES,
  clock: () => number = () => performance.now(),
): Ledger {
  const kept = new BoundedMap<string, Kept>(maxEntries)
  const bound = new BoundedMap<string, string>(maxEntries)
  // Not asynchronous: between a look and a claim no other claim may come.
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
