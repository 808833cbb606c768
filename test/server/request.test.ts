// Covers server/listener.ts too.
import { MAX_BODY_BYTES } from '../../server/request'
import { share } from '../support/share'
import { bodyOf, closeServers, openEcho, sendRaw } from './support/server'

afterAll(closeServers)

const echo = share(() => openEcho())
const behind = share(() => openEcho({ trustedProxies: 2 }))
const ofFc = share(() => openEcho({ isFc: true, trustedProxies: 1 }))

const CLOSE = 'Host: x\r\nConnection: close\r\n'

async function ask(port: number, head: string, body: string | Buffer = '') {
  const length = `Content-Length: ${Buffer.byteLength(body)}\r\n`
  const bytes = Buffer.concat([Buffer.from(`${head}\r\n${length}\r\n`), Buffer.from(body)])
  return bodyOf(await sendRaw(port, bytes))
}

describe('a request', () => {
  it('keeps its path as it was sent, and every byte of its body', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at))
    const asked = await ask(echo().port, `POST /echo HTTP/1.1\r\n${CLOSE}`.trim(), bytes)
    expect(Buffer.from(asked.body, 'base64').equals(bytes)).toBe(true)
    expect(asked).toMatchObject({ method: 'POST', path: '/echo', sourceIp: '127.0.0.1' })
  })

  it('joins repeated parameters and headers with commas, as Function Compute does', async () => {
    const head = `POST /echo?k=1&k=2&__proto__=3&e=%2C+ HTTP/1.1\r\n${CLOSE}Authorization: a\r\nAUTHORIZATION: b`
    const { query, headers } = await ask(echo().port, head)
    expect(query).toEqual({ k: '1,2', e: ', ', ['__proto__']: '3' })
    expect(headers.authorization).toBe('a,b')
  })

  it('may name its target in full', async () => {
    const asked = await ask(
      echo().port,
      `GET http://other.example/echo?a=b HTTP/1.1\r\n${CLOSE}`.trim(),
    )
    expect(asked).toMatchObject({ path: '/echo', query: { a: 'b' } })
  })

  it.each(['/', '/echo/', '/ECHO', '//echo', '/%65cho', '/echo%00', '*', '/healthz/'])(
    'for %s finds nothing there, and its connection can be used again',
    async (target) => {
      const method = target === '*' ? 'OPTIONS' : 'GET'
      const request = `${method} ${target} HTTP/1.1\r\nHost: x\r\n\r\n`
      const response = await sendRaw(echo().port, request + request)
      expect(response.match(/HTTP\/1.1 404 Not Found/g)).toHaveLength(2)
      expect(response).toContain('"code":"path_not_found"')
      expect(response).toContain('content-type: application/problem+json')
    },
  )

  it('has an id of its own, whatever the client says', async () => {
    const head = `GET /echo HTTP/1.1\r\n${CLOSE}X-Fc-Request-Id: chosen`
    const [first, second] = [await ask(echo().port, head), await ask(echo().port, head)]
    expect(first.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(second.requestId).not.toBe(first.requestId)
  })

  it('in Function Compute has the id of its gateway, and none of its headers', async () => {
    const head = `GET /echo HTTP/1.1\r\n${CLOSE}X-Fc-Request-Id: of-fc\r\nX-Fc-Access-Key-Secret: s`
    const { requestId, headers } = await ask(ofFc().port, head)
    expect(requestId).toBe('of-fc')
    expect(Object.keys(headers).filter((name) => name.startsWith('x-fc-'))).toEqual([])
  })
})

describe('the address of a client', () => {
  const addressOf = async (port: number, forwarded: string) =>
    (await ask(port, `GET /echo HTTP/1.1\r\n${CLOSE}X-Forwarded-For: ${forwarded}`)).sourceIp

  it('is that of the connection where no proxy is trusted', async () => {
    expect(await addressOf(echo().port, '192.0.2.1')).toBe('127.0.0.1')
  })

  it('is the one that the outermost trusted proxy saw', async () => {
    expect(await addressOf(behind().port, '203.0.113.9, 192.0.2.1, 10.0.0.1')).toBe('192.0.2.1')
    expect(await addressOf(behind().port, '2001:db8::1, 10.0.0.1')).toBe('2001:db8::1')
  })

  it.each(['10.0.0.1', '', 'unknown, 10.0.0.1'])('is unknown behind %j', async (forwarded) => {
    expect(await addressOf(behind().port, forwarded)).toBe('')
  })
})

describe('a body', () => {
  it.each([
    [MAX_BODY_BYTES, 200],
    [MAX_BODY_BYTES + 1, 413],
    [1024 * 1024, 413],
    [3 * 1024 * 1024, 413],
  ])('of %d bytes is answered with %d', async (length, status) => {
    const answer = await fetch(`${echo().url}/echo`, { method: 'POST', body: 'x'.repeat(length) })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://refused.invalid')
  })

  it.each([
    [MAX_BODY_BYTES, '200 OK'],
    [MAX_BODY_BYTES + 1, '413 Payload Too Large'],
  ])('in chunks of %d bytes in all is answered with %s', async (length, status) => {
    const chunk = `${length.toString(16)}\r\n${'x'.repeat(length)}\r\n0\r\n\r\n`
    const head = `POST /echo HTTP/1.1\r\n${CLOSE}Transfer-Encoding: chunked\r\n\r\n`
    expect(await sendRaw(echo().port, head + chunk)).toContain(`HTTP/1.1 ${status}`)
  })

  it('that is too large for a callback is refused as one of no callback', async () => {
    const callback = await openEcho({}, { tooLarge: 'callback_body' })
    const body = 'x'.repeat(MAX_BODY_BYTES + 1)
    const answer = await fetch(`${callback.url}/echo`, { method: 'POST', body })
    expect([answer.status, (await answer.json()).code]).toEqual([403, 'callback_rejected'])
    await callback.close()
  })

  it('that ends too early is no request, and nothing is logged of it', async () => {
    const own = await openEcho()
    const head = `POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n`
    expect(await sendRaw(own.port, `${head}12345`)).not.toContain('200 OK')
    expect(own.lines).toEqual([])
    await own.close()
  })
})

describe('an answer', () => {
  it('to a preflight allows an origin of the settings', async () => {
    const answer = await fetch(`${echo().url}/echo`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
    })
    expect([answer.status, await answer.text()]).toEqual([204, ''])
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    expect(answer.headers.get('content-length')).toBeNull()
  })

  it('of a handler that fails is a 500 with its cause in the log alone', async () => {
    const failing = await openEcho({}, { answer: () => Promise.reject(new TypeError('the bug')) })
    const answer = await fetch(`${failing.url}/echo`, { method: 'POST' })
    const text = await answer.text()
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([500, 'no-store'])
    expect(text).not.toContain('the bug')
    expect(failing.lines.join()).toContain('TypeError: the bug')
    expect(failing.lines.join()).toContain(JSON.parse(text).requestId)
    await failing.close()
  })
})
