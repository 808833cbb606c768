import { createBudget } from '../../../shared/budget'
import type { Entry } from '../../../shared/events/ledger'
import type { Missed, OwedPage, OwedStore } from '../../../shared/events/owed'
import type { Outcome } from '../../../shared/events/publish'
import type { SweepContext } from '../../../shared/events/sweep'
import { entryOf } from '../../callback/support/example'

const NOW = 1_700_000_000

/** A name of an event that has been owed for so long. */
export function nameOf(seconds: number, number = 0): string {
  const at = new Date((NOW - seconds) * 1000).toISOString().replace(/[-:]|\.\d+/g, '')
  return `${at}-${String(number).padStart(64, '0')}`
}

type Stored = Awaited<ReturnType<OwedStore['read']>>

/** A store in memory with events of these names, the context of its sweep, and what that did. */
export function openSweep(names: string[], change: Partial<SweepContext> = {}, pageSize = 500) {
  const stored = new Map<string, Stored>(names.map((name) => [name, entryOf(name)]))
  const published: string[] = []
  const repeated: Missed['missed'][] = []
  const lines: string[] = []
  let page: string[] = []
  const store: OwedStore = {
    list: async (token = ''): Promise<OwedPage> => {
      const rest = [...stored.keys()].sort().filter((name) => name > token)
      page = rest.slice(0, pageSize)
      return { names: page, ...(rest.length > pageSize && { next: page.at(-1) ?? '' }) }
    },
    read: async (name) => stored.get(name),
    remove: async (name) => {
      stored.delete(name)
    },
    keepMissed: async () => undefined,
  }
  const context: SweepContext = {
    store,
    publish: async ({ answer }: Entry): Promise<Outcome> => {
      published.push(answer)
      stored.delete(answer)
      return { state: 'published', answer }
    },
    repeat: async (missed) => {
      repeated.push(missed)
    },
    ...{ now: NOW, budget: createBudget(1000, () => 0), requestId: 'r', random: Math.random },
    log: (level, event, fields) => lines.push(JSON.stringify({ level, event, ...fields })),
    ...change,
  }
  return { context, stored, published, repeated, lines }
}
