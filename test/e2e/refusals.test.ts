import { SignJWT } from 'jose'
import {
  ask,
  type Bytes,
  type FormAnswer,
  ownerClient,
  type Problem,
  random,
  type StsAnswer,
  sendForm,
  sendUrl,
  stsClient,
  token,
  type UrlAnswer,
} from './support/client'
import { shareLocalCloud } from './support/cloud'

const info = shareLocalCloud()
let alice: string
let mallory: string

const PNG: Bytes = Buffer.from('89504e470d0a1a0a', 'hex')
const PUT = { rule: 'media', operation: 'put', filename: 'a.png', contentType: 'image/png' }
const FORM = { rule: 'media', filename: 'a.png', contentType: 'image/png' }
const STS = { rule: 'media', access: 'read-write' }

beforeAll(async () => {
  alice = await token(info(), 'alice', { plan: 'pro' })
  mallory = await token(info(), 'mallory', { plan: 'pro' })
})

describe('a caller', () => {
  const ROUTES = [
    ['/sts', STS],
    ['/signed-url', { ...PUT, contentLength: 8 }],
    ['/post-policy', FORM],
  ] as const

  async function foreignToken(): Promise<string> {
    const key = new TextEncoder().encode('a secret of at least thirty-two bytes')
    return new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setSubject('alice').sign(key)
  }

  async function expiredToken(): Promise<string> {
    const answer = await ask<{ token: string }>(info(), '/local/token', {
      sub: 'alice',
      ttlSeconds: 1,
    })
    const [header = '', payload = '', signature = ''] = answer.body.token.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const old = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp - 7200 }))
    return [header, old.toString('base64url'), signature].join('.')
  }

  function withoutSignature(bearer: string): string {
    const header = Buffer.from('{"alg":"none"}').toString('base64url')
    return `${header}.${bearer.split('.')[1]}.`
  }

  const BAD: Record<string, () => Promise<string | undefined> | string | undefined> = {
    'without a token': () => undefined,
    'with a word for a token': () => 'token',
    'with a token of a stranger': foreignToken,
    'with a token changed to be older': expiredToken,
    'with a token without signature': () => withoutSignature(alice),
    'with one character of the signature changed': () =>
      alice.slice(0, -10) + (alice.at(-10) === 'A' ? 'B' : 'A') + alice.slice(-9),
  }

  it.each(
    ROUTES.flatMap(([path, body]) => Object.keys(BAD).map((who) => [who, path, body] as const)),
  )('%s is refused at %s', async (who, path, body) => {
    const answer = await ask<Problem>(info(), path, body, await BAD[who]?.())
    expect(answer.status).toBe(401)
    expect(answer.type).toBe('application/problem+json')
    expect(answer.headers.get('www-authenticate')).toContain('Bearer')
    expect(answer.body.code).toBe('invalid_token')
    expect(answer.body.requestId).not.toBe('')
  })

  it.each([
    ['a rule that is not there', '/post-policy', { ...FORM, rule: 'nothing' }, 'rule_not_found'],
    [
      'a type outside the rule',
      '/post-policy',
      { ...FORM, rule: 'avatar', contentType: 'text/html' },
      'file_type_not_allowed',
    ],
    [
      'a size over the rule',
      '/post-policy',
      { ...FORM, rule: 'avatar', contentLength: 5 * 1024 ** 2 + 1 },
      'file_too_large',
    ],
    [
      'a size over the rule by URL',
      '/signed-url',
      { ...PUT, rule: 'avatar', contentLength: 5 * 1024 ** 2 + 1 },
      'file_too_large',
    ],
    ['no size by URL', '/signed-url', PUT, 'invalid_request'],
    [
      "another caller's key",
      '/signed-url',
      { rule: 'media', operation: 'get', key: 'media/mallory/a.png' },
      'not_allowed',
    ],
    [
      'a key beside the prefix',
      '/signed-url',
      { rule: 'media', operation: 'get', key: 'secrets/a.png' },
      'not_allowed',
    ],
    [
      'a key that climbs out',
      '/signed-url',
      { rule: 'media', operation: 'get', key: 'media/alice/../mallory/a.png' },
      'invalid_key',
    ],
    [
      'a file name that climbs out',
      '/signed-url',
      { ...PUT, contentLength: 8, filename: '../mallory/a.png' },
      'invalid_key',
    ],
    [
      'STS where the rule lends none',
      '/sts',
      { rule: 'avatar', access: 'write' },
      'mechanism_not_allowed',
    ],
  ])('who asks for %s is refused', async (_, path, body, code) => {
    const answer = await ask<Problem>(info(), path, body, alice)
    expect(answer.body).toMatchObject({ code, status: answer.status })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.body.detail).not.toBe('')
  })

  it('whom the rule does not allow is refused', async () => {
    const free = await token(info(), 'alice')
    const request = { rule: 'documents', access: 'write' }
    const answer = await ask<Problem>(info(), '/sts', request, free)
    expect([answer.status, answer.body.code]).toEqual([403, 'not_allowed'])
  })
})

describe('two callers', () => {
  const file = random(100)

  beforeAll(async () => {
    await ownerClient(info()).put('media/mallory/secret.bin', file)
  })

  it('can not read each other by a signed URL', async () => {
    const request = { rule: 'media', operation: 'get', key: 'media/mallory/secret.bin' }
    expect((await ask<Problem>(info(), '/signed-url', request, alice)).body.code).toBe(
      'not_allowed',
    )
    const own = { ...request, key: 'media/alice/secret.bin' }
    const signed = await ask<UrlAnswer>(info(), '/signed-url', own, alice)
    const moved = signed.body.url.replace('/media/alice/', '/media/mallory/')
    expect((await fetch(moved)).status).toBe(403)
  })

  it('can not write to each other by a signed URL', async () => {
    const signed = await ask<UrlAnswer>(info(), '/signed-url', { ...PUT, contentLength: 8 }, alice)
    const moved = signed.body.url.replace('/media/alice/', '/media/mallory/')
    expect((await sendUrl({ ...signed.body, url: moved }, PNG)).status).toBe(403)
    await expect(ownerClient(info()).head('media/mallory/a.png')).rejects.toThrow()
  })

  it('can not write to each other by a form', async () => {
    const signed = await ask<FormAnswer>(info(), '/post-policy', FORM, alice)
    const fields = { ...signed.body.fields, key: 'media/mallory/a.png' }
    expect((await sendForm({ ...signed.body, fields }, PNG)).status).toBe(403)
    await expect(ownerClient(info()).head('media/mallory/a.png')).rejects.toThrow()
  })

  it('can neither read, write, list nor delete each other with lent credentials', async () => {
    const lent = await ask<StsAnswer>(info(), '/sts', STS, alice)
    const client = stsClient(lent.body)
    const theirs = 'media/mallory/secret.bin'
    await expect(client.get(theirs)).rejects.toMatchObject({ status: 403 })
    await expect(client.put(theirs, Buffer.from('mine'))).rejects.toMatchObject({ status: 403 })
    await expect(client.delete(theirs)).rejects.toMatchObject({ status: 403 })
    await expect(client.listV2({ prefix: 'media/mallory/' }, {})).rejects.toMatchObject({
      status: 403,
    })
    await expect(client.copy('media/alice/copy.bin', theirs)).rejects.toThrow()
    const { content } = await ownerClient(info()).get(theirs)
    expect(content).toEqual(file)
    expect(mallory).not.toBe(alice)
  })
})
