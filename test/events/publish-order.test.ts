// Covers shared/events/publish.ts: the order of its writes, and a crash after each of them.
import { createBudget } from '../../shared/budget'
import type { Entry } from '../../shared/events/ledger'
import { createOssLedger } from '../../shared/events/oss-ledger'
import { createOwedStore, OWED_PREFIX } from '../../shared/events/owed'
import { LEASE_SECONDS, type PublishContext, publishUpload } from '../../shared/events/publish'
import { EVENT, entryOf } from '../callback/support/example'
import { openBucket } from './support/bucket'

const OWED = `owed/20231114T221320Z-id`
const CLAIM = 'uploads/id'

/** A publisher and what it asks of the ledger; it ends without a trace after `survives` requests. */
function openPublisher(survives = Number.POSITIVE_INFINITY) {
  const bucket = openBucket()
  const delivered: string[] = []
  const down = new Set<string>()
  const contextOf = (by: PublishContext['by'], left = Number.POSITIVE_INFINITY): PublishContext => {
    let requests = left
    const { send } = bucket.access
    const access: typeof bucket.access = {
      ...bucket.access,
      send: (request) => (requests-- > 0 ? send(request) : new Promise(() => undefined)),
    }
    const ledger = createOssLedger(access, by)
    const aged = async (id: string) => {
      const found = await ledger.find(id)
      return found && { ...found, ageSeconds: LEASE_SECONDS }
    }
    return {
      ...{ by, now: 1_700_000_000, send, budget: createBudget(4000, () => 0) },
      ledger: { ...ledger, find: aged },
      targets: [
        {
          name: 'application',
          deliver: async ({ id }) => {
            bucket.asked.push('deliver')
            if (down.has('application')) throw new Error('down')
            delivered.push(id)
          },
        },
      ],
      requestId: 'r',
      log: () => undefined,
    }
  }
  return { ...bucket, delivered, down, contextOf, callback: contextOf('callback', survives) }
}

const owedKeys = (objects: Map<string, string>) =>
  [...objects.keys()].filter((key) => key.startsWith(OWED_PREFIX))

it('keeps the event before the claim, and removes it after the delivery', async () => {
  const { asked, callback, objects } = openPublisher()
  expect((await publishUpload(entryOf('one'), callback)).state).toBe('published')
  expect(asked.slice(0, 3)).toEqual([`PUT ${OWED}`, `PUT ${CLAIM}`, 'deliver'])
  expect(asked.slice(3).sort()).toEqual([`DELETE ${OWED}`, `PUT ${CLAIM}`])
  expect(owedKeys(objects)).toEqual([])
})

it('asks one thing of the ledger where the trigger finds what a callback has settled', async () => {
  const { asked, contextOf, callback } = openPublisher()
  await publishUpload(entryOf('one'), callback)
  asked.length = 0
  expect((await publishUpload(entryOf('two'), contextOf('trigger'))).state).toBe('published')
  expect(asked).toEqual([`GET ${CLAIM}`])
})

it.each([0, 1, 2, 3, 4])(
  'loses no event of a callback that dies after %i requests',
  async (survived) => {
    const { access, objects, delivered, contextOf, callback } = openPublisher(survived)
    void publishUpload(entryOf('one'), callback)
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    const kept = owedKeys(objects)
    const isKept = kept.length > 0 || delivered.length > 0
    // With no request done, nothing was said to anyone: the upload is the trigger's.
    expect(isKept).toBe(survived > 0)
    const store = createOwedStore(access)
    for (const name of (await store.list()).names) {
      const owed = await store.read(name)
      if (typeof owed === 'object' && 'event' in owed) {
        await publishUpload(owed, contextOf('sweep'))
      }
    }
    if (survived === 0) await publishUpload(entryOf('one'), contextOf('trigger'))
    expect(new Set(delivered)).toEqual(new Set([EVENT.id]))
    expect(owedKeys(objects)).toEqual([])
  },
)

