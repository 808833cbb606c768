import { createMemoryLedger } from '../../shared/callback/ledger'

describe('the memory ledger', () => {
  it('gives every later claim the first answer', async () => {
    const ledger = createMemoryLedger()
    expect(await ledger.claim('a', 'one')).toEqual({ first: true })
    expect(await ledger.claim('a', 'two')).toEqual({ first: false, answer: 'one' })
    expect(await ledger.claim('b', 'two')).toEqual({ first: true })
  })

  it('has one first of 50 claims at once', async () => {
    const ledger = createMemoryLedger()
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, index) => ledger.claim('a', String(index))),
    )
    expect(claims.filter(({ first }) => first)).toHaveLength(1)
  })

  it('forgets its oldest entry when it is full', async () => {
    const ledger = createMemoryLedger(2)
    for (const id of ['a', 'b', 'c']) await ledger.claim(id, id)
    expect(await ledger.claim('c', '')).toMatchObject({ first: false })
    expect(await ledger.claim('b', '')).toMatchObject({ first: false })
    expect(await ledger.claim('a', '')).toEqual({ first: true })
  })
})
