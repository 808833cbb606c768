// Covers shared/errors.ts too.
import { Refusal } from '../../shared/errors'
import {
  allowMethod,
  json,
  jsonText,
  MAX_JSON_BYTES,
  problem,
  problemDocument,
  readJson,
} from '../../shared/http/answer'
import type { HttpRequest } from '../../shared/http/message'
import { refusalOf } from '../support/reason'

function request(body: string | Buffer, method = 'POST'): HttpRequest {
  const plain = { path: '/sts', query: {}, headers: {}, requestId: 'r', sourceIp: '127.0.0.1' }
  return { ...plain, method, body: Buffer.from(body) }
}

describe('the method', () => {
  it('is the one that the route takes', () => {
    expect(allowMethod(request('', 'POST'), 'POST')).toBeUndefined()
  })

  it.each(['GET', 'PUT', 'HEAD', 'post', ''])(
    'is refused as %j, with what is allowed',
    async (method) => {
      const refusal = await refusalOf(() => allowMethod(request('', method), 'POST'))
      expect(refusal).toMatchObject({ reason: 'method_not_allowed', facts: { allow: 'POST' } })
      expect(problem(refusal, 'r')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
    },
  )
})

describe('the JSON of a request', () => {
  // A string of one-byte characters, so that its JSON has exactly this many bytes.
  const jsonOf = (bytes: number) => JSON.stringify('a'.repeat(bytes - 2))

  it('is read up to 64 KiB and refused one byte above, unread', async () => {
    expect(MAX_JSON_BYTES).toBe(65_536)
    expect(readJson(request(jsonOf(65_536)))).toBe('a'.repeat(65_534))
    const refusal = await refusalOf(() => readJson(request(jsonOf(65_537))))
    expect(refusal).toMatchObject({ reason: 'request_too_large', facts: { maxBytes: 65_536 } })
    expect(problem(refusal, 'r').status).toBe(413)
  })

  it('is measured in bytes, not in characters', async () => {
    const text = `"${'é'.repeat(32_768)}"`
    expect(text.length).toBeLessThan(65_536)
    expect((await refusalOf(() => readJson(request(text)))).reason).toBe('request_too_large')
  })

  it('is too large before it is malformed: above the limit nothing is parsed', async () => {
    const text = '{'.repeat(65_537)
    expect((await refusalOf(() => readJson(request(text)))).reason).toBe('request_too_large')
  })

  it('is any JSON in UTF-8', () => {
    expect(readJson(request('{"a":"é报"}'))).toEqual({ a: 'é报' })
    expect(readJson(request('null'))).toBeNull()
    expect(readJson(request('[]'))).toEqual([])
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a word', Buffer.from('abc')],
    ['JSON that breaks off', Buffer.from('{"a":')],
    ['two values', Buffer.from('{} {}')],
    ['Latin-1', Buffer.from('{"a":"é"}', 'latin1')],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
    ['arbitrary bytes', Buffer.from([0xff, 0xfe, 0x00])],
  ])('is refused as %s, with the issue and its cause', async (_, body) => {
    const refusal = await refusalOf(() => readJson(request(body)))
    const issues = [{ path: '', message: expect.stringContaining('JSON object in UTF-8') }]
    expect(refusal).toMatchObject({ reason: 'request_malformed', issues })
    expect(refusal.cause).toHaveProperty('name', expect.stringMatching(/Error$/))
  })
})

describe('an answer', () => {
  it('is JSON that no cache keeps', () => {
    expect(json({ a: 'é', b: undefined })).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: '{"a":"é"}',
    })
    expect(jsonText('{"a":1}')).toEqual(json({ a: 1 }))
  })
})

describe('a problem', () => {
  it('is the document of RFC 9457 with our code, and nothing of the reason or the cause', () => {
    const refusal = new Refusal('token_signature', {}, { cause: new Error('of the key') })
    const document = {
      type: 'urn:oss-direct:problem:invalid_token',
      title: 'Invalid token',
      status: 401,
      detail: 'Send a valid token as "Authorization: Bearer <JWT>".',
      code: 'invalid_token',
      requestId: 'request-1',
    }
    expect(problemDocument(refusal, 'request-1')).toEqual(document)
    const { status, headers, body } = problem(refusal, 'request-1')
    expect([status, JSON.parse(body)]).toEqual([401, document])
    expect(headers).toEqual({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'www-authenticate': 'Bearer realm="oss-direct", error="invalid_token"',
    })
  })

  it('lists the issues of a malformed request', () => {
    const issues = [{ path: 'a.b', message: 'is missing' }]
    const document = problemDocument(new Refusal('request_malformed', {}, { issues }), 'r')
    expect(document).toMatchObject({ status: 400, errors: issues })
    expect(problemDocument(new Refusal('request_malformed'), 'r')).not.toHaveProperty('errors')
  })

  it('says when to come again where a service was down or has a limit, and else no more than its type', () => {
    expect(problem(new Refusal('sts_unavailable'), 'r')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
    })
    expect(problem(new Refusal('sts_limit', { retryAfterSeconds: 7 }), 'r')).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7' },
    })
    expect(problem(new Refusal('rule_unknown'), 'r').headers).toEqual({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    })
  })
})
