// What shared/ keeps between requests was made for one at a time: here a hundred run together.
import { MAX_REQUESTED_PARTS } from '../../shared/policy/parse-request'
import {
  ask,
  eventsOf,
  type FormAnswer,
  type Info,
  type StsAnswer,
  sendForm,
  token,
  type UrlAnswer,
} from '../e2e/support/client'
import { openCloud } from '../e2e/support/cloud'
import { share } from '../support/share'

// As many callbacks of OSS are answered at once; each has 4 s, of which this machine needs its part.
const UPLOADERS = 4

const cloud = share(() =>
  openCloud({ server: 'web', instances: UPLOADERS, settings: { DENY_LIST: 'on' } }),
)
const info = (): Info => cloud().info

const CALLERS = Array.from({ length: 100 }, (_, at) => `caller-${String(at).padStart(3, '0')}`)
const FILE = { rule: 'media', filename: 'a.txt', contentType: 'text/plain' }

let tokens: Map<string, string>
beforeAll(async () => {
  const issued = CALLERS.map(async (sub) => [sub, await token(info(), sub)] as const)
  tokens = new Map(await Promise.all(issued))
})

const askAs = <Body>(sub: string, path: string, body: object) =>
  ask<Body>(info(), path, body, tokens.get(sub))

/** The callers that a text names. */
const namedIn = (value: unknown) => [...new Set(JSON.stringify(value).match(/caller-\d{3}/g))]

/** The claims of our ticket in this text. */
const ticketIn = (text: string) =>
  JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }

it('each caller gets a signed URL of its own folder', async () => {
  const put = { ...FILE, operation: 'put', contentLength: 5 }
  const answers = await Promise.all(CALLERS.map((sub) => askAs<UrlAnswer>(sub, '/signed-url', put)))
  expect(answers.map(({ status }) => status)).toEqual(CALLERS.map(() => 200))
  expect(answers.map(({ body }) => namedIn(body))).toEqual(CALLERS.map((sub) => [sub]))
  expect(new Set(answers.map(({ body }) => body.key)).size).toBe(CALLERS.length)
})

it('each caller gets credentials of its own prefix, and a ticket of its own', async () => {
  const answers = await Promise.all(
    CALLERS.map((sub) => askAs<StsAnswer>(sub, '/sts', { rule: 'media', access: 'write' })),
  )
  expect(answers.map(({ body }) => namedIn(body.prefix))).toEqual(CALLERS.map((sub) => [sub]))
  const tickets = answers.map(({ body }) => body.callback?.callbackVar['x:ticket'] ?? '')
  expect(tickets.map((ticket) => ticketIn(ticket).sub)).toEqual(CALLERS)
  const keys = answers.map(({ body }) => body.credentials.accessKeyId)
  expect(new Set(keys).size).toBe(CALLERS.length)
})

it('each upload is proven as that of its caller, and makes one event', async () => {
  const uploaders = CALLERS.slice(0, UPLOADERS)
  // The first callback loads what the others use.
  const { body: first } = await askAs<FormAnswer>('caller-099', '/post-policy', FILE)
  await sendForm(first, Buffer.from('first'))
  const forms = await Promise.all(
    uploaders.map((sub) => askAs<FormAnswer>(sub, '/post-policy', FILE)),
  )
  expect(forms.map(({ body }) => namedIn(body.key))).toEqual(uploaders.map((sub) => [sub]))
  const sent = forms.map(({ body }, at) => sendForm(body, Buffer.from(`${'x'.repeat(at)}`)))
  const proofs = (await Promise.all(sent)).map(({ body }) => [body.key, body.size])
  expect(proofs).toEqual(forms.map(({ body }, at) => [body.key, at]))
  for (const [at, { body }] of forms.entries()) {
    const events = await eventsOf(info(), body.key)
    const ids = new Set(events.map(({ id }) => id))
    expect([events[0]?.data.sub, ids.size]).toEqual([uploaders[at], 1])
  }
})

it('a refusal stays with the caller that it is for', async () => {
  const requests = CALLERS.map((sub, at) => {
    const filename = at % 2 === 0 ? 'a.txt' : '../a.txt'
    return askAs<{ code?: string; requestId?: string }>(sub, '/post-policy', { ...FILE, filename })
  })
  const answers = await Promise.all(requests)
  expect(answers.map(({ status }) => status)).toEqual(
    CALLERS.map((_, at) => (at % 2 === 0 ? 200 : 400)),
  )
  const ids = answers.flatMap(({ body }) => body.requestId ?? [])
  expect(new Set(ids).size).toBe(CALLERS.length / 2)
})

it('the parts of one caller do not count for another', async () => {
  const begin = { ...FILE, operation: 'multipart', contentLength: 200 * 1024 * 1024 }
  const answers = await Promise.all(
    CALLERS.map(async (sub) => {
      const { body } = await askAs<{ ticket: string }>(sub, '/signed-url', begin)
      const parts = { operation: 'multipart-parts', ticket: body.ticket, uploadId: '0'.repeat(32) }
      return askAs<{ parts: object[] }>(sub, '/signed-url', parts)
    }),
  )
  expect(answers.map(({ body }) => namedIn(body.parts))).toEqual(CALLERS.map((sub) => [sub]))
  // Together they are more than one request may have.
  expect(answers.flatMap(({ body }) => body.parts).length).toBeGreaterThan(MAX_REQUESTED_PARTS)
})
