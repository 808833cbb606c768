import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { until } from '../../support/until'
import {
  ask,
  BUCKET,
  NOW,
  ROOT,
  send,
  shareCloud,
  startCloud,
  type TestCloud,
} from './support/cloud'
import { headerV4 } from './support/sign'

const IDLE_MS = 200

const cloud = shareCloud()
// A server with a short idle time-out, for the tests of it.
const impatient = shareCloud({ idleMs: IDLE_MS })

/** Writes a raw string and collects the response until the server closes or `end` arrives. */
function talk(
  text: string,
  { ends, port = cloud().port }: { ends?: RegExp; port?: number } = {},
): Promise<{ socket: Socket; answer: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      if (ends?.test(answer)) resolve({ socket, answer })
    })
    socket.once('end', () => resolve({ socket, answer }))
    socket.once('close', () => resolve({ socket, answer }))
    socket.once('error', reject)
    socket.write(text)
  })
}

function raw(key: string, more: string[], signer = ROOT): string {
  const signed = headerV4({ method: 'PUT', bucket: BUCKET, key }, signer, NOW)
  const headers = Object.entries(signed.headers).map(([name, value]) => `${name}: ${value}`)
  return `PUT ${signed.path} HTTP/1.1\r\nHost: localhost\r\n${[...headers, ...more].join('\r\n')}\r\n\r\n`
}

/** Checks the parts that every response has, with the requested host. */
function expectCommon(answer: string, host: string): void {
  expect(answer).toContain(`\r\nDate: ${new Date(NOW).toUTCString()}\r\n`)
  expect(answer).toMatch(/\r\nx-oss-server-time: \d+\r\n/)
  const [, id] = /\r\nx-oss-request-id: ([0-9A-F]{24})\r\n/.exec(answer) ?? []
  expect(answer).toContain(`<RequestId>${id}</RequestId><HostId>${host}</HostId>`)
}

it('asks for a body only once it has accepted the head', async () => {
  const expecting = ['Expect: 100-continue', 'Content-Length: 5']
  const { socket, answer } = await talk(raw('expected', expecting), { ends: /\r\n\r\n/ })
  expect(answer).toMatch(/^HTTP\/1.1 100 Continue/)
  socket.write('hello')
  const [rest] = await once(socket, 'data')
  expect(String(rest)).toMatch(/^HTTP\/1.1 200 OK/)
  socket.destroy()
  expect((await ask(cloud(), { method: 'GET', key: 'expected' })).text).toBe('hello')
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
  const reply = await send(cloud(), signed, Buffer.alloc(20 * 1024 * 1024))
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
  const text = `${raw('short', ['Content-Length: 10'])}hel`
  const stopped = await talk(text, { port: impatient().port })
  const waited = Number(/x-oss-server-time: (\d+)/.exec(stopped.answer)?.[1])
  expect(waited).toBeGreaterThan(IDLE_MS - 50)
  await expectTimeout(impatient(), stopped.answer)
  const cut = await new Promise<string>((resolve) => {
    const socket = connect(cloud().port, '127.0.0.1', () => socket.end(text))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.once('close', () => resolve(answer))
  })
  await expectTimeout(cloud(), cut)
})

/** Checks the response to an incomplete body, and its traces: a line in the log, and no object. */
async function expectTimeout(server: TestCloud, answer: string): Promise<void> {
  expect(answer).toMatch(/^HTTP\/1.1 400 /)
  expect(answer).toContain('<Code>RequestTimeout</Code>')
  expectCommon(answer, 'localhost')
  expect((await ask(server, { method: 'GET', key: 'short' })).code).toBe('NoSuchKey')
  const logged = () => server.log.filter(({ key, method }) => key === 'short' && method === 'PUT')
  await until(() => logged().length > 0)
  expect(logged()).toMatchObject([{ code: 'RequestTimeout' }])
}

it.each<[string, string, string?]>([
  ['no HTTP', 'hello\r\n\r\n'],
  ['a bad header', 'GET / HTTP/1.1\r\nHo st: a\r\n\r\n'],
  ['a bad length', 'PUT /demo-bkt/a HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n'],
  [
    'two lengths',
    'PUT /demo-bkt/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
  ],
  ['an unknown version', 'GET / HTTP/3.7\r\nHost: a\r\n\r\n', 'a'],
  ['a control character in a header', 'GET / HTTP/1.1\r\nHost: a\r\nx: a\x01b\r\n\r\n', 'a'],
  [
    'a blank before a colon',
    'PUT /demo-bkt/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
    'a',
  ],
  ...[
    'gzip',
    'chunked, gzip',
    'gzip, chunked',
    'xchunked',
    'chunked\r\nTransfer-Encoding: chunked',
  ].map((encoding): [string, string, string] => [
    `the encoding ${JSON.stringify(encoding)}`,
    `PUT /demo-bkt/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ${encoding}\r\n\r\n0\r\n\r\n`,
    'a',
  ]),
  ['bad chunks', `${raw('chunks', ['Transfer-Encoding: chunked'])}zz\r\nhello`, 'localhost'],
  ['huge headers', `GET / HTTP/1.1\r\nHost: a\r\nx: ${'x'.repeat(70_000)}\r\n\r\n`],
])('answers 400 to %s', async (_, text, host = '') => {
  const { answer } = await talk(text)
  expect(answer).toMatch(/^HTTP\/1.1 400 /)
  expect(answer).toContain('<Code>BadRequest</Code>')
  expect(answer).not.toContain('<EC>')
  // The host of unreadable headers is unknown.
  expectCommon(answer, host)
})

it.each([
  [['Content-Length: 999', 'Transfer-Encoding: chunked']],
  [['Transfer-Encoding: chunked', 'Content-Length: 1']],
  [['Content-Length: 6000000000', 'Transfer-Encoding: Chunked']],
])('takes the chunks of a body with %j, and the next request', async (framing) => {
  const next = `GET /${BUCKET}/none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`
  const { answer } = await talk(`${raw('both', framing)}5\r\nhello\r\n0\r\n\r\n${next}`)
  expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403'])
  expect((await ask(cloud(), { method: 'GET', key: 'both' })).text).toBe('hello')
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

it('answers InternalError to what it can not do, and the next request as ever', async () => {
  const own = await startCloud()
  const folder = join(own.dataDir, 'blobs')
  rmSync(folder, { recursive: true })
  const reply = await ask(own, { method: 'PUT', key: 'k' }, 'x')
  expect([reply.status, reply.code, reply.ec]).toEqual([500, 'InternalError', undefined])
  expect(own.log.at(-1)?.detail).toContain('ENOENT')
  mkdirSync(folder)
  expect((await ask(own, { method: 'PUT', key: 'k' }, 'x')).status).toBe(200)
  await own.close()
})
