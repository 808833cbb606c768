// Covers functions/sts.ts: links to STS credentials.

import type { LocalCloud } from '../../local/start'
import { DENY_LIST_SECONDS } from '../../shared/auth/deny-list'
import type { Link } from '../../shared/dialects/link'
import { DENY_LIST_KEY } from '../../shared/env/fetch-deny-list'
import { TICKET_GRACE_SECONDS } from '../../shared/policy/ticket'
import { CONTRACT, fits } from '../docs/support/contract'
import {
  aliOssCallback,
  ask,
  eventsOf,
  ownerClient,
  type Problem,
  type Proof,
  type StsAnswer,
  stsClient,
  token,
} from './support/client'
import { openCloud } from './support/cloud'
import { readAsAndroid, readAsIos } from './support/mobile-sdks'

const WISH = { rule: 'documents', access: 'write' }
const INVALID = {
  StatusCode: 403,
  Code: 'Forbidden',
  ErrorCode: 'invalid_link',
  ErrorMessage: 'This link gives no credentials. Request a new one.',
}

let cloud: LocalCloud

beforeAll(async () => {
  cloud = await openCloud({ settings: { DENY_LIST: 'on' } })
}, 60_000)

afterEach(() => cloud.clock.set(Date.now()))

afterAll(() => cloud.close())

async function request(wish: object = WISH, sub = 'alice', claims: object = { plan: 'pro' }) {
  const caller = await token(cloud.info, sub, { ...claims })
  return ask<Link & Problem>(cloud.info, '/sts?as=link', wish, caller)
}

async function makeLink(...given: Parameters<typeof request>): Promise<Link> {
  const { status, body } = await request(...given)
  expect(status).toBe(200)
  return body
}

/** What the holder of a URL gets: always 200, JSON that no cache keeps, as the contract says. */
async function open(url: string): Promise<Record<string, unknown>> {
  const answer = await fetch(url)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json'])
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const body = (await answer.json()) as Record<string, unknown>
  expect(fits(body, CONTRACT.components.schemas.LinkAnswer ?? {})).toBe(true)
  return body
}

const withTicket = (ticket: string) => `${cloud.info.gateway}/sts?ticket=${ticket}`

describe('a link', () => {
  it('lends credentials to the mobile SDKs, which upload with them', async () => {
    const link = await makeLink()
    const android = await readAsAndroid(link.url)
    expect(await readAsIos(link.url)).toEqual(android)
    expect(android.expiresAt).toBeGreaterThan(cloud.clock.now() + 300_000)
    const { accessKeyId, secret: accessKeySecret, token: securityToken } = android
    const lent: StsAnswer = {
      ...(link as unknown as StsAnswer),
      credentials: { accessKeyId, accessKeySecret, securityToken, expiration: '' },
    }
    const key = `${link.prefix}phone.pdf`
    const given = {
      mime: 'application/pdf',
      headers: { ...link.headers },
      callback: aliOssCallback(lent),
    }
    const sent = await stsClient(lent).put(key, Buffer.from('hello'), given)
    expect((sent as unknown as { data: Proof }).data).toMatchObject({ status: 'ok', key })
    expect(await eventsOf(cloud.info, key)).toHaveLength(1)
    await expect(
      stsClient(lent).put('documents/bob/a.pdf', Buffer.from('x'), given),
    ).rejects.toThrow()
  })

  it('has a callback that proves uploads for as long as its last credentials live', async () => {
    const { callback, expiresAt } = await makeLink()
    const ticket = callback?.callbackVar['x:ticket'] ?? ''
    const { exp } = JSON.parse(Buffer.from(ticket.split('.')[1] ?? '', 'base64url').toString())
    expect(exp).toBe(Date.parse(expiresAt) / 1000 + 900 + TICKET_GRACE_SECONDS)
  })

  it('has no callback for those who may only read', async () => {
    const link = await makeLink({ ...WISH, access: 'read' })
    expect(link).not.toHaveProperty('callback')
    expect(link).not.toHaveProperty('headers')
  })

  it('is refused to a caller whom the rule refuses, or without a token', async () => {
    expect((await request(WISH, 'alice', { plan: 'free' })).body.code).toBe('not_allowed')
    const { status } = await ask(cloud.info, '/sts?as=link', WISH)
    expect(status).toBe(401)
  })

  it('is refused to a token with more claims than a URL holds', async () => {
    const { status, body } = await request(WISH, 'alice', { plan: 'pro', note: 'x'.repeat(1024) })
    expect([status, body.code]).toEqual([400, 'invalid_request'])
    expect(body.errors?.[0]?.message).toMatch(
      /^The token has \d+ bytes of claims, more than the 1024/,
    )
  })
})

