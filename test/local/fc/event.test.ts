import { canonicalName } from '../../../local/fc/event'
import { openSession } from '../../../local/ram/session'
import { ECHO, openGateway, START, sendRaw, type TestGateway } from './support/fixtures'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway({ echo: ECHO, other: ECHO })
})
afterAll(() => gateway.close())

type Echo = {
  isBuffer: boolean
  now: number[]
  env: Record<string, string>
  event: {
    version: string
    rawPath: string
    body: string
    isBase64Encoded: boolean
    headers: Record<string, string>
    queryParameters: Record<string, string>
    requestContext: Record<string, unknown> & { http: Record<string, string> }
  }
  context: Record<string, unknown> & { credentials: Record<string, string> }
}

async function echo(path = '/echo', init: RequestInit = {}) {
  const response = await fetch(gateway.url + path, init)
  return { response, ...((await response.json()) as Echo) }
}

async function raw(head: string[], body = ''): Promise<Echo['event']> {
  const length = `Content-Length: ${Buffer.byteLength(body)}`
  const lines = [...head, 'Host: fc.example:80', 'Connection: close', length, '', body]
  const answer = await sendRaw(gateway.port, lines.join('\r\n'))
  const text = answer.slice(answer.indexOf('\r\n\r\n')).replace(/^[^{]*|[^}]*$/g, '')
  return (JSON.parse(text) as Echo).event
}

describe('the event of an HTTP trigger', () => {
  it('is a Buffer with every field of version v1', async () => {
    const { response, isBuffer, event } = await echo('/echo?a=1', {
      headers: { 'user-agent': 'test/1' },
    })
    expect(isBuffer).toBe(true)
    expect(event).toMatchObject({
      version: 'v1',
      rawPath: '/echo',
      body: '',
      isBase64Encoded: true,
      queryParameters: { a: '1' },
    })
    const { time, timeEpoch, ...context } = event.requestContext
    expect(context).toEqual({
      accountId: gateway.account.id,
      domainName: `localhost:${gateway.port}`,
      domainPrefix: `localhost:${gateway.port}`,
      requestId: response.headers.get('x-fc-request-id'),
      http: {
        method: 'GET',
        path: '/echo',
        protocol: 'HTTP/1.1',
        sourceIp: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
        userAgent: 'test/1',
      },
    })
    expect(timeEpoch).toMatch(/^17000000\d{5}$/)
    expect(time).toBe(`${new Date(Number(timeEpoch)).toISOString().slice(0, 19)}Z`)
  })

  it('has names as Go writes them, and joins repeats with commas', async () => {
    const event = await raw([
      'GET /echo HTTP/1.1',
      'x-oss-pub-key-url: a',
      'X-UPPER-CASE: b',
      'x-twice: 1',
      'X-Twice: 2, 3',
      'x--odd-: c',
      'x-9a: d',
      'X-Fc-Custom: dropped',
      'Keep-Alive: dropped',
    ])
    expect(event.headers).toEqual({
      'X-Oss-Pub-Key-Url': 'a',
      'X-Upper-Case': 'b',
      'X-Twice': '1,2, 3',
      'X--Odd-': 'c',
      'X-9a': 'd',
      Host: 'fc.example:80',
      'Content-Length': '0',
    })
  })

  it.each([
    ['content-md5', 'Content-Md5'],
    ['ETAG', 'Etag'],
    ['x', 'X'],
  ])('writes %s as %s', (name, expected) => {
    expect(canonicalName(name)).toBe(expected)
  })

  it('joins repeats of a query and delivers it in no other form', async () => {
    const { event } = await echo(
      '/echo?k=v1&k=v2&empty=&flag&c=a%2Cb&plus=1+2&%E5%AD%97=%F0%9F%98%80',
    )
    expect(event.queryParameters).toEqual({
      k: 'v1,v2',
      empty: '',
      flag: '',
      c: 'a,b',
      plus: '1 2',
      字: '😀',
    })
    expect(event.rawPath).toBe('/echo')
  })

  it('keeps percent-encoding in rawPath and decodes it in path', async () => {
    const event = await raw(['GET /%65cho HTTP/1.1'])
    expect(event.rawPath).toBe('/%65cho')
    expect(event.requestContext.http.path).toBe('/echo')
  })

  it.each<[string, string | undefined, boolean]>([
    ['plain text', 'text/plain', false],
    ['text with a charset', 'text/html; charset=utf-8', false],
    ['JSON', 'application/json', false],
    ['JSON in capitals', 'Application/JSON;charset=UTF-8', false],
    ['linked JSON', 'application/ld+json', false],
    ['XHTML', 'application/xhtml+xml', false],
    ['XML', 'application/xml', false],
    ['Atom', 'application/atom+xml', false],
    ['JavaScript', 'application/javascript', false],
    ['a form', 'application/x-www-form-urlencoded', true],
    ['a problem document', 'application/problem+json', true],
    ['bytes', 'application/octet-stream', true],
    ['no type', '', true],
  ])('encodes a body of %s as the gateway does', async (_, type, isBase64) => {
    const text = '{"a":"字"}'
    const { event } = await echo('/echo', {
      method: 'POST',
      body: Buffer.from(text),
      headers: type ? { 'content-type': type } : {},
    })
    expect(event.isBase64Encoded).toBe(isBase64)
    expect(event.body).toBe(isBase64 ? Buffer.from(text).toString('base64') : text)
  })

  it('says that no body at all is base64, whatever its type', async () => {
    const { event } = await echo('/echo', { headers: { 'content-type': 'text/plain' } })
    expect([event.body, event.isBase64Encoded]).toEqual(['', true])
  })

  it('carries every byte of a binary body', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const { event } = await echo('/echo', { method: 'POST', body: bytes })
    expect(Buffer.from(event.body, 'base64').equals(bytes)).toBe(true)
  })
})

