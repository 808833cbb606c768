// What the holder of a form for a prefix proves with its ticket and a bucket of their own, whose callbacks OSS signs too.
import { until } from '../support/until'
import { askWebForm } from '../support/web-samples'
import { bodyOf, pass, shareDeployment, store } from './support/deployment'

const deployment = shareDeployment('webhook', {}, 'test/support/rules/web.ts')

const FILE = Buffer.from('hello')
const TYPE = 'image/png'

async function ticketFor(rule: string, sub = 'alice'): Promise<string> {
  const { body } = await askWebForm(deployment().info, { as: 'web-v4', rule }, { sub })
  const callback = JSON.parse(Buffer.from(body.callback, 'base64').toString())
  return JSON.parse(callback.callbackBody.replace(/\$\{[\w.]+\}/g, 'null')).ticket
}

type Claim = { key: string; ticket: string; file?: typeof FILE }

async function claim({ key, ticket, file = FILE }: Claim, change = {}) {
  const { info, call } = deployment()
  const body = bodyOf({ bucket: info.bucket, key, file, type: TYPE, ticket }, change)
  const answer = await call(body)
  return { status: answer.status, body: await answer.json() }
}

function eventsOf(key: string) {
  return deployment().sink.events.filter(({ subject }) => subject === key)
}

async function stored(key: string): Promise<string> {
  await store(deployment().info, key, FILE, TYPE)
  return key
}

it('proves an object of this prefix that was written since, once', async () => {
  const ticket = await ticketFor('web')
  const key = await stored('web/alice/new.png')
  for (let calls = 0; calls < 3; calls++) expect((await claim({ key, ticket })).status).toBe(200)
  await until(() => eventsOf(key).length > 0)
  pass(deployment(), 60)
  expect(new Set(eventsOf(key).map(({ id }) => id)).size).toBe(1)
})

it('proves no object that was there before it', async () => {
  const key = await stored('web/alice/old.png')
  pass(deployment(), 60)
  const ticket = await ticketFor('web')
  expect((await claim({ key, ticket })).status).toBe(403)
})

it('proves no upload that never was', async () => {
  const ticket = await ticketFor('web')
  expect((await claim({ key: 'web/alice/never.png', ticket })).status).toBe(403)
  expect(eventsOf('web/alice/never.png')).toEqual([])
})

it.each([
  ['of another caller', 'web/bob/a.png', 403],
  ['of a caller whose name begins alike', 'web/alice2/a.png', 403],
  ['of another rule', 'kept/alice/a.png', 403],
  ['of the ledger', '.oss-direct/uploads/a.png', 403],
  ['of the folder itself', 'web/alice/', 403],
  ['with dot segments', 'web/alice/../bob/b.png', 422],
  ['with an empty folder', 'web/alice//a.png', 422],
])('proves no key %s', async (_, key, status) => {
  const ticket = await ticketFor('web')
  if (!/\/\.?\.?\//.test(key)) await stored(key)
  const answer = await claim({ key, ticket })
  expect([answer.status, answer.body.status]).toEqual([status, status])
})

it.each([
  ['another size', { size: 6 }],
  ['another type', { mimeType: 'text/plain' }],
  ['another ETag', { etag: 'F'.repeat(32) }],
  ['another bucket', { bucket: 'own-bkt' }],
  ['parts', { operation: 'CompleteMultipartUpload' }],
])('proves nothing with %s in the callback', async (name, change) => {
  const ticket = await ticketFor('web')
  const key = await stored(`web/alice/${name.replace(' ', '-')}.png`)
  expect((await claim({ key, ticket }, change)).status).toBe(403)
})

it('proves one object in all where the rule says so, whichever comes first', async () => {
  const ticket = await ticketFor('single')
  const keys = await Promise.all([1, 2, 3, 4].map((name) => stored(`single/alice/${name}.png`)))
  const answers = await Promise.all(keys.map((key) => claim({ key, ticket })))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  const events = () => keys.flatMap(eventsOf)
  await until(() => events().length > 0)
  pass(deployment(), 60)
  expect(new Set(events().map(({ id }) => id)).size).toBe(1)
})

it('takes no event away that waits for its consumer, once it is used', async () => {
  const { info, sink, lines } = deployment()
  const [used, ticket] = await Promise.all([ticketFor('single'), ticketFor('single')])
  await claim({ key: await stored('single/alice/used.png'), ticket: used })
  sink.decide = () => 503
  const key = await stored('single/alice/waiting.png')
  expect((await claim({ key, ticket })).status).toBe(200)
  // The trigger tries in vain, too: now the sweep alone is left.
  const tries = () => lines.filter((line) => line.includes('"event owed"')).length
  await until(
    () => tries() > 1,
    () => pass(deployment(), 1),
  )
  expect((await claim({ key, ticket: used })).status).toBe(403)
  sink.decide = () => 200
  await until(
    () => eventsOf(key).length > 0,
    () => pass(deployment(), 20),
  )
  const owed = async () => (await (await fetch(`${info.gateway}/local/events`)).json()).owed
  await until(
    async () => (await owed()).length === 0,
    () => pass(deployment(), 20),
  )
  expect(new Set(eventsOf(key).map(({ id }) => id)).size).toBe(1)
})