describe('what is no link', () => {
  it('is refused inside a 200, all alike: wrong, tampered, or the ticket of an upload', async () => {
    const link = await makeLink()
    const ticket = new URL(link.url).searchParams.get('ticket') ?? ''
    const [header, payload = '', signature] = ticket.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const bob = Buffer.from(JSON.stringify({ ...claims, sub: 'bob' })).toString('base64url')
    const upload = link.callback?.callbackVar['x:ticket'] ?? ''
    const others = ['', 'abc', `${ticket}0`, `${ticket}&ticket=${ticket}`, upload]
    for (const other of [...others, `${header}.${bob}.${signature}`]) {
      expect(await open(withTicket(other))).toEqual(INVALID)
      expect(await readAsIos(withTicket(other))).toBeUndefined()
      await expect(readAsAndroid(withTicket(other))).rejects.toThrow('ErrorCode: invalid_link')
    }
    expect(await open(withTicket(ticket))).toMatchObject({ StatusCode: 200 })
  })

  it('is any other request that is not a POST', async () => {
    const { url } = await makeLink()
    const statusOf = async (target: string, method: string) => {
      const answer = await fetch(target, { method })
      return [answer.status, answer.headers.get('allow')]
    }
    for (const query of ['', '?as=link', '?tickets=1']) {
      expect(await statusOf(`${cloud.info.gateway}/sts${query}`, 'GET')).toEqual([405, 'POST'])
    }
    for (const method of ['HEAD', 'PUT', 'DELETE']) {
      expect(await statusOf(url, method)).toEqual([405, 'POST'])
    }
    expect((await fetch(url, { method: 'POST' })).status).toBe(401)
  })

  it('is no token for any other function', async () => {
    const { url } = await makeLink()
    const ticket = new URL(url).searchParams.get('ticket') ?? ''
    expect((await ask(cloud.info, '/sts', WISH, ticket)).status).toBe(401)
    expect((await fetch(`${cloud.info.gateway}/signed-url?ticket=${ticket}`)).status).toBe(405)
  })
})

it('refuses a shape that nobody knows', async () => {
  const alice = await token(cloud.info, 'alice', { plan: 'pro' })
  for (const as of ['', 'Link', 'constructor', 'link,link']) {
    const { status, body } = await ask<Problem>(cloud.info, `/sts?as=${as}`, WISH, alice)
    expect([as, status]).toEqual([as, 400])
    const message = 'must be ali-oss or link, in the query of the URL'
    expect(body.errors).toEqual([{ path: 'as', message }])
  }
})

// One story, since the functions keep the deny list by a clock that must not go back before its end.
it('ends within a minute after its caller was denied, or else with its time, 12 hours', async () => {
  const [bob, alice] = [await makeLink(WISH, 'bob'), await makeLink()]
  expect(await open(bob.url)).toMatchObject({ StatusCode: 200 })
  const list = Buffer.from(JSON.stringify({ subjects: ['bob'], tokens: [] }))
  await ownerClient(cloud.info).put(DENY_LIST_KEY, list)
  cloud.clock.set(cloud.clock.now() + DENY_LIST_SECONDS * 1000)
  expect(await open(bob.url)).toEqual(INVALID)
  expect(await open(alice.url)).toMatchObject({ StatusCode: 200 })

  const { url, expiresAt } = await makeLink()
  const end = Date.parse(expiresAt)
  expect(Math.round((end - cloud.clock.now()) / 60_000)).toBe(720)
  cloud.clock.set(end - 60_000)
  expect(await open(url)).toMatchObject({ StatusCode: 200 })
  cloud.clock.set(end)
  expect(await open(url)).toEqual(INVALID)
})
