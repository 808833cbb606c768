import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { startGateway } from '../../local/fc/gateway'
import { createTokenIssuer } from '../../local/idp'

const now = 1_700_000_000_000

async function open() {
  const functions = {
    deploy: async () => undefined,
    invoke: async () => '',
    has: () => false,
    close: async () => undefined,
  }
  const gateway = await startGateway({
    ...{ host: '127.0.0.1', port: 0, accountId: '1', now: () => now, triggers: [], functions },
    log: () => undefined,
  })
  const issuer = await createTokenIssuer({ issuer: gateway.url, now: () => now })
  gateway.addRoutes(issuer.routes)
  return { gateway, issuer }
}

let opened: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  opened = await open()
})
afterAll(() => opened.gateway.close())

async function ask(body: unknown) {
  const response = await fetch(`${opened.gateway.url}/local/token`, {
    method: 'POST',
    body: typeof body === 'string' || body instanceof Blob ? body : JSON.stringify(body),
  })
  return { status: response.status, response, json: (await response.json()) as Answer }
}

type Answer = {
  token: string
  code?: string
  requestId?: string
  errors?: { path: string; message: string }[]
}

async function verify(token: string, at = now) {
  const { gateway, issuer } = opened
  const jwks = (await (await fetch(`${gateway.url}/local/jwks.json`)).json()) as JSONWebKeySet
  return jwtVerify(token, createLocalJWKSet(jwks), {
    issuer: gateway.url,
    audience: 'oss-direct',
    algorithms: [issuer.algorithm],
    currentDate: new Date(at),
  })
}

it('gives a token that its published keys verify', async () => {
  const { status, json } = await ask({ sub: 'alice', claims: { plan: 'pro' } })
  expect(status).toBe(200)
  const { payload } = await verify(json.token)
  expect(payload).toMatchObject({
    sub: 'alice',
    plan: 'pro',
    iss: opened.gateway.url,
    aud: 'oss-direct',
    iat: now / 1000,
    exp: now / 1000 + 3600,
  })
})

it('publishes no private part of its key', async () => {
  const response = await fetch(`${opened.gateway.url}/local/jwks.json`)
  const { keys } = (await response.json()) as { keys: Record<string, unknown>[] }
  expect(keys).toHaveLength(1)
  expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
})

it('lets a token live as long as was asked, or have died already', async () => {
  const { json } = await ask({ sub: 'a', ttlSeconds: 10 })
  expect((await verify(json.token, now + 9_000)).payload.sub).toBe('a')
  await expect(verify(json.token, now + 11_000)).rejects.toThrow('"exp"')
  const dead = await ask({ sub: 'a', ttlSeconds: -3600 })
  await expect(verify(dead.json.token)).rejects.toThrow('"exp"')
})

it.each<[string, unknown, string]>([
  ['text', 'nonsense', ''],
  ['nothing', '', ''],
  ['garbage', new Blob([Buffer.alloc(1_000_000, 0xff)]), ''],
  ['null', null, ''],
  ['a list', [], ''],
  ['no sub', {}, 'sub'],
  ['an empty sub', { sub: '' }, 'sub'],
  ['a sub that is a number', { sub: 1 }, 'sub'],
  ['a sub of 256', { sub: 'a'.repeat(256) }, 'sub'],
  ['claims that are text', { sub: 'a', claims: 'b' }, 'claims'],
  ['claims that are a list', { sub: 'a', claims: [] }, 'claims'],
  ['another issuer', { sub: 'a', claims: { iss: 'b' } }, 'claims'],
  ['a ttl that is text', { sub: 'a', ttlSeconds: 'abc' }, 'ttlSeconds'],
  ['a ttl with a fraction', { sub: 'a', ttlSeconds: 1.5 }, 'ttlSeconds'],
  ['a ttl beyond a year', { sub: 'a', ttlSeconds: 1e9 }, 'ttlSeconds'],
  ['an unknown field', { sub: 'a', admin: true }, 'admin'],
])('refuses %s and names the field', async (_, body, path) => {
  const { status, response, json } = await ask(body)
  expect(status).toBe(400)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(json).toMatchObject({ code: 'invalid_request', errors: [{ path }] })
})

it('takes a sub of 255', async () => {
  expect((await ask({ sub: 'a'.repeat(255) })).status).toBe(200)
})
