// Covers shared/env/env.ts and shared/env/respond.ts too.
import { type EnvSource, loadEnv } from '../../shared/env/env'
import { fromFc, toFc } from '../../shared/env/fc'
import type { Handler } from '../../shared/env/respond'
import { Refusal } from '../../shared/errors'
import { json } from '../../shared/http/answer'
import type { HttpRequest } from '../../shared/http/message'
import { defineRules } from '../../shared/rules/rules'
import { ENVIRONMENT } from './support/settings-example'

const EVENT = {
  version: 'v1',
  rawPath: '/a%20b',
  headers: { 'Content-Type': 'application/json', 'X-Oss-Pub-Key-Url': 'abc' },
  queryParameters: { k: 'v1,v2' },
  body: '{"a":"é"}',
  isBase64Encoded: false,
  requestContext: {
    requestId: 'request-1',
    http: { method: 'post', path: '/a b', sourceIp: '192.0.2.1' },
  },
}
const CONTEXT = {
  requestId: 'context-1',
  credentials: { accessKeyId: 'STS.id', accessKeySecret: 'secret-key', securityToken: 'token' },
}
const rules = defineRules({ a: { key: 'a/{sub}/{uuid}', upload: { contentTypes: ['image/png'] } } })

function toEvent(change: object): Buffer {
  return Buffer.from(JSON.stringify({ ...EVENT, ...change }))
}

function source(lines: string[] = []): EnvSource {
  const environment = { ...ENVIRONMENT, CORS_ORIGINS: 'https://app.example.com' }
  return loadEnv(rules, 'post-policy', { environment, write: (line) => lines.push(line) })
}

describe('an HTTP trigger event', () => {
  it('becomes a request with lower-case header names and the raw path', () => {
    expect(fromFc(toEvent({}), 'context-1')).toEqual({
      method: 'POST',
      path: '/a%20b',
      query: { k: 'v1,v2' },
      headers: { 'content-type': 'application/json', 'x-oss-pub-key-url': 'abc' },
      body: Buffer.from('{"a":"é"}'),
      requestId: 'request-1',
      sourceIp: '192.0.2.1',
    })
  })

  it('keeps every byte of a base64 body', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
    const event = toEvent({ body: bytes.toString('base64'), isBase64Encoded: true })
    expect(fromFc(event, '')?.body).toEqual(bytes)
  })

  it('joins a header that comes in two spellings with a comma', () => {
    const event = toEvent({ headers: { 'X-A': '1', 'x-a': '2' } })
    expect(fromFc(event, '')?.headers['x-a']).toBe('1,2')
  })

  it('keeps a header called __proto__ as a name like any other', () => {
    const event = Buffer.from(JSON.stringify(EVENT).replace('"X-Oss-Pub-Key-Url"', '"__proto__"'))
    const headers = fromFc(event, '')?.headers
    expect(Object.keys(headers ?? {})).toContain('__proto__')
    expect({}).not.toHaveProperty('abc')
  })

  it('without body, query or headers is a request all the same', () => {
    const request = fromFc(
      toEvent({ body: undefined, headers: null, queryParameters: undefined }),
      '',
    )
    expect([request?.body.length, { ...request?.headers }, { ...request?.query }]).toEqual([
      0,
      {},
      {},
    ])
  })

  it.each([
    ['no JSON', Buffer.from('hello')],
    ['null', Buffer.from('null')],
    ['a list', Buffer.from('[]')],
    ['an OSS trigger event', Buffer.from('{"events":[]}')],
    ['another version', toEvent({ version: 'v2' })],
    ['no request context', toEvent({ requestContext: null })],
    ['no path', toEvent({ rawPath: 7 })],
  ])('that is %s is answered with 400', async (_, event) => {
    const { handler } = toFc(async () => json({}), source)
    const answer = await handler(event, CONTEXT)
    expect(fromFc(event, '')).toBeUndefined()
    expect(answer.statusCode).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({
      code: 'invalid_request',
      requestId: 'context-1',
    })
  })
})

