// Covers shared/events/deliver.ts too.
import { createBudget } from '../../shared/budget'
import { DeliveryError, type Target } from '../../shared/events/deliver'
import type { UploadEvent } from '../../shared/events/event'
import { createMemoryLedger } from '../../shared/events/ledger'
import { LEASE_SECONDS, type PublishContext, publishUpload } from '../../shared/events/publish'
import type { Send } from '../../shared/http/message'
import { EVENT, entryOf } from '../callback/support/example'
import { passTimeout, withTimeouts } from '../support/timeouts'

const noSend: Send = async () => {
  throw new Error('Nothing is sent here')
}

function publishingTo(deliver: Target['deliver'] = async () => undefined) {
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
  const publishing: PublishContext = {
    by: 'callback',
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
  return { publishing, delivered, lines, pass }
}

it('hands the first claim over and gives every later one its answer', async () => {
  const { publishing, delivered } = publishingTo()
  expect(await publishUpload(entryOf('one'), publishing)).toEqual({
    state: 'published',
    answer: 'one',
  })
  expect(await publishUpload(entryOf('two'), publishing)).toEqual({
    state: 'published',
    answer: 'one',
  })
  expect(delivered).toHaveLength(1)
})

it('makes one event of 50 tellings at once, all with the same answer', async () => {
  const { publishing, delivered } = publishingTo()
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, index) => publishUpload(entryOf(`${index}`), publishing)),
  )
  expect(delivered).toHaveLength(1)
  expect(new Set(outcomes.map(({ answer }) => answer)).size).toBe(1)
})

it('hands over what an earlier claim still owes once its lease is over, not before', async () => {
  const { publishing, delivered, pass } = publishingTo()
  const { event } = entryOf('')
  await publishing.ledger.claim(event.id, entryOf('one'))
  pass(LEASE_SECONDS - 0.001)
  expect(await publishUpload(entryOf('two'), publishing)).toEqual({
    state: 'pending',
    answer: 'one',
  })
  expect(delivered).toEqual([])
  pass(0.001)
  expect(await publishUpload(entryOf('two'), publishing)).toEqual({
    state: 'published',
    answer: 'one',
  })
  expect(delivered.map(({ id }) => id)).toEqual([event.id])
})

it('owes the event while a consumer is down, and hands it over once when it is back', async () => {
  let isDown = true
  const { publishing, delivered, lines, pass } = publishingTo(async () => {
    if (isDown) throw new DeliveryError('The webhook returned status 503')
  })
  expect((await publishUpload(entryOf('one'), publishing)).state).toBe('failed')
  pass(LEASE_SECONDS)
  expect((await publishUpload(entryOf('one'), publishing)).state).toBe('failed')
  isDown = false
  expect((await publishUpload(entryOf('one'), publishing)).state).toBe('published')
  expect((await publishUpload(entryOf('one'), publishing)).state).toBe('published')
  expect(delivered).toHaveLength(1)
  expect(lines.join()).toContain('The webhook returned status 503')
})

it('logs an event that is published and one that is not, each by upload and request', async () => {
  const settled = publishingTo()
  await publishUpload(entryOf('one'), settled.publishing)
  const { rule, sub, key, size, proof } = EVENT.data
  expect(settled.lines.map((line) => JSON.parse(line))).toEqual([
    {
      ...{ level: 'info', event: 'upload proven', requestId: 'r', id: EVENT.id },
      ...{ rule, sub, key, size, proof },
    },
  ])
  const owed = publishingTo(async () => {
    throw new DeliveryError('The webhook answered 503')
  })
  await publishUpload(entryOf('one'), owed.publishing)
  expect(owed.lines.map((line) => JSON.parse(line))).toEqual([
    {
      ...{ level: 'error', event: 'event not delivered', requestId: 'r', id: EVENT.id },
      ...{ target: 'application', cause: 'The webhook answered 503' },
    },
  ])
})

it.each<[number, number]>([
  [4000, 1500],
  [1000, 1000],
])('gives a target of the %i ms left %i, and all it needs to send', async (left, timeoutMs) => {
  const given: unknown[] = []
  const { publishing } = publishingTo(async (_, { now, send, budget, ...rest }) => {
    given.push(now, send, budget, rest.timeoutMs)
  })
  const budget = createBudget(left, () => 0)
  await publishUpload(entryOf('one'), { ...publishing, budget })
  expect(given).toEqual([publishing.now, noSend, budget, timeoutMs])
})

