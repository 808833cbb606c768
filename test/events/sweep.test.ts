import { uploadSweep } from '../../functions/upload-sweep'
import { createBudget } from '../../shared/budget'
import type { Env } from '../../shared/env/env'
import { Refusal } from '../../shared/errors'
import type { Entry } from '../../shared/events/ledger'
import type { Outcome } from '../../shared/events/publish'
import { MAX_ATTEMPTS, sweepOwed } from '../../shared/events/sweep'
import { nameOf, openSweep } from './support/sweep'

const failing = async (): Promise<Outcome> => ({ state: 'owed', answer: '' })

it('delivers what is owed, oldest first, page by page', async () => {
  const names = [50, 40, 30, 20, 10].map((age) => nameOf(age))
  const { context, published, stored } = openSweep([...names].reverse(), {}, 2)
  const counts = { delivered: 5, owed: 0, overdue: 0, listed: true }
  expect(await sweepOwed(context)).toEqual(counts)
  expect([published, stored.size]).toEqual([names, 0])
})

it('counts what stays owed, and what has been owed for more than an hour', async () => {
  const names = [3601, 3600, 10].map((age) => nameOf(age))
  const { context, stored } = openSweep(names, { publish: failing })
  const counts = { delivered: 0, owed: 3, overdue: 1, listed: true }
  expect(await sweepOwed(context)).toEqual(counts)
  expect(stored.size).toBe(3)
})

it('counts an event without a time as overdue', async () => {
  const name = `00000000T000000Z-${'0'.repeat(64)}`
  const { context } = openSweep([name], { publish: failing })
  expect(await sweepOwed(context)).toMatchObject({ owed: 1, overdue: 1 })
})

it.each([MAX_ATTEMPTS, MAX_ATTEMPTS + 1])('tries 5,000 of %i, and counts the rest', async (all) => {
  const names = Array.from({ length: all }, (_, index) => nameOf(10, index))
  const { context, published } = openSweep(names)
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
  const { context } = openSweep(names, { publish, budget }, 35)
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
  await sweepOwed(openSweep(names, { publish }).context)
  expect(most).toBe(16)
})

it('goes on after an event that fails, and says no more of it than name and reason', async () => {
  const names = [30, 20, 10].map((age) => nameOf(age))
  const publish = async ({ answer }: Entry): Promise<Outcome> => {
    if (answer === names[0]) throw new Refusal('ledger_unavailable')
    if (answer === names[1]) throw new Error('https://host/?secret=abc')
    return { state: 'published', answer }
  }
  const { context, lines } = openSweep(names, { publish })
  expect(await sweepOwed(context)).toMatchObject({ delivered: 1, owed: 2 })
  expect(lines.map((line) => JSON.parse(line).reason)).toEqual(['ledger_unavailable', 'unexpected'])
  expect(lines.join()).not.toContain('abc')
})

it('leaves a damaged event where it is, and says so', async () => {
  const name = nameOf(10)
  const { context, stored, lines } = openSweep([name])
  stored.set(name, 'damaged')
  expect(await sweepOwed(context)).toMatchObject({ delivered: 0, owed: 1 })
  expect([stored.size, lines.join()]).toEqual([1, expect.stringContaining('owed event damaged')])
})

it('does not count what another publisher delivered meanwhile', async () => {
  const name = nameOf(10)
  const { context, stored } = openSweep([name])
  stored.set(name, undefined)
  expect(await sweepOwed(context)).toMatchObject({ delivered: 0, owed: 0 })
})

it('removes an event whose ticket proves another upload', async () => {
  const publish = async (): Promise<Outcome> => {
    throw new Refusal('ticket_used')
  }
  const { context, stored, lines } = openSweep([nameOf(10)], { publish })
  expect(await sweepOwed(context)).toMatchObject({ delivered: 0, owed: 0 })
  expect([stored.size, lines]).toEqual([0, []])
})

it('has an event of OSS that was missed processed again, and keeps it until that is queued', async () => {
  const name = nameOf(10)
  const missed = { events: [] }
  const { context, stored, repeated } = openSweep([name])
  stored.set(name, { missed })
  const down = { ...context, repeat: () => Promise.reject(new Error('down')) }
  expect(await sweepOwed(down)).toMatchObject({ delivered: 0, owed: 1 })
  expect(stored.size).toBe(1)
  expect(await sweepOwed(context)).toMatchObject({ delivered: 1, owed: 0 })
  expect([repeated, stored.size]).toEqual([[missed], 0])
})

it('fails when it cannot list, so that it is called again', async () => {
  const { context } = openSweep([])
  const list = () => Promise.reject(new Refusal('ledger_unavailable'))
  const broken = { ...context, store: { ...context.store, list } }
  await expect(sweepOwed(broken)).rejects.toMatchObject({ reason: 'ledger_unavailable' })
})

it('asks nothing of a bucket whose ledger is in memory', async () => {
  const send = jest.fn()
  const env = { settings: { ledger: 'memory' }, elapsedMs: () => 0, send } as unknown as Env
  await uploadSweep({ triggerName: 'timer' }, env, 'r')
  expect(send).not.toHaveBeenCalled()
})
