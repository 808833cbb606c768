import { signTicket } from '../../shared/policy/signed-ticket'
import type { Ticket } from '../../shared/policy/ticket'
import {
  ask,
  type Bytes,
  type FormAnswer,
  type Problem,
  type StsAnswer,
  sendForm,
  stsClient,
  token,
} from '../e2e/support/client'
import { until } from '../support/until'
import { bodyOf, pass, shareDeployment, store } from './support/deployment'

// A thousand with FAULT_UPLOADS=1000; fewer in the usual run, which has a minute.
const UPLOADS = Number(process.env.FAULT_UPLOADS ?? 60)
const AT_ONCE = 4
const TYPE = 'text/plain'

const deployment = shareDeployment('function')

function file(name: string): Bytes {
  return Buffer.from(`the file ${name}`)
}

async function postForm(name: string) {
  const { info } = deployment()
  const request = { rule: 'media', filename: name, contentType: TYPE }
  const signed = await ask<FormAnswer>(info, '/post-policy', request, await token(info, 'alice'))
  const sent = await sendForm(signed.body, file(name))
  return { key: signed.body.key, sent }
}

async function putWithoutCallback(name: string): Promise<string> {
  const { info } = deployment()
  const request = { rule: 'media', access: 'write' }
  const lent = await ask<StsAnswer>(info, '/sts', request, await token(info, 'alice'))
  const key = `${lent.body.prefix}${name}`
  await stsClient(lent.body).put(key, file(name), { mime: TYPE, headers: { 'Content-Type': TYPE } })
  return key
}

function idsOf(key: string): string[] {
  return deployment()
    .sink.events.filter(({ subject }) => subject === key)
    .map(({ id }) => id)
}

async function expectEvent(key: string): Promise<void> {
  await until(
    () => idsOf(key).length > 0,
    () => pass(deployment(), 2),
  )
  expect(new Set(idsOf(key)).size).toBe(1)
}

const LEDGER = { key: '.oss-direct/*', who: 'functions' as const }
const FAULTS = [
  {
    match: { operation: 'HeadObject', who: 'functions' as const },
    respond: 503 as const,
    times: 2,
  },
  { match: { ...LEDGER, operation: 'PutObject' }, respond: 503 as const, times: 2 },
  { match: { ...LEDGER, operation: 'PutObject' }, respond: 'reset' as const, times: 2 },
  { match: { ...LEDGER, operation: 'PutObject' }, respond: 'truncate' as const, times: 1 },
  { match: { ...LEDGER, operation: 'GetObject' }, respond: { delayMs: 900 }, times: 1 },
]