describe('the context', () => {
  it('has the function’s own session, and says where it runs', async () => {
    const { response, context, env } = await echo()
    expect(context).toEqual({
      requestId: response.headers.get('x-fc-request-id'),
      credentials: expect.objectContaining({ accessKeyId: expect.stringMatching(/^STS\./) }),
      function: { name: 'echo', handler: 'index.handler', memory: 512, timeout: 10 },
      service: { logProject: '', logStore: '', qualifier: 'LATEST', versionId: '' },
      region: 'cn-hangzhou',
      accountId: gateway.account.id,
      logger: {},
    })
    const token = (credentials: Record<string, string>) =>
      openSession(gateway.account, credentials.securityToken ?? '')?.role.name
    expect(token(context.credentials)).toBe('echo')
    expect(token((await echo('/other')).context.credentials)).toBe('other')
    expect(env).toMatchObject({
      SETTING: 'of echo',
      FC_FUNCTION_NAME: 'echo',
      FC_ACCOUNT_ID: gateway.account.id,
      FC_REGION: 'cn-hangzhou',
      ALIBABA_CLOUD_ACCESS_KEY_ID: context.credentials.accessKeyId,
    })
  })

  it('has none of this process’s environment', async () => {
    const { env } = await echo()
    expect(env.PATH).toBeUndefined()
    expect(env.NODE_ENV).toBeUndefined()
  })
})

describe('the context at another time', () => {
  let usual: TestGateway
  beforeEach(async () => {
    usual = gateway
    gateway = await openGateway({ echo: ECHO })
  })
  afterEach(async () => {
    await gateway.close()
    gateway = usual
  })

  it('renews the session before it expires', async () => {
    const first = (await echo()).context.credentials.accessKeyId
    expect((await echo()).context.credentials.accessKeyId).toBe(first)
    gateway.clock.set(Date.parse(START) + 3_700_000)
    const second = (await echo()).context.credentials.accessKeyId
    expect(second).not.toBe(first)
  })

  it('runs by the cloud’s clock', async () => {
    const { now } = await echo()
    for (const time of now) {
      expect(Math.abs(time - Date.parse(START))).toBeLessThan(60_000)
    }
    gateway.clock.set('2030-01-01T00:00:00Z')
    const later = (await echo()).now[0] ?? 0
    expect(new Date(later).getUTCFullYear()).toBe(2030)
  })
})
