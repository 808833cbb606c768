import { createBudget } from '../../shared/budget'
import { Refusal } from '../../shared/errors'
import type { Entry } from '../../shared/events/ledger'
import type { Missed, OwedPage, OwedStore } from '../../shared/events/owed'
import type { Outcome } from '../../shared/events/publish'
import { MAX_ATTEMPTS, type SweepContext, sweepOwed } from '../../shared/events/sweep'
import { entryOf } from '../callback/support/example'

const NOW = 1_700_000_000

/** A name of an event that has been owed for so long. */
function nameOf(seconds: number, number = 0): string {
  const at = new Date((NOW - seconds) * 1000).toISOString().replace(/[-:]|\.\d+/g, '')
  return `${at}-${String(number).padStart(64, '0')}`
}

type Stored = Awaited<ReturnType<OwedStore['read']>>

function open(names: string[], change: Partial<SweepContext> = {}, pageSize = 500) {
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
    ...{ now: NOW, budget: createBudget(1000, () => 0), requestId: 'r' },
    log: (level, event, fields) => lines.push(JSON.stringify({ level, event, ...fields })),
    ...change,
  }
  return { context, stored, published, repeated, lines }
}

const failing = async (): Promise<Outcome> => ({ state: 'owed', answer: '' })

it('delivers what is owed, oldest first, page by page', async () => {
  const names = [50, 40, 30, 20, 10].map((age) => nameOf(age))
  const { context, published, stored } = open([...names].reverse(), {}, 2)
  const counts = { delivered: 5, owed: 0, overdue: 0, listed: true }
  expect(await sweepOwed(context)).toEqual(counts)
  expect([published, stored.size]).toEqual([names, 0])
})

it('counts what stays owed, and what has been owed for more than an hour', async () => {
  const names = [3601, 3600, 10].map((age) => nameOf(age))
  const { context, stored } = open(names, { publish: failing })
  const counts = { delivered: 0, owed: 3, overdue: 1, listed: true }
  expect(await sweepOwed(context)).toEqual(counts)
  expect(stored.size).toBe(3)
})

it('counts an event without a time as overdue', async () => {
  const name = `00000000T000000Z-${'0'.repeat(64)}`
  const { context } = open([name], { publish: failing })
  expect(await sweepOwed(context)).toMatchObject({ owed: 1, overdue: 1 })
})

it.each([MAX_ATTEMPTS, MAX_ATTEMPTS + 1])('tries 5,000 of %i, and counts the rest', async (all) => {
  const names = Array.from({ length: all }, (_, index) => nameOf(10, index))
  const { context, published } = open(names)
  const counts = { delivered: 5000, owed: all - 5000, overdue: 0, listed: true }
  expect(await sweepOwed(context)).toEqual(counts)
  expect(published).toEqual(names.slice(0, 5000))
})

it('starts no delivery when its time is over, and says that it did not count all', async () => {
  let elapsed = 0
  const names = Array.from({ length: 40 }, (_, index) => nameOf(10, index))
  const publish = async (): Promise<Outcome> => {
    elapsed += 50
    return { state: 'published', answer: '' }
  }
  const budget = createBudget(1000, () => elapsed)
  const { context } = open(names, { publish, budget }, 35)
  const counts = { delivered: 32, owed: 3, overdue: 0, listed: false }
  expect(await sweepOwed(context)).toEqual(counts)
})

it('holds no more than one page and sixteen events at a time', async () => {
  let underway = 0
  let most = 0
  const publish = async (): Promise<Outcome> => {
    most = Math.max(most, ++underway)
    await new Promise(setImmediate)
    underway--
    return { state: 'published', answer: '' }
  }
  const names = Array.from({ length: 1200 }, (_, index) => nameOf(10, index))
  await sweepOwed(open(names, { publish }).context)
  expect(most).toBe(16)
})

it('goes on after an event that fails, and says no more of it than name and reason', async () => {
  const names = [30, 20, 10].map((age) => nameOf(age))
  const publish = async ({ answer }: Entry): Promise<Outcome> => {
    if (answer === names[0]) throw new Refusal('ledger_unavailable')
    if (answer === names[1]) throw new Error('https://host/?secret=abc')
    return { state: 'published', answer }
  }
  const { context, lines } = open(names, { publish })
  expect(await sweepOwed(context)).toMatchObject({ delivered: 1, owed: 2 })
  expect(lines.map((line) => JSON.parse(line).reason)).toEqual(['ledger_unavailable', 'unexpected'])
  expect(lines.join()).not.toContain('abc')
})

it('leaves a damaged event where it is, and says so', async () => {
  const name = nameOf(10)
  const { context, stored, lines } = open([name])
  stored.set(name, 'damaged')
  expect(await sweepOwed(context)).toMatchObject({ delivered: 0, owed: 1 })
  expect([stored.size, lines.join()]).toEqual([1, expect.stringContaining('owed event damaged')])
})

it('does not count what another publisher delivered meanwhile', async () => {
  const name = nameOf(10)
  const { context, stored } = open([name])
  stored.set(name, undefined)
  expect(await sweepOwed(context)).toMatchObject({ delivered: 0, owed: 0 })
})

it('removes an event whose ticket proves another upload', async () => {
  const publish = async (): Promise<Outcome> => {
    throw new Refusal('ticket_used')
  }
  const { context, stored, lines } = open([nameOf(10)], { publish })
  expect(await sweepOwed(context)).toMatchObject({ delivered: 0, owed: 0 })
  expect([stored.size, lines]).toEqual([0, []])
})

it('has an event of OSS that was missed processed again, and keeps it until that is queued', async () => {
  const name = nameOf(10)
  const missed = { events: [] }
  const { context, stored, repeated } = open([name])
  stored.set(name, { missed })
  const down = { ...context, repeat: () => Promise.reject(new Error('down')) }
  expect(await sweepOwed(down)).toMatchObject({ delivered: 0, owed: 1 })
  expect(stored.size).toBe(1)
  expect(await sweepOwed(context)).toMatchObject({ delivered: 1, owed: 0 })
  expect([repeated, stored.size]).toEqual([[missed], 0])
})

it('fails when it cannot list, so that it is called again', async () => {
  const { context } = open([])
  const list = () => Promise.reject(new Refusal('ledger_unavailable'))
  const broken = { ...context, store: { ...context.store, list } }
  await expect(sweepOwed(broken)).rejects.toMatchObject({ reason: 'ledger_unavailable' })
})