it.each<[unknown, string]>([
  [new TypeError('of https://host/?secret=abc'), 'TypeError'],
  [{ code: 'ECONNREFUSED' }, 'ECONNREFUSED'],
  ['of https://host/?secret=abc', 'unknown'],
  [undefined, 'unknown'],
])('logs the failure %p as no more than %j', async (failure, cause) => {
  const { publishing, lines } = publishingTo(() => Promise.reject(failure))
  await publishUpload(entryOf('one'), publishing)
  expect(lines.map((line) => JSON.parse(line).cause)).toEqual([cause])
})

it('keeps what an SDK says out of the log', async () => {
  const { publishing, lines } = publishingTo(async () => {
    throw Object.assign(new Error('https://host/?secret=abc'), { name: 'FCError', code: 'Denied' })
  })
  await publishUpload(entryOf('one'), publishing)
  expect(lines.join()).toContain('FCError Denied')
  expect(lines.join()).not.toContain('abc')
})

it('calls a target failed that takes longer than the budget', async () => {
  const { publishing, lines } = publishingTo(() => new Promise(() => undefined))
  const slow = { ...publishing, budget: createBudget(30, () => 0) }
  await withTimeouts(async () => {
    const published = publishUpload(entryOf('one'), slow)
    await passTimeout(29)
    expect(lines).toEqual([])
    await passTimeout(1)
    expect((await published).state).toBe('failed')
  })
  expect(lines.join()).toContain('not delivered')
})

it('calls every target failed when no time is left', async () => {
  const { publishing, delivered, lines } = publishingTo()
  const late = { ...publishing, budget: createBudget(4000, () => 4000) }
  expect((await publishUpload(entryOf('one'), late)).state).toBe('failed')
  expect([delivered.length, lines.join().includes('time_ran_out')]).toEqual([0, true])
})

it('calls an event published that was delivered though the ledger can’t settle it', async () => {
  const { publishing, lines } = publishingTo()
  const settle = async () => {
    throw new Error('down')
  }
  const broken = { ...publishing, ledger: { ...publishing.ledger, settle } }
  expect((await publishUpload(entryOf('one'), broken)).state).toBe('published')
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
    ...{ level: 'warn', event: 'event not settled', requestId: 'r', id: EVENT.id },
  })
})

it('tells nobody when the ledger can’t be reached', async () => {
  const { publishing, delivered } = publishingTo()
  const claim = async () => {
    throw new Error('down')
  }
  const broken = { ...publishing, ledger: { ...publishing.ledger, claim } }
  await expect(publishUpload(entryOf('one'), broken)).rejects.toThrow('down')
  expect(delivered).toEqual([])
})

describe('an upload of a rule with once', () => {
  const other = (answer: string) => {
    const { event } = entryOf(answer)
    return { answer, event: { ...event, id: 'b'.repeat(64) } }
  }

  it('is published by the first upload of a ticket, which gets its answer again', async () => {
    const { publishing, delivered } = publishingTo()
    const once = { ...publishing, once: { ticketId: 't' } }
    const published = { state: 'published', answer: 'one' }
    expect(await publishUpload(entryOf('one'), once)).toEqual(published)
    expect(await publishUpload(entryOf('two'), once)).toEqual(published)
    await expect(publishUpload(other('three'), once)).rejects.toMatchObject({
      reason: 'ticket_used',
    })
    expect(delivered).toHaveLength(1)
  })

  it('is published by the trigger only as a callback has claimed it', async () => {
    const { publishing, delivered, pass } = publishingTo()
    const byTrigger = { ...publishing, by: 'trigger' as const, once: {} }
    expect((await publishUpload(entryOf('t'), byTrigger)).state).toBe('unclaimed')
    await publishing.ledger.claim(EVENT.id, entryOf('callback'))
    expect((await publishUpload(entryOf('t'), byTrigger)).state).toBe('pending')
    pass(LEASE_SECONDS)
    const outcome = await publishUpload(entryOf('t'), byTrigger)
    expect(outcome).toEqual({ state: 'published', answer: 'callback' })
    expect(delivered).toHaveLength(1)
  })
})
