import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FaultRule } from '../../../local/oss/faults'
import { share } from '../../support/share'
import { until } from '../../support/until'
import { startApplication } from './support/application'
import { ask, BUCKET, NOW, ROOT, startCloud, type TestCloud } from './support/cloud'
import { headerV4, type Signed } from './support/sign'

const SIZE = 2 * 1024 * 1024

let dataDir = ''
/** The number of times that the cloud read its clock, which it does first for every request. */
let clockReads = 0

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

function openCloud(): Promise<TestCloud> {
  const now = () => {
    clockReads += 1
    return NOW
  }
  return startCloud({ dataDir, now })
}

/** Sends a request on a socket that never reads. */
async function begin(cloud: TestCloud, { method, path, headers }: Signed, body: string) {
  const socket = connect(cloud.port, '127.0.0.1')
  socket.once('error', () => undefined).pause()
  await once(socket, 'connect')
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}\r\n${body}`)
  return socket
}

type Case = {
  respond?: FaultRule['respond']
  request: () => Signed
  body?: string
  /** Returns true once the request has reached its last stage. */
  isUnderway: (cloud: TestCloud) => boolean
}
const isAnswered = ({ log }: TestCloud) => log.some(({ method }) => method === 'GET')
const cases: [string, Case][] = [
  [
    'is delayed',
    {
      respond: { delayMs: 600_000 },
      request: () => draft('DELETE'),
      isUnderway: () => clockReads > 0,
    },
  ],
  ['is not read', { request: () => draft('GET'), isUnderway: isAnswered }],
  [
    'is cut off and not read',
    { respond: 'truncate', request: () => draft('GET'), isUnderway: isAnswered },
  ],
  [
    'has not all of its body',
    {
      request: () => draft('PUT', { 'content-length': '9' }),
      body: 'x',
      isUnderway: () => readdirSync(join(dataDir, 'blobs')).length === 2,
    },
  ],
  [
    'waits for its callback',
    {
      request: () => draft('PUT', { 'content-length': '1', 'x-oss-callback': callback() }),
      body: 'x',
      isUnderway: () => application().calls.length > 0,
    },
  ],
]

it.each(cases)('ends at once while a request %s', async (_, one) => {
  const { respond, request, body = '', isUnderway } = one
  application().respond = () => undefined
  const cloud = await openCloud()
  await ask(cloud, { method: 'PUT', key: 'k' }, Buffer.alloc(SIZE, 1))
  cloud.setFaults(respond ? [{ match: {}, respond }] : [])
  clockReads = 0
  const socket = await begin(cloud, request(), body)
  await until(() => isUnderway(cloud))
  const started = performance.now()
  await cloud.close()
  // The earliest of their time-outs, that of the callback, is five seconds.
  expect(performance.now() - started).toBeLessThan(4000)
  const loggedCount = cloud.log.length
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(cloud.log).toHaveLength(loggedCount)
  socket.destroy()
  expect(existsSync(join(dataDir, 'lock'))).toBe(false)
})

it('does nothing more of a request that was delayed', async () => {
  const cloud = await openCloud()
  await ask(cloud, { method: 'PUT', key: 'k' }, 'kept')
  cloud.setFaults([{ match: { method: 'DELETE' }, respond: { delayMs: 600_000 } }])
  clockReads = 0
  const late = ask(cloud, { method: 'DELETE', key: 'k' }).catch(() => undefined)
  await until(() => clockReads > 0)
  // It waits for the rest of the request.
  await cloud.close()
  await late
  const again = await startCloud({ dataDir })
  expect((await ask(again, { method: 'GET', key: 'k' })).text).toBe('kept')
  await again.close()
})
