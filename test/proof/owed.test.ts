import { OWED_PREFIX } from '../../shared/events/owed'
import type { Bytes } from '../e2e/support/client'
import { ask, type FormAnswer, ownerClient, sendForm, token } from '../e2e/support/client'
import { until } from '../support/until'
import { bodyOf, callbackEvent, pass, shareDeployment, store } from './support/deployment'
import { buildForProcesses, type OwnProcess } from './support/process'
import { shareProxies } from './support/proxy'

const FILE: Bytes = Buffer.from('hello')
const ANOTHER: Bytes = Buffer.from('another')
const TYPE = 'text/plain'

const deployment = shareDeployment('webhook')
const openProxy = shareProxies(() => deployment().info.oss)
let built: Awaited<ReturnType<typeof buildForProcesses>>

beforeAll(async () => {
  built = await buildForProcesses('test/support/rules/media.ts')
}, 60_000)

afterAll(() => built.remove())

beforeEach(() => {
  deployment().sink.events.length = 0
})

async function grantForm(filename: string, rule = 'media') {
  const { info } = deployment()
  const request = { rule, filename, contentType: TYPE }
  return (await ask<FormAnswer>(info, '/post-policy', request, await token(info, 'alice'))).body
}

/** A stored file, and the callback that OSS would make for it, not yet delivered. */
async function storedUpload(filename: string, rule?: string) {
  const { info, headersFor } = deployment()
  const { key, fields } = await grantForm(filename, rule)
  await store(info, key, FILE, TYPE)
  const ticket = fields['x:ticket'] ?? ''
  const body = bodyOf({ bucket: info.bucket, key, file: FILE, type: TYPE, ticket })
  return { key, event: callbackEvent(body, headersFor(body), '/upload-callback') }
}

async function startOwn(name: string, endpoint?: string): Promise<OwnProcess> {
  const { env, credentials } = await deployment().instanceOf(name)
  const through = endpoint === undefined ? {} : { OSS_INTERNAL_ENDPOINT: endpoint }
  return built.start(name, { env: { ...env, ...through }, credentials })
}

/** The ids of what is owed for this upload; other cases may still have owed events of their own. */
async function owedIds(key: string): Promise<string[]> {
  const { info, cloud } = deployment()
  const bucket = ownerClient(info)
  // As the client itself does for a clock that is wrong.
  const { options } = bucket as unknown as { options: object }
  Object.assign(options, { amendTimeSkewed: cloud.clock.now() - Date.now() })
  const { objects = [] } = await bucket.listV2({ prefix: OWED_PREFIX, 'max-keys': '1000' }, {})
  const ids = objects.map(async ({ name }) => {
    const marker = await bucket.get(name).catch(() => undefined)
    const isOwn = String(marker?.content).includes(`"${key}"`)
    return isOwn ? [name.slice(OWED_PREFIX.length).split('-')[1] ?? ''] : []
  })
  return (await Promise.all(ids)).flat()
}

function idsOf(key: string): string[] {
  return deployment()
    .sink.events.filter(({ subject }) => subject === key)
    .map(({ id }) => id)
}

/** Lets the timer of the sweep and all others run, until this upload has its one event and nothing is owed. */
async function expectOneEvent(key: string): Promise<void> {
  const isDone = async () => idsOf(key).length > 0 && (await owedIds(key)).length === 0
  await until(isDone, () => pass(deployment(), 20))
  expect(new Set(idsOf(key)).size).toBe(1)
}

it('delivers what a consumer refused for longer than all retries', async () => {
  deployment().sink.decide = () => 503
  const signed = await grantForm('down.txt')
  const { key } = signed
  expect((await sendForm(signed, FILE)).status).toBe(200)
  await until(async () => (await owedIds(key)).length === 1)
  // Two days, as long as Function Compute keeps an event, and longer.
  for (let hours = 0; hours < 48; hours += 8) {
    pass(deployment(), 8 * 3600)
    const tries = () => deployment().lines.filter((line) => line.includes('"event":"swept"')).length
    const before = tries()
    await until(() => tries() > before)
  }
  expect([idsOf(key), (await owedIds(key)).length]).toEqual([[], 1])
  expect(
    deployment().lines.some((line) => /"level":"error".*"swept".*"overdue":1/.test(line)),
  ).toBe(true)
  deployment().sink.decide = () => 200
  await expectOneEvent(key)
  expect(idsOf(key)).toHaveLength(1)
}, 60_000)

const POINTS = ['PUT owed', 'PUT uploads', 'settled', 'DELETE owed'] as const

