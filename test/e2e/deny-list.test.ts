import type { LocalCloud } from '../../local/start'
import { DENY_LIST_SECONDS } from '../../shared/auth/deny-list'
import { DENY_LIST_KEY } from '../../shared/env/fetch-deny-list'
import {
  ask,
  ownerClient,
  type Problem,
  type StsAnswer,
  sendUrl,
  stsClient,
  token,
  type UrlAnswer,
} from './support/client'
import { openCloud } from './support/cloud'

let cloud: LocalCloud

beforeAll(async () => {
  cloud = await openCloud({ settings: { DENY_LIST: 'on' } })
}, 60_000)

afterAll(() => cloud.close())

const PUT = {
  ...{ rule: 'media', operation: 'put', filename: 'a.png', contentType: 'image/png' },
  contentLength: 5,
}
const WISHES = {
  '/signed-url': PUT,
  '/post-policy': { rule: 'media', filename: 'a.png', contentType: 'image/png' },
  '/sts': { rule: 'media', access: 'read' },
}

async function deny(...subjects: string[]): Promise<void> {
  const list = Buffer.from(JSON.stringify({ subjects, tokens: [] }))
  await ownerClient(cloud.info).put(DENY_LIST_KEY, list)
}

function pass(seconds: number): void {
  cloud.clock.set(cloud.clock.now() + seconds * 1000)
}

async function statusesOf(caller: string): Promise<number[]> {
  const answers = Object.entries(WISHES).map(([path, wish]) =>
    ask<Problem>(cloud.info, path, wish, caller),
  )
  return (await Promise.all(answers)).map(({ status }) => status)
}

it('refuses a caller by every function within a minute, and no other, without a deployment', async () => {
  const alice = await token(cloud.info, 'alice', { plan: 'pro' })
  const bob = await token(cloud.info, 'bob', { plan: 'pro' })
  expect(await statusesOf(bob)).toEqual([200, 200, 200])
  const signed = await ask<UrlAnswer>(cloud.info, '/signed-url', PUT, bob)
  await deny('bob')
  pass(DENY_LIST_SECONDS)
  expect(await statusesOf(bob)).toEqual([403, 403, 403])
  expect(await statusesOf(alice)).toEqual([200, 200, 200])

  const upload = await sendUrl(signed.body, Buffer.from('hello'))
  expect(upload.status).toBe(203)

  await deny()
  pass(DENY_LIST_SECONDS)
  expect(await statusesOf(bob)).toEqual([200, 200, 200])
})

it('keeps the last list where the next is broken', async () => {
  const carol = await token(cloud.info, 'carol', { plan: 'pro' })
  await deny('carol')
  pass(DENY_LIST_SECONDS)
  expect(await statusesOf(carol)).toEqual([403, 403, 403])
  await ownerClient(cloud.info).put(DENY_LIST_KEY, Buffer.from('{"subjects": "none"}'))
  pass(DENY_LIST_SECONDS)
  expect(await statusesOf(carol)).toEqual([403, 403, 403])
})

it('is out of reach for what is lent', async () => {
  const alice = await token(cloud.info, 'alice', { plan: 'pro' })
  const { body } = await ask<StsAnswer>(
    cloud.info,
    '/sts',
    { rule: 'media', access: 'read-write' },
    alice,
  )
  const client = stsClient(body)
  await expect(client.get(DENY_LIST_KEY)).rejects.toMatchObject({ status: 403 })
  await expect(client.put(DENY_LIST_KEY, Buffer.from('{}'))).rejects.toMatchObject({ status: 403 })
})
