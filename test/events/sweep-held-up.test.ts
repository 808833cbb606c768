// Covers shared/events/sweep.ts: what failing events leave of its attempts and its time.
import { createBudget } from '../../shared/budget'
import { MAX_ATTEMPTS, MAX_OTHERS, type SweepContext, sweepOwed } from '../../shared/events/sweep'
import { nameOf, openSweep } from './support/sweep'

describe('held up by events that fail', () => {
  const publishing =
    (fails: (name: string) => boolean): SweepContext['publish'] =>
    async ({ answer }) => ({ state: fails(answer) ? 'owed' : 'published', answer })

  it('delivers the others, of the same second too, however many fail', async () => {
    const names = Array.from({ length: MAX_ATTEMPTS + 40 }, (_, at) => nameOf(4000, at))
    const good = new Set(names.slice(-40))
    const { context } = openSweep(names, { publish: publishing((name) => !good.has(name)) })
    let delivered = 0
    for (let sweeps = 0; sweeps < 100 && delivered < 40; sweeps++) {
      const random = seeded(sweeps)
      const swept = await sweepOwed({ ...context, random })
      delivered += swept.delivered
      const owed = names.length - swept.delivered
      expect(swept).toEqual({ delivered: swept.delivered, owed, overdue: owed, listed: true })
    }
    expect(delivered).toBeGreaterThanOrEqual(40)
  })

  it.each([
    // Half of the first half of all attempts, and one more.
    [1250, MAX_ATTEMPTS - 1250],
    [1251, MAX_ATTEMPTS / 2 - 1251 + MAX_OTHERS],
  ])('where %i of them fail, delivers %i others', async (failing, others) => {
    const names = Array.from({ length: 6000 }, (_, at) => nameOf(10, at))
    const bad = new Set(names.slice(0, failing))
    const { context } = openSweep(names, { publish: publishing((name) => bad.has(name)) })
    expect(await sweepOwed(context)).toMatchObject({ delivered: others, listed: true })
  })

  it('for half of its time, spends the other half on others', async () => {
    let elapsed = 0
    const budget = createBudget(1000, () => elapsed)
    const names = Array.from({ length: 400 }, (_, at) => nameOf(10, at))
    const publish = publishing((name) => names.indexOf(name) < 390)
    const slow: SweepContext['publish'] = (entry) => {
      elapsed += 10
      return publish(entry)
    }
    const at: number[] = []
    const { context } = openSweep(names, { budget, publish: slow, random: seeded(1) })
    const { read } = context.store
    const reading = (name: string) => {
      at.push(names.indexOf(name))
      return read(name)
    }
    await sweepOwed({ ...context, store: { ...context.store, read: reading } })
    const inOrder = at.findIndex((index, turn) => index !== turn)
    // A batch of sixteen is tried as a whole.
    expect(inOrder).toBe(64)
    expect(Math.max(...at)).toBeGreaterThan(200)
    expect(at.length).toBeLessThanOrEqual(112)
  })

  it('goes no further through the names than leaves time for others', async () => {
    let elapsed = 0
    const budget = createBudget(1000, () => elapsed)
    const names = Array.from({ length: 5000 }, (_, at) => nameOf(10, at))
    const publish = publishing(() => true)
    const { context } = openSweep(names, { budget, publish, random: seeded(1) }, 32)
    const { list, read } = context.store
    let reads = 0
    const store = {
      ...context.store,
      list: (token?: string) => {
        elapsed += 50
        return list(token)
      },
      read: (name: string) => {
        reads++
        return read(name)
      },
    }
    expect(await sweepOwed({ ...context, store })).toMatchObject({ listed: false })
    // Ten pages until half of the time is over, and five without an attempt.
    expect([elapsed, reads]).toEqual([750, 10 * 32 + 5 * 32])
  })
})

/** Random numbers that are the same at each run. */
function seeded(seed: number): () => number {
  let state = seed + 1
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
