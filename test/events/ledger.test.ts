import { createMemoryLedger } from '../../shared/events/ledger'
import { LEASE_SECONDS } from '../../shared/events/publish'
import { entryOf } from '../callback/support/example'

describe('the memory ledger', () => {
  it('gives every later claim the first entry, its age, and whether it was settled', async () => {
    let now = 1000
    const ledger = createMemoryLedger(10, () => now)
    const entry = entryOf('one')
    expect(await ledger.claim('a', entry)).toEqual({ first: true })
    now = 3500
    const seen = { first: false, entry, isSettled: false, ageSeconds: 2.5 }
    expect(await ledger.claim('a', entryOf('two'))).toEqual(seen)
    await ledger.settle('a', entry)
    expect(await ledger.claim('a', entryOf('two'))).toEqual({ ...seen, isSettled: true })
    expect(await ledger.claim('b', entryOf('two'))).toEqual({ first: true })
  })

  it('has one first of 50 claims at once', async () => {
    const ledger = createMemoryLedger()
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, index) => ledger.claim('a', entryOf(String(index)))),
    )
    expect(claims.filter(({ first }) => first)).toHaveLength(1)
  })

  it('finds a claim, and none where there is none yet', async () => {
    const ledger = createMemoryLedger(10, () => 0)
    expect(await ledger.find('a')).toBeUndefined()
    await ledger.claim('a', entryOf('one'))
    const found = { first: false, entry: entryOf('one'), isSettled: false, ageSeconds: 0 }
    expect(await ledger.find('a')).toEqual(found)
  })

  it('binds a ticket to its first upload', async () => {
    const ledger = createMemoryLedger(2)
    const bind = (id: string, ticketId = 't') => ledger.bind(ticketId, id)
    expect([await bind('a'), await bind('b'), await bind('a')]).toEqual([true, false, true])
    for (const ticketId of ['u', 'v']) expect(await bind('b', ticketId)).toBe(true)
    expect(await bind('b')).toBe(true)
  })

  it('tells the age of a claim by the clock of the process', async () => {
    const ledger = createMemoryLedger()
    await ledger.claim('a', entryOf('one'))
    const { ageSeconds } = (await ledger.find('a')) ?? {}
    expect(ageSeconds).toBeGreaterThanOrEqual(0)
    expect(ageSeconds).toBeLessThan(LEASE_SECONDS)
  })

  it('bears with settling an entry that it has forgotten', async () => {
    const ledger = createMemoryLedger(1)
    for (const id of ['a', 'b']) await ledger.claim(id, entryOf(id))
    await ledger.settle('a', entryOf('a'))
    expect(await ledger.find('a')).toBeUndefined()
    expect(await ledger.find('b')).toMatchObject({ isSettled: false })
  })

  it('forgets its oldest entry when it is full', async () => {
    const ledger = createMemoryLedger(2)
    for (const id of ['a', 'b', 'c']) await ledger.claim(id, entryOf(id))
    expect(await ledger.claim('c', entryOf(''))).toMatchObject({ first: false })
    expect(await ledger.claim('b', entryOf(''))).toMatchObject({ first: false })
    expect(await ledger.claim('a', entryOf(''))).toEqual({ first: true })
  })
})
