/** The first answer given for an id, which every later claim of it gets back. */
export type Claim = { first: true } | { first: false; answer: string }

/** Where an upload is marked as told: of all claims of one id exactly one is the first. */
export type Ledger = { claim: (id: string, answer: string) => Promise<Claim> }

const MAX_ENTRIES = 100_000

/** A ledger in this process's memory, for local use: it forgets the oldest of 100,000 entries, and all at its end. */
export function createMemoryLedger(maxEntries = MAX_ENTRIES): Ledger {
  const answers = new Map<string, string>()
  return {
    claim: async (id, answer) => {
      const known = answers.get(id)
      if (known !== undefined) return { first: false, answer: known }
      const oldest = answers.keys().next()
      if (answers.size >= maxEntries && !oldest.done) answers.delete(oldest.value)
      answers.set(id, answer)
      return { first: true }
    },
  }
}
