// Covers the limits of connections in server/start.ts, and that of handlers in server/listener.ts.
import { LIMITS } from '../../server/start'
import { passTimeout, withTimeouts } from '../support/timeouts'
import { bearer, closeServers, openEcho, openServer, sendRaw } from './support/server'

afterAll(closeServers)

const QUICK = { connectionsCheckingInterval: 10, headersTimeout: 60, requestTimeout: 60 }

it.each([
  ['headers', 'POST /sts HTTP/1.1\r\nHost: x\r\n'],
  ['body', 'POST /sts HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345'],
])('a client that does not finish its %s loses its connection', async (_, part) => {
  const server = await openServer({ limits: QUICK })
  expect(await sendRaw(server.port, part, false)).toMatch(/^(?:HTTP\/1\.1 408 |$)/)
  await server.stop()
})

it('a connection outlives the idle time of load balancers, of a minute, and headers a long token', () => {
  expect(LIMITS.keepAliveTimeout).toBeGreaterThan(60_000)
  expect(LIMITS.headersTimeout).toBeLessThanOrEqual(LIMITS.requestTimeout)
  expect(LIMITS.connectionsCheckingInterval).toBeLessThan(LIMITS.headersTimeout)
})

it.each([
  [8192, 401],
  [LIMITS.maxHeaderSize, 431],
])('a token of %d characters is answered with %d', async (length, status) => {
  const server = await openServer()
  const headers = { authorization: `Bearer ${'x'.repeat(length)}` }
  const answer = await fetch(`${server.url}/sts`, { method: 'POST', headers, body: '{}' })
  expect(answer.status).toBe(status)
  await server.stop()
})

it('a handler that takes longer than 10 s is answered as a failure', async () => {
  await withTimeouts(async () => {
    const never = await openEcho({}, { answer: () => new Promise(() => undefined) })
    const answer = fetch(`${never.url}/echo`, { method: 'POST' })
    await passTimeout(10_000)
    expect((await answer).status).toBe(500)
    expect(never.lines.join()).toContain('It took longer than 10000 ms')
    await never.close()
  })
})

it.each([
  [65_536, 'HTTP/1.1 100 Continue'],
  [65_537, 'HTTP/1.1 413 Payload Too Large'],
])('a client that asks first whether it may send %d bytes gets %s', async (length, expected) => {
  const server = await openServer({ limits: QUICK })
  const head = `POST /sts HTTP/1.1\r\nHost: x\r\nAuthorization: ${bearer('alice')}\r\nContent-Length: ${length}`
  const response = await sendRaw(server.port, `${head}\r\nExpect: 100-continue\r\n\r\n`, false)
  expect(response.split('\r\n')[0]).toBe(expected)
  await server.stop()
})
