import { once } from 'node:events'
import { readdirSync, readlinkSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import type { FaultRule } from '../../../local/oss/faults'
import { ask, BUCKET, NOW, ROOT, send, startCloud, type TestCloud, textOf } from './cloud'
import { headerV4 } from './sign'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud({ idleMs: 300 })
})
afterAll(() => cloud.close())

/** Writes raw text and collects what comes back until the server closes or `until` appears. */
function talk(text: string, until?: RegExp): Promise<{ socket: Socket; answer: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(cloud.port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      if (until?.test(answer)) resolve({ socket, answer })
    })
    socket.once('end', () => resolve({ socket, answer }))
    socket.once('close', () => resolve({ socket, answer }))
    socket.once('error', reject)
    socket.write(text)
  })
}

function raw(key: string, more: string[], signer = ROOT, method = 'PUT'): string {
  const signed = headerV4({ method, bucket: BUCKET, key }, signer, NOW)
  const headers = Object.entries(signed.headers).map(([name, value]) => `${name}: ${value}`)
  return `${method} ${signed.path} HTTP/1.1\r\nHost: localhost\r\n${[...headers, ...more].join('\r\n')}\r\n\r\n`
}

async function until(isDone: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !isDone(); i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** What every answer has, with the host that was asked. */
function expectCommon(answer: string, host: string): void {
  expect(answer).toContain(`\r\nDate: ${new Date(NOW).toUTCString()}\r\n`)
  expect(answer).toMatch(/\r\nx-oss-server-time: \d+\r\n/)
  const [, id] = /\r\nx-oss-request-id: ([0-9A-F]{24})\r\n/.exec(answer) ?? []
  expect(answer).toContain(`<RequestId>${id}</RequestId><HostId>${host}</HostId>`)
}

it('asks for a body only once it has accepted the head', async () => {
  const expecting = ['Expect: 100-continue', 'Content-Length: 5']
  const { socket, answer } = await talk(raw('expected', expecting), /\r\n\r\n/)
  expect(answer).toMatch(/^HTTP\/1.1 100 Continue/)
  socket.write('hello')
  const [rest] = await once(socket, 'data')
  expect(String(rest)).toMatch(/^HTTP\/1.1 200 OK/)
  socket.destroy()
  expect((await ask(cloud, { method: 'GET', key: 'expected' })).text).toBe('hello')
})

it('never asks for a body that it refuses, and closes', async () => {
  const expecting = ['Expect: 100-continue', 'Content-Length: 5']
  const { answer } = await talk(raw('refused', expecting, { ...ROOT, secret: 'wrong' }))
  expect(answer).toMatch(/^HTTP\/1.1 403 Forbidden/)
  expect(answer).toMatch(/connection: close/i)
})

it('lets a client that still uploads see why it is refused', async () => {
  const signed = headerV4(
    { method: 'PUT', bucket: BUCKET, key: 'big' },
    { ...ROOT, secret: 'x' },
    NOW,
  )
  const reply = await send(cloud, signed, Buffer.alloc(20 * 1024 * 1024))
  expect([reply.status, reply.code]).toEqual([403, 'SignatureDoesNotMatch'])
})

it('serves the next request on a connection after a refusal in the middle of a form', async () => {
  const body = `--B\r\nContent-Disposition: form-data; name="key"\r\n\r\nk\r\n--B\r\nbroken ${'x'.repeat(100_000)}`
  const form = `POST /${BUCKET}/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const next = `GET /${BUCKET}/none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`
  const { answer } = await talk(form + next)
  expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 400', 'HTTP/1.1 403'])
})

it('answers 400 RequestTimeout to a body that stops, and to one that is cut off', async () => {
  const { answer } = await talk(`${raw('short', ['Content-Length: 10'])}hel`)
  expect(answer).toMatch(/^HTTP\/1.1 400 /)
  expect(answer).toContain('<Code>RequestTimeout</Code>')
  expectCommon(answer, 'localhost')
  const waited = Number(/x-oss-server-time: (\d+)/.exec(answer)?.[1])
  expect(waited).toBeGreaterThan(250)
  const cut = await new Promise<string>((resolve) => {
    const socket = connect(cloud.port, '127.0.0.1', () => {
      socket.end(`${raw('short', ['Content-Length: 10'])}hel`)
    })
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    socket.once('close', () => resolve(text))
  })
  expect(cut).toContain('<Code>RequestTimeout</Code>')
  expectCommon(cut, 'localhost')
  expect((await ask(cloud, { method: 'GET', key: 'short' })).code).toBe('NoSuchKey')
  const logged = () => cloud.log.filter(({ key, method }) => key === 'short' && method === 'PUT')
  await until(() => logged().length === 2)
  expect(logged()).toMatchObject([{ code: 'RequestTimeout' }, { code: 'RequestTimeout' }])
})

it.each<[string, string, string?]>([
  ['no HTTP', 'hello\r\n\r\n'],
  ['a bad header', 'GET / HTTP/1.1\r\nHo st: a\r\n\r\n'],
  ['a bad length', 'PUT /demo-bkt/a HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n'],
  [
    'two lengths',
    'PUT /demo-bkt/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
  ],
  [
    'a length and chunks',
    'PUT /demo-bkt/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  ],
  ['bad chunks', `${raw('chunks', ['Transfer-Encoding: chunked'])}zz\r\nhello`, 'localhost'],
  ['huge headers', `GET / HTTP/1.1\r\nHost: a\r\nx: ${'x'.repeat(70_000)}\r\n\r\n`],
])('answers 400 to %s', async (_, text, host = '') => {
  const { answer } = await talk(text)
  expect(answer).toMatch(/^HTTP\/1.1 400 /)
  expect(answer).toContain('<Code>BadRequest</Code>')
  expect(answer).not.toContain('<EC>')
  // Of a head that can't be read, the host is unknown.
  expectCommon(answer, host)
})

it.each([
  ['an absolute target', `GET http://localhost/${BUCKET}/none HTTP/1.1`, 403],
  ['an asterisk', 'OPTIONS * HTTP/1.1', 404],
  ['HTTP/1.0 without a host', `GET /${BUCKET}/none HTTP/1.0`, 403],
  ['an unknown method', 'PROPFIND / HTTP/1.1', 405],
])('understands %s', async (_, line, status) => {
  const host = line.endsWith('1.0') ? '' : 'Host: localhost\r\n'
  const { answer } = await talk(`${line}\r\n${host}Connection: close\r\n\r\n`)
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})

describe('an object that is not sent, or not to its end,', () => {
  const folder = () => join(cloud.dataDir, 'blobs')
  const blobs = () => readdirSync(folder())
  const openBlobs = () =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder())
      } catch {
        // Closed meanwhile.
        return false
      }
    })
  const reads = () => cloud.log.filter(({ method, key }) => method === 'GET' && key === 'wanted')
  const half = Buffer.alloc(2 * 1024 * 1024, 1)
  const append = (position: number) => {
    const query = { append: '', position: String(position) }
    return ask(cloud, { method: 'POST', key: 'wanted', query }, half)
  }

  beforeEach(async () => {
    for (const key of ['expected', 'wanted']) await ask(cloud, { method: 'DELETE', key })
    cloud.log.length = 0
  })
  afterEach(() => cloud.setFaults([]))

  describe.each([
    ['of one piece', () => ask(cloud, { method: 'PUT', key: 'wanted' }, half)],
    ['of two pieces', async () => [await append(0), await append(half.length)]],
  ])('%s', (_, write) => {
    it.each<[string, FaultRule['respond'] | undefined, number]>([
      ['its connection is reset', 'reset', 1],
      ['it is cut off', 'truncate', 1],
      ['its client leaves before it comes', { delayMs: 150 }, 1],
      ['its client leaves while it comes', undefined, 1],
      ['it waits behind others', undefined, 20],
      ['it waits behind others to be cut off', 'truncate', 20],
      ['it comes when others wait no more', { delayMs: 150 }, 20],
    ])('keeps no file when %s', async (_, respond, count) => {
      await write()
      cloud.setFaults(respond ? [{ match: { method: 'GET' }, respond }] : [])
      const socket = connect(cloud.port, '127.0.0.1')
      socket.once('error', () => undefined).pause()
      socket.write(raw('wanted', [], ROOT, 'GET').repeat(count))
      setTimeout(() => socket.destroy(), 100)
      await until(() => reads().length === count)
      expect(reads()).toHaveLength(count)
      await until(() => openBlobs().length === 0)
      expect(openBlobs()).toEqual([])
      await ask(cloud, { method: 'DELETE', key: 'wanted' })
      await until(() => blobs().length === 0)
      expect(blobs()).toEqual([])
    })

    it.each<[string, FaultRule['respond'] | undefined]>([
      ['it is asked for', undefined],
      ['nobody is there to hear', 'reset'],
      ['it was to be cut off', 'truncate'],
    ])('ends no more than its connection when its file is gone and %s', async (_, respond) => {
      await write()
      for (const name of blobs()) rmSync(join(folder(), name))
      cloud.setFaults(respond ? [{ match: { method: 'GET' }, respond }] : [])
      await expect(ask(cloud, { method: 'GET', key: 'wanted' })).rejects.toThrow(
        /hang up|ECONNRESET/,
      )
      await until(() => reads().length === 1)
      if (respond !== 'reset') expect(reads()[0]?.detail).toContain('ENOENT')
      expect((await ask(cloud, { method: 'HEAD', key: 'wanted' })).status).toBe(200)
    })

    it('fails no more than its copy when its file is gone', async () => {
      await write()
      for (const name of blobs()) rmSync(join(folder(), name))
      const begun = await ask(cloud, { method: 'POST', key: 'copy', query: { uploads: '' } })
      const uploadId = textOf(begun.text, 'UploadId') ?? ''
      const headers = { 'x-oss-copy-source': `/${BUCKET}/wanted` }
      const query = { uploadId, partNumber: '1' }
      const reply = await ask(cloud, { method: 'PUT', key: 'copy', query, headers })
      expect([reply.status, reply.code, reply.ec]).toEqual([500, 'InternalError', undefined])
      expect(cloud.log.at(-1)?.detail).toContain('ENOENT')
    })
  })
})