it.each(POINTS)('loses no event of a callback that is killed after %s', async (point) => {
  const proxy = await openProxy()
  const victim = await startOwn('upload-callback', proxy.url)
  let claims = 0
  proxy.after = (request) => {
    if (request === 'PUT uploads') claims++
    const name = request === 'PUT uploads' && claims === 2 ? 'settled' : request
    return name === point && victim.kill()
  }
  const { key, event } = await storedUpload(`${point.replace(' ', '-')}.txt`)
  // The object is another when the trigger comes, so the sweep alone knows of this one.
  expect(await victim.invoke(event)).toBeUndefined()
  await store(deployment().info, key, ANOTHER, TYPE)
  const eventsOf = (size: number) =>
    deployment().sink.events.filter(({ subject, data }) => subject === key && data.size === size)
  const first = () => eventsOf(FILE.length)
  // The trigger's own event too, so that none of it comes during the next case.
  const areAllTold = async () =>
    first().length > 0 && eventsOf(ANOTHER.length).length > 0 && (await owedIds(key)).length === 0
  await until(areAllTold, () => pass(deployment(), 20))
  expect(new Set(first().map(({ id }) => id)).size).toBe(1)
})

it('proves the upload of a ticket for one, whose callback was killed before it was bound', async () => {
  const proxy = await openProxy()
  const victim = await startOwn('upload-callback', proxy.url)
  proxy.after = (request) => request === 'PUT owed' && victim.kill()
  const { key, event } = await storedUpload('once-killed.txt', 'single')
  expect(await victim.invoke(event)).toBeUndefined()
  await expectOneEvent(key)
})

const SWEEPS = ['GET list', 'GET owed', 'GET uploads', 'PUT uploads', 'DELETE owed'] as const

it.each(SWEEPS)('loses no event of a sweep that is killed after %s', async (point) => {
  deployment().sink.decide = () => 503
  const { key, event } = await storedUpload(`sweep-${point.replace(' ', '-')}.txt`)
  const callback = await startOwn('upload-callback')
  expect((await callback.invoke(event))?.statusCode).toBe(200)
  await callback.stop()
  await expectOwed(key)
  deployment().sink.decide = () => 200
  const proxy = await openProxy()
  const victim = await startOwn('upload-sweep', proxy.url)
  proxy.after = (request) => request === point && victim.kill()
  expect(await victim.invoke({ triggerName: 'timer' })).toBeUndefined()
  await expectOneEvent(key)
})

/** Lets the trigger try in vain, which waits until the claim can be taken over: what is left to come is a sweep. */
async function expectOwed(key: string): Promise<void> {
  const [id = ''] = await owedIds(key)
  const hasTried = () =>
    deployment().lines.some((line) => line.includes('event owed') && line.includes(id))
  await until(hasTried, () => pass(deployment(), 1))
  expect([idsOf(key), await owedIds(key)]).toEqual([[], [id]])
}

it('delivers under one id by two sweeps and a late callback at once', async () => {
  deployment().sink.decide = () => 503
  const { key, event } = await storedUpload('race.txt')
  const callback = await startOwn('upload-callback')
  await callback.invoke(event)
  await expectOwed(key)
  deployment().sink.decide = () => 200
  const sweeps = await Promise.all([startOwn('upload-sweep'), startOwn('upload-sweep')])
  const timer = { triggerName: 'timer' }
  await Promise.all([
    ...sweeps.map((sweep) => sweep.invoke(timer)),
    ...Array.from({ length: 10 }, () => callback.invoke(event)),
  ])
  await expectOneEvent(key)
  await Promise.all([callback, ...sweeps].map((each) => each.stop()))
})

it('publishes an upload that the trigger could not prove for longer than all its retries', async () => {
  const { cloud, info } = deployment()
  const key = 'media/alice/missed.txt'
  cloud.setFaults([{ match: { operation: 'HeadObject', who: 'functions', key }, respond: 503 }])
  await store(info, key, FILE, TYPE)
  const isMissed = () =>
    deployment().lines.some((line) => /"level":"error".*"event missed"/.test(line))
  await until(isMissed, () => pass(deployment(), 300))
  // A sweep may have passed it on meanwhile: then it is missed again.
  await until(
    async () => (await owedIds(key)).length === 1,
    () => pass(deployment(), 300),
  )
  expect(idsOf(key)).toEqual([])
  cloud.setFaults([])
  await expectOneEvent(key)
  expect(deployment().sink.events[0]?.data.proof).toBe('trigger')
})
