import type { LocalCloudOptions } from '../../local/options'
import type { LocalCloud } from '../../local/start'
import { type Application, encode, startApplication } from './oss/support/application'
import { toForm } from './oss/support/cloud'
import { formV4, headerV4 } from './oss/support/sign'
import { openCloud } from './support/client'

// Public keys.
const SEED = { id: 'local-user-key', secret: 'local-user-secret' }
const FOREIGN = ['https://evil.example', 'http://localhost.evil.example', 'null']

let cloud: LocalCloud
let victim: Application
async function open(options: LocalCloudOptions = {}): Promise<void> {
  cloud = await openCloud({ only: ['oss', 'sts'], ...options })
  victim = await startApplication()
}
afterEach(() => victim.close())

/** Sends a request signed with the public keys. */
async function send(
  draft: { method: string; key: string; query?: Record<string, string>; body?: string },
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; headers: Headers }> {
  const { info, clock } = cloud
  const signed = headerV4({ ...draft, bucket: info.bucket, headers }, SEED, clock.now())
  const { method, body } = draft
  const init = { method, headers: signed.headers, ...(body !== undefined && { body }) }
  const answer = await fetch(info.oss + signed.path, init)
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}

const put = (headers: Record<string, string>) =>
  send({ method: 'PUT', key: 'k', body: 'hello' }, { 'content-type': 'text/plain', ...headers })

async function stored(): Promise<boolean> {
  return (await send({ method: 'GET', key: 'k' })).status === 200
}

describe('a page of the internet', () => {
  beforeEach(() => open())

  it.each(FOREIGN)('stores nothing from %s, though it knows the keys', async (origin) => {
    const answer = await put({ origin })
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('AccessForbidden')])
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(await stored()).toBe(false)
  })

  it.each(FOREIGN)(
    'posts no form from %s, which browsers send without a preflight',
    async (origin) => {
      const { info, clock } = cloud
      const fields = formV4(
        { fields: [['key', 'k']], conditions: [{ bucket: info.bucket }, ['eq', '$key', 'k']] },
        SEED,
        clock.now(),
      )
      const { contentType, body } = toForm(fields, { content: 'hello' })
      const form = async (headers: Record<string, string>) => {
        const init = { method: 'POST', headers: { 'content-type': contentType, ...headers }, body }
        return (await fetch(`${info.oss}/${info.bucket}/`, init as RequestInit)).status
      }
      expect(await form({ origin })).toBe(403)
      expect(await stored()).toBe(false)
      expect(await form({ origin: 'http://localhost:5173' })).toBe(204)
    },
  )

  it.each(FOREIGN)('opens no bucket to itself from %s', async (origin) => {
    const rule =
      '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>'
    const cors = { method: 'PUT', key: '', query: { cors: '' }, body: rule }
    expect((await send(cors, { origin, 'content-type': 'application/xml' })).status).toBe(403)
    expect((await put({ origin })).status).toBe(403)
  })

  it.each(FOREIGN)('gets no leave in a preflight from %s', async (origin) => {
    const { info } = cloud
    const headers = { origin, 'access-control-request-method': 'PUT' }
    const answer = await fetch(`${info.oss}/${info.bucket}/k`, { method: 'OPTIONS', headers })
    expect(answer.status).toBe(403)
  })
})

describe('a page of this machine', () => {
  beforeEach(() => open())

  it.each([
    'http://localhost',
    'http://localhost:5173',
    'https://127.0.0.1:8443',
    'http://[::1]:3000',
  ])('stores from %s', async (origin) => {
    const { status, headers } = await put({ origin })
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, origin])
    expect(await stored()).toBe(true)
  })

  it('stores from elsewhere too once the bucket’s CORS lists it', async () => {
    const rule =
      '<CORSConfiguration><CORSRule><AllowedOrigin>https://app.example</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>'
    const cors = { method: 'PUT', key: '', query: { cors: '' }, body: rule }
    expect((await send(cors, { 'content-type': 'application/xml' })).status).toBe(200)
    expect((await put({ origin: 'https://app.example' })).status).toBe(200)
    expect((await put({ origin: 'https://other.example' })).status).toBe(403)
  })
})

describe('a callback', () => {
  const callback = (callbackUrl: string, callbackHost?: string) => ({
    'x-oss-callback': encode({
      callbackUrl,
      ...(callbackHost && { callbackHost }),
      callbackBody: '{"sub":"mallory"}',
      callbackBodyType: 'application/json',
    }),
  })

  it('reaches nothing on this machine but the gateway', async () => {
    await open()
    const answer = await put(callback(victim.base))
    expect([answer.status, answer.text]).toEqual([203, expect.stringContaining('--callback-hosts')])
    expect(victim.calls).toEqual([])
  })

  it('reaches what an option names, by its port where it names one', async () => {
    await open({ callbackHosts: ['localhost'] })
    expect((await put(callback(victim.base))).status).toBe(203)
    const named = victim.base.replace('127.0.0.1', 'localhost')
    expect((await put(callback(named))).status).toBe(200)
    await cloud.close()
    const other = await startApplication()
    const { host } = new URL(victim.base)
    cloud = await openCloud({ only: ['oss'], callbackHosts: [host] })
    expect((await put(callback(victim.base))).status).toBe(200)
    expect((await put(callback(other.base))).status).toBe(203)
    expect([victim.calls.length, other.calls.length]).toEqual([2, 0])
    await other.close()
  })

  it.each(['/local/token', '/%6cocal/token', '/local/clock'])(
    'gets nothing from the gateway’s own path %s',
    async (path) => {
      await open({ only: ['oss', 'sts', 'fc'] })
      for (const base of [
        cloud.info.gateway,
        cloud.info.gateway.replace('localhost', '127.0.0.1'),
      ]) {
        const answer = await put(callback(base + path))
        expect([answer.status, answer.text]).toEqual([203, expect.stringContaining('status : 403')])
      }
    },
  )

  it('reaches no gateway by another host', async () => {
    await open({ only: ['oss', 'sts', 'fc'] })
    const answer = await put(callback(`${cloud.info.gateway}/upload-callback`, 'evil.example'))
    expect([answer.status, answer.text]).toEqual([203, expect.stringContaining('status : 403')])
    expect(cloud.requests().filter(({ service }) => service === 'fc')).toEqual([])
  })
})
