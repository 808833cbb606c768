import { passTimeout, withTimeouts } from '../../support/timeouts'
import { until } from '../../support/until'
import { ECHO, openGateway, sendRaw, type TestGateway } from './support/fixtures'

let gateway: TestGateway | undefined
afterEach(() => gateway?.close())

async function open(...values: Parameters<typeof openGateway>): Promise<TestGateway> {
  gateway = await openGateway(...values)
  return gateway
}

const answer = (expression: string) =>
  `exports.handler = async () => ({ statusCode: 200, body: String(${expression}) })`

describe('routes', () => {
  it('answers 404 where there is no function and 403 to a method the trigger does not take', async () => {
    const { url } = await open({ echo: ECHO }, { methods: ['POST'] })
    expect((await fetch(`${url}/nothing`)).status).toBe(404)
    expect((await fetch(`${url}/echo/`)).status).toBe(404)
    expect((await fetch(`${url}/echo`)).status).toBe(403)
    expect((await fetch(`${url}/echo`, { method: 'POST' })).status).toBe(200)
  })

  it('answers a preflight itself when the trigger leaves OPTIONS out, and passes it on otherwise', async () => {
    const headers = { origin: 'http://page.example', 'access-control-request-headers': 'x-a' }
    const own = await open({ say: answer(`'mine'`) }, { methods: ['POST'] })
    const preflight = await fetch(`${own.url}/say`, { method: 'OPTIONS', headers })
    expect(preflight.status).toBe(200)
    expect(preflight.headers.get('access-control-allow-methods')).toBe('POST')
    expect(preflight.headers.get('access-control-allow-headers')).toBe('x-a')
    await own.close()
    const { url } = await open({ say: answer(`'mine'`) }, { methods: ['POST', 'OPTIONS'] })
    expect(await (await fetch(`${url}/say`, { method: 'OPTIONS', headers })).text()).toBe('mine')
  })

  it('answers HEAD without a body', async () => {
    const { url } = await open({ echo: ECHO })
    const response = await fetch(`${url}/echo`, { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })

  it('has routes of its own that pages on this machine may read, and no other page', async () => {
    const route = {
      method: 'GET',
      path: '/local/x',
      answer: async () => ({ status: 200, headers: {}, body: Buffer.from('x') }),
    }
    const { url, port } = await open({}, { routes: [route] })
    const from = (origin: string, method = 'GET') =>
      fetch(`${url}/local/x`, { method, headers: { origin } })
    const allowed = async (origin: string) =>
      (await from(origin)).headers.get('access-control-allow-origin')
    expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173')
    expect(await allowed('https://evil.example')).toBeNull()
    expect(await allowed('http://localhost.evil.example')).toBeNull()
    expect(await allowed('null')).toBeNull()
    expect((await from('https://evil.example')).status).toBe(403)
    expect((await from('https://evil.example', 'OPTIONS')).status).toBe(403)
    const rebound =
      'GET /local/x HTTP/1.1\r\nHost: box:9000\r\nOrigin: http://box:9000\r\nConnection: close\r\n\r\n'
    expect(await sendRaw(port, rebound)).toContain('403 Forbidden')
    expect((await from('http://localhost:5173', 'OPTIONS')).status).toBe(204)
    const refused = await fetch(`${url}/local/x`, { method: 'DELETE' })
    expect(refused.status).toBe(405)
    expect(refused.headers.get('allow')).toBe('GET')
  })
})

describe('limits', () => {
  const request = (path: string, header: string) =>
    `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${header}\r\n`

  it('bounds headers at 8 KB and path with query at 4 KB', async () => {
    const { port } = await open({ echo: ECHO })
    const fixed = 'Host: a'.length + 'Connection: close'.length + 'A: '.length + 6
    const header = (length: number) => `A: ${'b'.repeat(length)}\r\n`
    const status = async (path: string, head: string) =>
      (await sendRaw(port, request(path, head))).slice(9, 12)
    expect(await status('/echo', header(8192 - fixed))).toBe('200')
    expect(await status('/echo', header(8192 - fixed + 1))).toBe('400')
    expect(await status(`/echo?${'a'.repeat(4090)}`, '')).toBe('200')
    expect(await status(`/echo?${'a'.repeat(4091)}`, '')).toBe('400')
  })

  it('names its refusals', async () => {
    const { port } = await open({ echo: ECHO })
    const text = await sendRaw(port, request(`/echo?${'a'.repeat(5000)}`, ''))
    expect(text).toContain('"Code":"InvalidArgument"')
  })

  it('bounds a body at 32 MB and answers rather than resets', async () => {
    const { url } = await open({ say: answer('1') })
    const post = (bytes: number) =>
      fetch(`${url}/say`, { method: 'POST', body: Buffer.alloc(bytes) })
    expect((await post(32 * 1024 * 1024)).status).toBe(200)
    expect((await post(32 * 1024 * 1024 + 1)).status).toBe(413)
    expect((await post(1)).status).toBe(200)
  })

  it.each([
    'Content-Length: 5\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: chunked\r\nContent-Length: 5',
  ])('refuses a request framed in two ways, and what is hidden in it: %j', async (framing) => {
    const { port, entries } = await open({ say: answer('1') })
    const hidden = 'GET /say HTTP/1.1\r\nHost: a\r\n\r\n'
    const text = `POST /say HTTP/1.1\r\nHost: a\r\n${framing}\r\n\r\n0\r\n\r\n${hidden}`
    expect((await sendRaw(port, text)).match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 400'])
    expect(entries).toEqual([])
  })

  it('ends a function that takes too long, and starts it anew', async () => {
    const source = `exports.handler = async (event) => {
      const { queryParameters } = JSON.parse(event.toString())
      if (queryParameters.hang === 'loop') for (;;) {}
      if (queryParameters.hang) await new Promise(() => setInterval(() => {}, 1000))
      return { statusCode: 200, body: 'done' }
    }`
    const { url, lines } = await open({ slow: source }, { timeoutSeconds: 7 })
    for (const kind of ['loop', 'wait']) {
      lines.length = 0
      await withTimeouts(async () => {
        const hanging = fetch(`${url}/slow?hang=${kind}`)
        await passTimeout(6999)
        expect(lines).toEqual([])
        await passTimeout(1)
        expect((await hanging).status).toBe(502)
      })
      expect(lines.join('\n')).toContain('took longer than 7 s')
      expect(await (await fetch(`${url}/slow`)).text()).toBe('done')
    }
  })
})

describe('asynchronous calls', () => {
  const headers = { 'x-fc-invocation-type': 'Async' }

  it('are answered 202 at once and run later, with the same event', async () => {
    const source = `exports.handler = async (event) => console.log(JSON.parse(event.toString()).body)`
    const { url, lines } = await open({ later: source })
    const response = await fetch(`${url}/later`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/plain' },
      body: 'hello',
    })
    expect(response.status).toBe(202)
    expect(response.headers.get('x-fc-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    await until(() => lines.includes('later: hello'))
  })

  it('are run three times more when they fail, and not when they succeed', async () => {
    const source = `let calls = 0
      exports.handler = async () => { console.log('call ' + ++calls); if (calls < 3) throw new Error('not yet') }`
    const { url, lines } = await open({ later: source })
    await fetch(`${url}/later`, { method: 'POST', headers })
    await until(() => lines.includes('later: call 3'))
    const failing = `let calls = 0; exports.handler = async () => { throw new Error('call ' + ++calls) }`
    const other = await openGateway({ never: failing })
    await fetch(`${other.url}/never`, { method: 'POST', headers })
    await until(() => other.lines.some((line) => line.includes('call 4')))
    await other.close()
    expect(other.lines.join()).not.toContain('call 5')
    expect(lines.join()).not.toContain('call 4')
  })

  it('may have a body of 128 KB', async () => {
    const { url } = await open({ later: `exports.handler = async () => {}` })
    const post = async (bytes: number) =>
      (await fetch(`${url}/later`, { method: 'POST', headers, body: Buffer.alloc(bytes) })).status
    expect(await post(128 * 1024)).toBe(202)
    expect(await post(128 * 1024 + 1)).toBe(413)
  })
})