it('keeps the event while a target is down, and the sweep delivers it', async () => {
  const { objects, delivered, down, contextOf, callback } = openPublisher()
  down.add('application')
  expect((await publishUpload(entryOf('one'), callback)).state).toBe('owed')
  expect((await publishUpload(entryOf('one'), contextOf('trigger'))).state).toBe('owed')
  expect((await publishUpload(entryOf('one'), contextOf('sweep'))).state).toBe('owed')
  expect(owedKeys(objects)).toHaveLength(1)
  down.clear()
  expect(await publishUpload(entryOf('two'), contextOf('sweep'))).toEqual({
    ...{ state: 'published', answer: 'one' },
  })
  expect([delivered, owedKeys(objects)]).toEqual([[EVENT.id], []])
})

it('keeps an event whose claim is of a version that kept none', async () => {
  const { objects, down, contextOf } = openPublisher()
  await contextOf('callback').ledger.claim(EVENT.id, entryOf('old'))
  down.add('application')
  expect((await publishUpload(entryOf('one'), contextOf('trigger'))).state).toBe('owed')
  expect(owedKeys(objects)).toHaveLength(1)
})

it('removes what a late callback kept of an event that is settled', async () => {
  const { objects, delivered, contextOf, callback } = openPublisher()
  await publishUpload(entryOf('one'), callback)
  const late = await publishUpload(entryOf('two'), contextOf('callback'))
  expect(late).toEqual({ state: 'published', answer: 'one' })
  expect([delivered.length, owedKeys(objects)]).toEqual([1, []])
})

it('keeps with an event the ticket that it needs, and nothing of a ticket that is used', async () => {
  const { objects, contextOf, down } = openPublisher()
  down.add('application')
  const once = { ...contextOf('callback'), once: { ticketId: 't' } }
  await publishUpload(entryOf('one'), once)
  const [key = ''] = owedKeys(objects)
  expect(JSON.parse(objects.get(key) ?? '')).toMatchObject({ ticketId: 't' })
  const { event } = entryOf('')
  const other = { answer: '', event: { ...event, id: 'b'.repeat(64) } }
  await expect(publishUpload(other, once)).rejects.toMatchObject({ reason: 'ticket_used' })
  expect(owedKeys(objects)).toEqual([key])
})

describe('another ticket, which is used, for the same upload', () => {
  const withTicket = (context: PublishContext, ticketId: string) => ({
    ...context,
    once: { ticketId },
  })
  const other = { answer: '', event: { ...EVENT, id: 'b'.repeat(64) } }
  const used = { reason: 'ticket_used' }

  it('takes nothing away from an event that is owed', async () => {
    const { objects, contextOf, down } = openPublisher()
    const callback = contextOf('callback')
    await publishUpload(other, withTicket(callback, 'used'))
    down.add('application')
    await publishUpload(entryOf('one'), withTicket(callback, 't'))
    const kept = owedKeys(objects)
    const again = publishUpload(entryOf('one'), withTicket(callback, 'used'))
    await expect(again).rejects.toMatchObject(used)
    expect([kept.length, owedKeys(objects)]).toEqual([1, kept])
  })

  it('does not stand for the one that counts where both publishers die', async () => {
    const { access, objects, delivered, contextOf } = openPublisher()
    await publishUpload(other, withTicket(contextOf('callback'), 'a'))
    for (const ticketId of ['a', 't']) {
      void publishUpload(entryOf('one'), withTicket(contextOf('callback', 1), ticketId))
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    }
    const store = createOwedStore(access)
    const outcomes: string[] = []
    for (const name of (await store.list()).names) {
      const { ticketId = '', ...entry } = (await store.read(name)) as Entry
      const sweep = publishUpload(entry, withTicket(contextOf('sweep'), ticketId))
      outcomes.push(await sweep.then(({ state }) => state).catch(({ reason }) => reason))
    }
    expect(outcomes.sort()).toEqual(['published', 'ticket_used'])
    expect([delivered, owedKeys(objects)]).toEqual([[other.event.id, EVENT.id], []])
  })

  it('is what the trigger needs to remove an event that it delivers', async () => {
    const { objects, contextOf, down } = openPublisher()
    down.add('application')
    await publishUpload(entryOf('one'), withTicket(contextOf('callback'), 't'))
    const trigger = { ...contextOf('trigger'), once: {} }
    expect((await publishUpload(entryOf('one'), trigger)).state).toBe('owed')
    expect(owedKeys(objects)).toHaveLength(1)
    down.clear()
    expect((await publishUpload(entryOf('one'), trigger)).state).toBe('published')
    expect(owedKeys(objects)).toEqual([])
  })
})
