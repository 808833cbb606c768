// Covers shared/events/ledger.ts and shared/events/oss-ledger.ts where claims meet, by one set of cases for both.
import { createMemoryLedger, type Ledger } from '../../shared/events/ledger'
import { createOssLedger } from '../../shared/events/oss-ledger'
import { entryOf } from '../callback/support/example'
import { openBucket } from './support/bucket'

/** The ledgers of ten requests at once, as the settings make them. */
function ledgersOf(kind: 'memory' | 'oss'): Ledger[] {
  const memory = createMemoryLedger(100, () => 0)
  const { access } = openBucket()
  return Array.from({ length: 10 }, (_, index) =>
    kind === 'memory' ? memory : createOssLedger(access, `claimant-${index}`),
  )
}

describe.each(['memory', 'oss'] as const)('claims at once in the %s ledger', (kind) => {
  it('have one first, and all others find its entry', async () => {
    const ledgers = ledgersOf(kind)
    const claims = await Promise.all(
      ledgers.map((ledger, index) => ledger.claim('id', entryOf(`of ${index}`))),
    )
    const winner = claims.findIndex(({ first }) => first)
    const others = claims.filter((_, index) => index !== winner)
    const found = { first: false, entry: entryOf(`of ${winner}`), isSettled: false, ageSeconds: 0 }
    expect(claims[winner]).toEqual({ first: true })
    expect(others).toEqual(Array.from({ length: 9 }, () => found))
  })

  it('have no first once it is settled, not even by who settled it', async () => {
    const ledgers = ledgersOf(kind)
    const entry = entryOf('one')
    expect(await ledgers[0]?.claim('id', entry)).toEqual({ first: true })
    await ledgers[0]?.settle('id', entry)
    const claims = await Promise.all(ledgers.map((ledger) => ledger.claim('id', entryOf('two'))))
    const found = { first: false, entry, isSettled: true, ageSeconds: 0 }
    expect(claims).toEqual(Array.from({ length: 10 }, () => found))
  })

  it('of different ids are all the first', async () => {
    const claims = await Promise.all(
      ledgersOf(kind).map((ledger, index) => ledger.claim(`id-${index}`, entryOf('one'))),
    )
    expect(claims).toEqual(Array.from({ length: 10 }, () => ({ first: true })))
  })
})

it('is the first of what it claimed itself and did not settle, when others claim at once', async () => {
  const { access } = openBucket()
  await createOssLedger(access, 'me').claim('id', entryOf('lost on the way'))
  const claims = await Promise.all(
    ['other', 'me', 'another'].map((who) => createOssLedger(access, who).claim('id', entryOf(who))),
  )
  expect(claims.map(({ first }) => first)).toEqual([false, true, false])
})
