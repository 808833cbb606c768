import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FaultRule } from '../../../local/oss/faults'
import { share } from '../../share'
import { startApplication } from './application'
import { ask, BUCKET, NOW, ROOT, startCloud, type TestCloud } from './cloud'
import { headerV4, type Signed } from './sign'

const SIZE = 2 * 1024 * 1024

let dataDir = ''

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'oss-closing-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const application = share(startApplication)
const callback = () => {
  const parameter = { callbackUrl: `${application().base}/cb`, callbackBody: 'k=v' }
  return Buffer.from(JSON.stringify(parameter)).toString('base64')
}

const draft = (method: string, headers: Record<string, string> = {}) =>
  headerV4({ method, bucket: BUCKET, key: 'k', headers }, ROOT, NOW)

/** Begins a request on a socket that never reads. */
async function begin(cloud: TestCloud, { method, path, headers }: Signed, body: string) {
  const socket = connect(cloud.port, '127.0.0.1')
  socket.once('error', () => undefined).pause()
  await once(socket, 'connect')
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}\r\n${body}`)
  return socket
}

type Case = [string, { respond?: FaultRule['respond']; request: () => Signed; body?: string }]
const cases: Case[] = [
  ['is delayed', { respond: { delayMs: 600_000 }, request: () => draft('DELETE') }],
  ['is not read', { request: () => draft('GET') }],
  ['is cut off and not read', { respond: 'truncate', request: () => draft('GET') }],
  [
    'has not all of its body',
    { request: () => draft('PUT', { 'content-length': '9' }), body: 'x' },
  ],
  [
    'waits for its callback',
    {
      request: () => draft('PUT', { 'content-length': '1', 'x-oss-callback': callback() }),
      body: 'x',
    },
  ],
]

it.each(cases)('ends at once while a request %s', async (_, { respond, request, body = '' }) => {
  application().respond = () => undefined
  const cloud = await startCloud({ dataDir })
  await ask(cloud, { method: 'PUT', key: 'k' }, Buffer.alloc(SIZE, 1))
  cloud.setFaults(respond ? [{ match: {}, respond }] : [])
  const socket = await begin(cloud, request(), body)
  await new Promise((resolve) => setTimeout(resolve, 100))
  const started = performance.now()
  await cloud.close()
  expect(performance.now() - started).toBeLessThan(1000)
  const told = cloud.log.length
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(cloud.log).toHaveLength(told)
  socket.destroy()
  expect(existsSync(join(dataDir, 'lock'))).toBe(false)
})

it('does nothing more of a request that was delayed', async () => {
  const cloud = await startCloud({ dataDir })
  await ask(cloud, { method: 'PUT', key: 'k' }, 'kept')
  cloud.setFaults([{ match: { method: 'DELETE' }, respond: { delayMs: 100 } }])
  const late = ask(cloud, { method: 'DELETE', key: 'k' }).catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, 30))
  await cloud.close()
  await late
  const again = await startCloud({ dataDir })
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect((await ask(again, { method: 'GET', key: 'k' })).text).toBe('kept')
  await again.close()
})
