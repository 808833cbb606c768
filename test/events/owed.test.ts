// Covers shared/events/markers.ts too.
import { createOwedEvents, createOwedStore, OWED_PREFIX, timeOf } from '../../shared/events/owed'
import type { IncomingResponse } from '../../shared/http/message'
import { EVENT, entryOf } from '../callback/support/example'
import { accessBy, openBucket } from './support/bucket'

const NAME = `20231114T221320Z-${EVENT.id}`
const { time: _, ...UNDATED } = EVENT

function open() {
  const bucket = openBucket()
  const { access } = bucket
  return { ...bucket, owed: createOwedEvents(access), store: createOwedStore(access) }
}

function answering(...answers: Partial<IncomingResponse>[]) {
  const access = accessBy(async () => ({
    ...{ status: 200, headers: {}, body: Buffer.alloc(0) },
    ...answers.shift(),
  }))
  return { owed: createOwedEvents(access), store: createOwedStore(access) }
}

it('keeps an event below a prefix of its own, by the time of its upload, its id and its ticket', async () => {
  const { objects, owed, store } = open()
  await owed.keep({ ...entryOf('one'), ticketId: 't' })
  await owed.keep(entryOf('two'))
  expect([...objects.keys()]).toEqual([`${OWED_PREFIX}${NAME}-t`, `${OWED_PREFIX}${NAME}`])
  expect(await store.list()).toEqual({ names: [NAME, `${NAME}-t`] })
  expect(await store.read(`${NAME}-t`)).toEqual({ ...entryOf('one'), ticketId: 't' })
})

it('keeps an event once, as the first publisher had it', async () => {
  const { objects, owed, store } = open()
  await owed.keep(entryOf('one'))
  await owed.keep(entryOf('two'))
  expect(objects.size).toBe(1)
  expect(await store.read(NAME)).toEqual(entryOf('one'))
})

it('removes an event by whoever has it, also one that is not there', async () => {
  const { objects, owed, store } = open()
  await owed.keep(entryOf('one'))
  await owed.remove(entryOf(''))
  expect(objects.size).toBe(0)
  await owed.remove(entryOf(''))
  await owed.keep(entryOf('one'))
  await store.remove(NAME)
  expect(await store.read(NAME)).toBeUndefined()
})

it('lists the oldest first, and an event without a time before all others', async () => {
  const { objects, owed, store } = open()
  await owed.keep({ ...entryOf(''), event: { ...EVENT, time: '2024-01-01T00:00:00Z' } })
  await owed.keep(entryOf(''))
  await owed.keep({ ...entryOf(''), event: UNDATED })
  const names = [...objects.keys()].map((key) => key.slice(OWED_PREFIX.length)).sort()
  expect((await store.list()).names).toEqual(names)
  expect(names.map(timeOf)).toEqual([undefined, 1_700_000_000, 1_704_067_200])
})

it('lists 500 at a time, in pages that fit the largest answer that is read', async () => {
  const { objects, store } = open()
  for (let at = 0; at < 501; at++) {
    objects.set(`${OWED_PREFIX}20231114T221320Z-${String(at).padStart(64, '0')}`, '{}')
  }
  const first = await store.list()
  expect(first.names).toHaveLength(500)
  expect(await store.list(first.next)).toEqual({ names: [expect.stringMatching(/500$/)] })
})

it('leaves aside what is none of its names', async () => {
  const { objects, store } = open()
  for (const name of ['', 'note.txt', `x-${EVENT.id}`, `${NAME}a`]) {
    objects.set(OWED_PREFIX + name, '')
  }
  expect(await store.list()).toEqual({ names: [] })
})

it.each(['', '{}', 'null', '{"answer":', JSON.stringify({ ...entryOf(''), more: 1 })])(
  'calls %j damaged',
  async (text) => {
    const { objects, store } = open()
    objects.set(OWED_PREFIX + NAME, text)
    expect(await store.read(NAME)).toBe('damaged')
  },
)

it('keeps an event of OSS that was missed as it is', async () => {
  const { store } = open()
  const missed = { events: [{ eventName: 'ObjectCreated:PutObject' }] }
  await store.keepMissed(missed, 1_700_000_000)
  await store.keepMissed(missed, 1_700_000_000)
  const { names } = await store.list()
  expect(names).toEqual([expect.stringMatching(/^20231114T221320Z-[0-9a-f]{64}$/)])
  expect(await store.read(names[0] ?? '')).toEqual({ missed })
})

describe('fails closed', () => {
  const unavailable = { reason: 'ledger_unavailable' }

  it.each([403, 404, 500])('where a write gets %i', async (status) => {
    const { owed } = answering({ status }, { status })
    await expect(owed.keep(entryOf(''))).rejects.toMatchObject(unavailable)
  })

  it.each([403, 500])('where a read, a list or a removal gets %i', async (status) => {
    const answers = () => answering({ status }, { status }).store
    await expect(answers().read(NAME)).rejects.toMatchObject(unavailable)
    await expect(answers().list()).rejects.toMatchObject(unavailable)
    await expect(answers().remove(NAME)).rejects.toMatchObject(unavailable)
  })

  it('on a bucket with versioning, before anything is claimed', async () => {
    const { owed } = answering({ headers: { 'x-oss-version-id': 'null' } })
    await expect(owed.keep(entryOf(''))).rejects.toMatchObject({ reason: 'ledger_versioned' })
  })
})
