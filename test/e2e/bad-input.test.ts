import type { LocalCloud } from '../../local/start'
import { ask, type Info, type Problem, random, token } from './support/client'
import { openCloud } from './support/cloud'

let cloud: LocalCloud
let info: Info
let alice: string

beforeAll(async () => {
  cloud = await openCloud()
  info = cloud.info
  alice = await token(info, 'alice')
}, 60_000)

afterAll(() => cloud.close())

const VALID = {
  '/sts': { rule: 'media', access: 'write' },
  '/signed-url': {
    rule: 'media',
    operation: 'put',
    filename: 'a.txt',
    contentType: 'text/plain',
    contentLength: 5,
  },
  '/post-policy': { rule: 'media', filename: 'a.txt', contentType: 'text/plain' },
} as const

const ISSUING = Object.keys(VALID) as (keyof typeof VALID)[]
const EVERY = [...ISSUING, '/upload-callback']

const GARBAGE: [string, Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['malformed JSON', Buffer.from('{"rule":')],
  ['null', Buffer.from('null')],
  ['a list', Buffer.from('[]')],
  ['a text', Buffer.from('"media"')],
  ['a number', Buffer.from('1e999')],
  ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ['deep nesting', Buffer.from('['.repeat(30_000))],
  ['a prototype', Buffer.from('{"__proto__":{"rule":"media"},"constructor":1}')],
]

describe.each(EVERY)('%s', (path) => {
  it.each(GARBAGE)('answers %s with a 4xx problem document', async (_, body) => {
    const answer = await ask<Problem>(info, path, body, alice)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.type).toBe('application/problem+json')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.body).toMatchObject({ status: answer.status, code: expect.any(String) })
  })

  it('answers 1 MB of garbage with a 4xx problem document', async () => {
    const answer = await ask<Problem>(info, path, random(1024 ** 2), alice)
    const [status, code] =
      path === '/upload-callback' ? [403, 'callback_rejected'] : [413, 'request_too_large']
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })
})

describe.each(ISSUING)('%s', (path) => {
  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])('answers %s with how to ask', async (method) => {
    const answer = await fetch(info.gateway + path, { method })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
    expect(await answer.json()).toMatchObject({
      code: 'method_not_allowed',
      detail: 'Use POST, with JSON in the body.',
    })
  })

  const valid: Record<string, unknown> = VALID[path]
  const WRONG = [null, [], {}, true, -1, 1.5, '', 'x'.repeat(5000), '\u0000']

  it('takes the valid example', async () => {
    expect((await ask(info, path, valid, alice)).status).toBe(200)
  })

  it.each(Object.keys(valid))('names %s when it is absent or of a wrong type', async (name) => {
    const { [name]: _, ...rest } = valid
    const bodies = [rest, ...WRONG.map((value) => ({ ...valid, [name]: value }))]
    for (const body of bodies) {
      const answer = await ask<Problem>(info, path, body, alice)
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
      const isNamed = answer.body.errors?.some((error) => error.path === name)
      const isDecided = ['rule_not_found', 'invalid_key', 'file_type_not_allowed'].includes(
        answer.body.code,
      )
      expect([body, isNamed || isDecided]).toEqual([body, true])
    }
  })

  it('names a field that it does not know', async () => {
    const answer = await ask<Problem>(info, path, { ...valid, surprise: 1 }, alice)
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body.errors)).toContain('surprise')
  })

  it('answers a browser of an allowed origin', async () => {
    const preflight = await fetch(info.gateway + path, {
      method: 'OPTIONS',
      headers: { origin: info.gateway, 'access-control-request-method': 'POST' },
    })
    expect(preflight.ok).toBe(true)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
    expect(preflight.headers.get('access-control-allow-methods')).toBe('POST')
  })
})
