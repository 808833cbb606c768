import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { Webhook } from 'standardwebhooks'
import { readSettings } from '../../local/settings'
import { type LocalCloud, startLocalCloud } from '../../local/start'
import type { UploadEvent } from '../../shared/events/event'
import { findPort } from '../local/support/free-ports'
import { launchBrowser } from '../support/browser'
import { ask, type Bytes, eventsOf, random, sendUrl, type UrlAnswer } from './support/client'

const FOLDER = 'examples/express-backend'
const SHARED = parseEnv(readFileSync(join(FOLDER, 'local.env'), 'utf8')) as Record<string, string>
const PDF = { contentType: 'application/pdf' }

let folder: string
let site: string
let cloud: LocalCloud
let backend: ChildProcess

async function startBackend(): Promise<ChildProcess> {
  const env = { ...process.env, ...SHARED, OSS_DIRECT: cloud.info.gateway }
  const child = spawn(process.execPath, [resolve(FOLDER, 'server.mjs')], {
    env: { ...env, PORT: new URL(site).port, TABLE: join(folder, 'files.jsonl') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  expect(String(line)).toBe(`${site}\n`)
  return child
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill()
  await once(child, 'close')
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))

  site = `http://localhost:${await findPort()}`
  const { settings } = readSettings({}, join(FOLDER, 'local.env'))
  cloud = await startLocalCloud({
    port: 0,
    settings: { ...settings, EVENT_WEBHOOK_URL: `${site}/events` },
    log: () => undefined,
  })
  backend = await startBackend()
}, 60_000)

afterAll(async () => {
  await stop(backend)
  await cloud.close()
  rmSync(folder, { recursive: true })
})

async function logIn(user: string): Promise<string> {
  const body = JSON.stringify({ user })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${site}/login`, { method: 'POST', headers, body })
  expect(answer.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict$/)
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

async function get<Body>(path: string, cookie: string): Promise<Body> {
  return (await fetch(site + path, { headers: { cookie } })).json() as Promise<Body>
}

async function upload(cookie: string, filename: string, file: Bytes): Promise<string> {
  const { token } = await get<{ token: string }>('/token', cookie)
  const request = { rule: 'documents', operation: 'put', filename, contentLength: file.length }
  const signed = await ask<UrlAnswer>(cloud.info, '/signed-url', { ...request, ...PDF }, token)
  expect(await sendUrl(signed.body, file)).toMatchObject({ status: 200 })
  return signed.body.key
}

function postEvent(event: UploadEvent, secret = SHARED.EVENT_WEBHOOK_SECRETS ?? '') {
  const body = JSON.stringify(event)
  const now = new Date()
  const headers = {
    'content-type': 'application/cloudevents+json',
    'webhook-id': event.id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(event.id, now, body),
  }
  return fetch(`${site}/events`, { method: 'POST', headers, body })
}

it('logs in, mints a token, and has the upload in its table when OSS has answered', async () => {
  const alice = await logIn('alice')
  const key = await upload(alice, 'report.pdf', random(1000))
  expect(key).toBe('documents/alice/report.pdf')
  const row = { key, size: 1000, ...PDF, time: expect.stringMatching(/Z$/) }
  expect(await get('/files', alice)).toEqual([row])
  expect(await get('/files', await logIn('bob'))).toEqual([])
})

it('keeps an event once, however often it comes, and the newest upload of a key', async () => {
  const carol = await logIn('carol')
  const key = await upload(carol, 'a.pdf', random(10))
  const [event] = await eventsOf(cloud.info, key)
  if (!event) throw new Error('There is no event')
  const rows = () => readFileSync(join(folder, 'files.jsonl'), 'utf8').split(event.id).length - 1
  expect((await postEvent(event)).status).toBe(204)
  expect(rows()).toBe(1)
  const old = { ...event, id: '0'.repeat(64), time: '2001-01-01T00:00:00Z' }
  expect((await postEvent({ ...old, data: { ...event.data, size: 7 } })).status).toBe(204)
  expect(await get('/files', carol)).toEqual([expect.objectContaining({ key, size: 10 })])
})

it('refuses events that another secret signed, and what is no event', async () => {
  const key = await upload(await logIn('dave'), 'a.pdf', random(10))
  const [event] = await eventsOf(cloud.info, key)
  const forged = { ...event, id: 'f'.repeat(64) } as UploadEvent
  const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
  expect((await postEvent(forged, secret)).status).toBe(401)
  expect((await fetch(`${site}/events`, { method: 'POST', body: 'hello' })).status).toBe(401)
  expect(readFileSync(join(folder, 'files.jsonl'), 'utf8')).not.toContain(forged.id)
})

it.each(['/token', '/files', '/avatar'])('gives nobody %s without a session', async (path) => {
  for (const cookie of ['', 'session=unknown']) {
    expect((await fetch(site + path, { headers: { cookie } })).status).toBe(401)
  }
})

it('has its table again after a crash that cut a line short', async () => {
  const erin = await logIn('erin')
  const first = await upload(erin, 'first.pdf', random(10))
  await stop(backend)
  appendFileSync(join(folder, 'files.jsonl'), '\n{"id":"cut sh')
  backend = await startBackend()
  const second = await upload(await logIn('erin'), 'second.pdf', random(10))
  await stop(backend)
  backend = await startBackend()
  const files = await get<{ key: string }[]>('/files', await logIn('erin'))
  expect(files.map(({ key }) => key)).toEqual([first, second])
})

it('serves a form that uploads from a browser without JavaScript', async () => {
  const [name = '', value = ''] = (await logIn('frank')).split('=')
  const browser = await launchBrowser()
  const context = await browser.newContext({ javaScriptEnabled: false })
  await context.addCookies([{ name, value, url: site }])
  const page = await context.newPage()
  await page.goto(`${site}/avatar`)
  const file = { name: 'me.png', mimeType: 'image/png', buffer: random(2000) }
  await page.locator('input[type=file]').setInputFiles(file)
  await Promise.all([page.waitForNavigation(), page.locator('button').click()])
  expect(await page.locator('body').textContent()).toContain('"status":"ok"')
  await browser.close()
  const [row] = await get<{ key: string }[]>('/files', `${name}=${value}`)
  expect(row).toMatchObject({ size: 2000, contentType: 'image/png' })
  expect(row?.key).toMatch(/^avatars\/frank\//)
})
