import { createBudget } from '../../shared/budget'
import { DeliveryError, type Target } from '../../shared/events/deliver'
import type { UploadEvent } from '../../shared/events/event'
import { createMemoryLedger } from '../../shared/events/ledger'
import { LEASE_SECONDS, type Telling, tellUpload } from '../../shared/events/publish'
import type { Send } from '../../shared/http/message'
import { entryOf } from '../callback/example'

const noSend: Send = async () => {
  throw new Error('Nothing is sent here')
}

function world(deliver: Target['deliver'] = async () => undefined) {
  let now = 0
  const delivered: UploadEvent[] = []
  const lines: string[] = []
  const target: Target = {
    name: 'application',
    deliver: async (event, context) => {
      await deliver(event, context)
      delivered.push(event)
    },
  }
  const telling: Telling = {
    now: 1_700_000_000,
    send: noSend,
    budget: createBudget(4000, () => 0),
    ledger: createMemoryLedger(100, () => now),
    targets: [target],
    requestId: 'r',
    log: (level, event, fields) => lines.push(JSON.stringify({ level, event, ...fields })),
  }
  const pass = (seconds: number) => {
    now += seconds * 1000
  }
  return { telling, delivered, lines, pass }
}

it('hands the first claim over and gives every later one its answer', async () => {
  const { telling, delivered } = world()
  expect(await tellUpload(entryOf('one'), telling)).toEqual({ state: 'told', answer: 'one' })
  expect(await tellUpload(entryOf('two'), telling)).toEqual({ state: 'told', answer: 'one' })
  expect(delivered).toHaveLength(1)
})

it('makes one event of 50 tellings at once, all with the same answer', async () => {
  const { telling, delivered } = world()
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, index) => tellUpload(entryOf(`${index}`), telling)),
  )
  expect(delivered).toHaveLength(1)
  expect(new Set(outcomes.map(({ answer }) => answer)).size).toBe(1)
})

it('hands over what an earlier claim still owes once its lease is over, not before', async () => {
  const { telling, delivered, pass } = world()
  const { event } = entryOf('')
  await telling.ledger.claim(event.id, entryOf('one'))
  pass(LEASE_SECONDS - 0.001)
  expect(await tellUpload(entryOf('two'), telling)).toEqual({ state: 'pending', answer: 'one' })
  expect(delivered).toEqual([])
  pass(0.001)
  expect(await tellUpload(entryOf('two'), telling)).toEqual({ state: 'told', answer: 'one' })
  expect(delivered.map(({ id }) => id)).toEqual([event.id])
})

it('owes the event while a consumer is down, and hands it over once when it is back', async () => {
  let isDown = true
  const { telling, delivered, lines, pass } = world(async () => {
    if (isDown) throw new DeliveryError('The webhook answered 503')
  })
  expect((await tellUpload(entryOf('one'), telling)).state).toBe('failed')
  pass(LEASE_SECONDS)
  expect((await tellUpload(entryOf('one'), telling)).state).toBe('failed')
  isDown = false
  expect((await tellUpload(entryOf('one'), telling)).state).toBe('told')
  expect((await tellUpload(entryOf('one'), telling)).state).toBe('told')
  expect(delivered).toHaveLength(1)
  expect(lines.join()).toContain('The webhook answered 503')
})

it('keeps what an SDK says out of the log', async () => {
  const { telling, lines } = world(async () => {
    throw Object.assign(new Error('https://host/?secret=abc'), { name: 'FCError', code: 'Denied' })
  })
  await tellUpload(entryOf('one'), telling)
  expect(lines.join()).toContain('FCError Denied')
  expect(lines.join()).not.toContain('abc')
})

it('calls a target failed that takes longer than the budget', async () => {
  const { telling, lines } = world(() => new Promise(() => undefined))
  const started = performance.now()
  const slow = { ...telling, budget: createBudget(30, () => 0) }
  expect((await tellUpload(entryOf('one'), slow)).state).toBe('failed')
  expect(performance.now() - started).toBeLessThan(1000)
  expect(lines.join()).toContain('not handed over')
})

it('calls every target failed when no time is left', async () => {
  const { telling, delivered, lines } = world()
  const late = { ...telling, budget: createBudget(4000, () => 4000) }
  expect((await tellUpload(entryOf('one'), late)).state).toBe('failed')
  expect([delivered.length, lines.join().includes('time_ran_out')]).toEqual([0, true])
})

it('calls an event told that was handed over though the ledger can’t settle it', async () => {
  const { telling, lines } = world()
  const settle = async () => {
    throw new Error('down')
  }
  const broken = { ...telling, ledger: { ...telling.ledger, settle } }
  expect((await tellUpload(entryOf('one'), broken)).state).toBe('told')
  expect(lines.join()).toContain('upload not settled')
})

it('tells nobody when the ledger can’t be reached', async () => {
  const { telling, delivered } = world()
  const claim = async () => {
    throw new Error('down')
  }
  const broken = { ...telling, ledger: { ...telling.ledger, claim } }
  await expect(tellUpload(entryOf('one'), broken)).rejects.toThrow('down')
  expect(delivered).toEqual([])
})