it(`tells of each of ${UPLOADS} uploads with every tenth step at fault, under one id each`, async () => {
  let asked = 0
  let failed = 0
  deployment().sink.decide = () => {
    asked++
    if (asked % 10 !== 3) return 200
    failed++
    return 503
  }
  const names = Array.from({ length: UPLOADS }, (_, index) => `fault-${index}.txt`)
  const keys: string[] = []
  const next = async (): Promise<void> => {
    const name = names.pop()
    if (name === undefined) return
    const index = names.length
    if (index % 10 === 7) keys.push(await putWithoutCallback(name))
    else {
      const fault = FAULTS[Math.floor(index / 10) % FAULTS.length]
      if (index % 10 === 0 && fault) deployment().cloud.setFaults([fault])
      const { key, sent } = await postForm(name)
      expect([200, 203]).toContain(sent.status)
      keys.push(key)
    }
    await next()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
  expect(keys).toHaveLength(UPLOADS)
  const told = () => keys.filter((key) => idsOf(key).length > 0).length
  for (let before = -1; told() < UPLOADS && told() > before; ) {
    before = told()
    await until(
      () => told() > before,
      () => pass(deployment(), 2),
    )
  }
  expect(keys.filter((key) => new Set(idsOf(key)).size !== 1)).toEqual([])
  expect(failed).toBeGreaterThan(0)
}, 600_000)

it('leaves the requests of the functions alone unless a fault is for them', async () => {
  const failing = { operation: 'HeadObject' }
  deployment().cloud.setFaults([{ match: failing, respond: 503 }])
  expect((await postForm('head-of-clients.txt')).sent.status).toBe(200)
  deployment().cloud.setFaults([{ match: { ...failing, who: 'all' }, respond: 503 }])
  const { key, sent } = await postForm('head-of-all.txt')
  expect([sent.status, idsOf(key)]).toEqual([203, []])
  deployment().cloud.setFaults([])
  await expectEvent(key)
})

describe('what is down', () => {
  it('OSS behind the callback: the uploader learns that nothing is proven, the trigger tells later', async () => {
    deployment().cloud.setFaults([
      { match: { operation: 'HeadObject', who: 'functions' as const }, respond: 503 },
    ])
    const { key, sent } = await postForm('head-down.txt')
    expect([sent.status, idsOf(key)]).toEqual([203, []])
    deployment().cloud.setFaults([])
    await expectEvent(key)
  })

  it('OSS too slow: the callback answers before OSS gives up on it', async () => {
    // Of this key alone, since uploads before it may still be told of.
    const match = { operation: 'HeadObject', key: 'media/alice/head-slow.txt' }
    deployment().cloud.setFaults([
      { match: { ...match, who: 'functions' as const }, respond: { delayMs: 8000 } },
    ])
    const { key, sent } = await postForm('head-slow.txt')
    expect(sent.status).toBe(203)
    // Ours: OSS says that it took too long.
    expect(String(sent.body)).toContain('Error status : 403.')
    deployment().cloud.setFaults([])
    await expectEvent(key)
  })

  it('the ledger: no callback counts, and no event is made before it is back', async () => {
    deployment().cloud.setFaults([{ match: { ...LEDGER }, respond: 503 }])
    const { key, sent } = await postForm('ledger-down.txt')
    expect(sent.status).toBe(203)
    pass(deployment(), 5)
    expect(idsOf(key)).toEqual([])
    deployment().cloud.setFaults([])
    await expectEvent(key)
  })

  it('the consumer for ten minutes: uploads go on, and each event arrives once it is back', async () => {
    deployment().sink.decide = () => 503
    const { key, sent } = await postForm('consumer-down.txt')
    expect(sent.status).toBe(200)
    const listed = async () => {
      const answer = await fetch(`${deployment().info.gateway}/local/events`)
      const { events } = (await answer.json()) as { events: Listed[] }
      return events.find(({ event }) => event.subject === key)
    }
    for (let passed = 0; passed < 600; passed += 30) {
      pass(deployment(), 30)
      await until(async () => ((await listed())?.attempts ?? 0) > 0)
    }
    await until(
      async () => ((await listed())?.attempts ?? 0) > 2,
      () => pass(deployment(), 30),
    )
    expect(await listed()).toMatchObject({
      state: 'queued',
      lastError: expect.stringContaining('503'),
    })
    expect(idsOf(key)).toEqual([])
    deployment().sink.decide = () => 200
    await until(
      () => idsOf(key).length > 0,
      () => pass(deployment(), 60),
    )
    expect(idsOf(key)).toHaveLength(1)
    await until(async () => (await listed())?.state === 'delivered')
  })
})

describe('with the identity provider down', () => {
  const isolated = shareDeployment('function', {
    AUTH_JWKS_URL: 'http://127.0.0.1:9/jwks.json',
  })

  it('callers are told to come back, and uploads under way are proven all the same', async () => {
    const { info, sink, ticketKeys, call } = isolated()
    const request = { rule: 'media', filename: 'idp.txt', contentType: TYPE }
    const answer = await ask<Problem>(info, '/post-policy', request, await token(info, 'alice'))
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    const key = 'media/alice/idp.txt'
    await store(info, key, file('idp'), TYPE)
    const ticket = signTicket(ticketFor(info.bucket, key), ticketKeys)
    const upload = { bucket: info.bucket, key, file: file('idp'), type: TYPE, ticket }
    expect((await call(bodyOf(upload))).status).toBe(200)
    await until(() => sink.events.length > 0)
  })
})

function ticketFor(bucket: string, key: string): Ticket {
  const issuedAt = Math.floor(Date.now() / 1000)
  const expiresAt = issuedAt + 600
  const limits = { minBytes: 0, maxBytes: 100, contentTypes: [TYPE], issuedAt, expiresAt }
  return { id: 'id-1', use: 'form', rule: 'media', sub: 'alice', bucket, key, ...limits }
}

type Listed = { state: string; attempts: number; event: { subject: string } }