describe('an answer', () => {
  async function answerOf(answer: Handler, headers: Record<string, string> = {}) {
    const lines: string[] = []
    const { handler } = toFc(answer, () => source(lines))
    const response = await handler(toEvent({ headers }), CONTEXT)
    return { ...response, lines }
  }

  it('carries status, content type, no-store and the allowed origin', async () => {
    const answer = await answerOf(async () => json({ a: 1 }), { Origin: 'https://app.example.com' })
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: false, body: '{"a":1}' })
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'access-control-allow-origin': 'https://app.example.com',
    })
  })

  it('never echoes an origin that is not allowed', async () => {
    const { headers } = await answerOf(async () => json({}), { Origin: 'https://evil.example' })
    expect(headers['access-control-allow-origin']).toBe('https://refused.invalid')
  })

  it('to a preflight comes without asking the handler', async () => {
    const { handler } = toFc(async () => Promise.reject(new Error('asked')), source)
    const requestContext = { requestId: 'r', http: { method: 'OPTIONS' } }
    const answer = await handler(toEvent({ requestContext }), CONTEXT)
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    expect(answer.headers['access-control-allow-methods']).toBe('POST')
  })

  it('to a refusal is its problem document, with the reason in the log alone', async () => {
    const answer = await answerOf(async () => {
      throw new Refusal('token_expired')
    })
    expect(answer.statusCode).toBe(401)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(JSON.parse(answer.body)).toEqual({
      type: 'urn:oss-direct:problem:invalid_token',
      title: 'Invalid token',
      status: 401,
      detail: 'Send a valid token as "Authorization: Bearer <JWT>".',
      code: 'invalid_token',
      requestId: 'request-1',
    })
    expect(answer.lines.join()).toContain('token_expired')
  })

  it('to a bug is a dull 500, with the stack in the log alone', async () => {
    const answer = await answerOf(async () => {
      throw new TypeError('the bug')
    })
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toContain('the bug')
    expect(answer.lines.join()).toContain('TypeError: the bug')
  })

  it('to a function without a role is a 500 whose log names the remedy', async () => {
    const lines: string[] = []
    const { handler } = toFc(
      async () => json({}),
      () => source(lines),
    )
    const answer = await handler(toEvent({}), { requestId: 'r' })
    expect(answer.statusCode).toBe(500)
    expect(lines.join()).toContain('attach a role')
  })
})

describe('the initializer', () => {
  it('throws when the settings are wrong', () => {
    const { initializer } = toFc(
      async (request: HttpRequest) => json(request),
      () => loadEnv(rules, 'sts', { environment: {}, write: () => undefined }),
    )
    expect(() => initializer()).toThrow('OSS_BUCKET: is missing')
  })
})

describe('a function whose clients read no answer with an error status', () => {
  const refuse = (refusal: Refusal) => json({ code: refusal.code })

  async function run(error: Error) {
    const lines: string[] = []
    const fail = () => Promise.reject(error)
    const { handler } = toFc(fail, () => source(lines), refuse)
    return { ...(await handler(toEvent({}), CONTEXT)), log: lines.join() }
  }

  it('answers refusals in its own way, and logs the reason', async () => {
    const answer = await run(new Refusal('caller_denied'))
    expect([answer.statusCode, answer.body]).toEqual([200, '{"code":"not_allowed"}'])
    expect(answer.log).toContain('"reason":"caller_denied"')
    expect(answer.log).toContain('"level":"info"')
  })

  it('logs a failure of ours as an error all the same, with its cause', async () => {
    const answer = await run(new TypeError('the bug'))
    expect([answer.statusCode, answer.body]).toEqual([200, '{"code":"internal"}'])
    expect(answer.log).toContain('"level":"error"')
    expect(answer.log).toContain('TypeError: the bug')
  })
})
