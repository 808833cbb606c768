import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  COOL_DOWN_SECONDS,
  findIssuerFaults,
  PAUSE_SECONDS,
  STALE_SECONDS,
} from '../../shared/auth/keys'
import { type AuthContext, createTokenCache, verifyToken } from '../../shared/auth/token'
import { Refusal } from '../../shared/errors'
import { createSend } from '../../shared/http/send'
import {
  bearer,
  context,
  EC,
  ED,
  fakeSend,
  HS_ISSUER,
  JWKS,
  JWKS_ISSUER,
  jwk,
  NOW,
  RSA,
  rsToken,
} from './idp'

const JWKS_URL = 'https://idp.example/jwks.json'
const DISCOVERY_URL = 'https://idp.example/.well-known/openid-configuration'

async function reasonOf(token: string, auth: AuthContext): Promise<string> {
  try {
    await verifyToken(bearer(token), auth)
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
  return 'accepted'
}

let count = 0
function freshToken(kid?: string): string {
  count += 1
  return rsToken({ count }, kid)
}

/** One identity provider whose answers a test changes as it goes. */
function provider(): {
  answers: Record<string, unknown>
  auth: (now?: number) => AuthContext
  asked: () => number
} {
  const answers: Record<string, unknown> = { [JWKS_URL]: JWKS }
  const send = fakeSend(answers)
  const cache = createTokenCache()
  return {
    answers,
    asked: () => send.asked.length,
    auth: (now = NOW) => context({ send, cache, now }),
  }
}

describe('the keys of an issuer', () => {
  test('are fetched once for many tokens, also at the same time', async () => {
    const { auth, asked } = provider()
    await Promise.all([1, 2, 3].map(() => reasonOf(freshToken(), auth())))
    expect(await reasonOf(freshToken(), auth(NOW + 599))).toBe('accepted')
    expect(asked()).toBe(1)
    expect(await reasonOf(rsToken({ exp: NOW + 1000 }), auth(NOW + 600))).toBe('accepted')
    expect(asked()).toBe(2)
  })

  test('are asked for with a time limit and a size limit', async () => {
    const send = fakeSend({ [JWKS_URL]: JWKS })
    await reasonOf(freshToken(), context({ send }))
    expect(send.asked).toEqual([
      {
        method: 'GET',
        url: JWKS_URL,
        headers: { accept: 'application/json' },
        timeoutMs: 3000,
        maxBytes: 262_144,
      },
    ])
  })

  test('are fetched again for an unknown key id, but not more than once in the cool-down', async () => {
    const { auth, asked } = provider()
    expect(await reasonOf(freshToken(), auth())).toBe('accepted')
    expect(await reasonOf(freshToken('new'), auth(NOW + COOL_DOWN_SECONDS - 1))).toBe(
      'token_signature',
    )
    expect(asked()).toBe(1)
    expect(await reasonOf(freshToken('new'), auth(NOW + COOL_DOWN_SECONDS))).toBe('token_signature')
    expect(await reasonOf(freshToken('newer'), auth(NOW + COOL_DOWN_SECONDS))).toBe(
      'token_signature',
    )
    expect(asked()).toBe(2)
  })

  test('work as soon as the issuer has a new one', async () => {
    const { answers, auth } = provider()
    await reasonOf(freshToken(), auth())
    answers[JWKS_URL] = { keys: [jwk(RSA.publicKey, 'new')] }
    expect(await reasonOf(freshToken('new'), auth(NOW + COOL_DOWN_SECONDS))).toBe('accepted')
    expect(await reasonOf(freshToken('rsa-1'), auth(NOW + COOL_DOWN_SECONDS))).toBe(
      'token_signature',
    )
  })

  test.each([
    ['does not answer', new Error('timeout')],
    ['answers 500', 500],
    ['answers no JSON', '<html>'],
    ['answers null', null],
    ['answers a list', []],
    ['answers without keys', {}],
    ['answers keys that are none', { keys: 7 }],
  ])('are unavailable, not wrong, when the provider %s', async (_, answer) => {
    const { answers, auth } = provider()
    answers[JWKS_URL] = answer
    expect(await reasonOf(freshToken(), auth())).toBe('identity_provider_unavailable')
  })

  test('serve on while the provider is down, until they are stale', async () => {
    const { answers, auth } = provider()
    expect(await reasonOf(freshToken(), auth())).toBe('accepted')
    answers[JWKS_URL] = new Error('down')
    const late = (seconds: number) =>
      reasonOf(rsToken({ exp: NOW + 1e6, seconds }), auth(NOW + seconds))
    expect(await late(600)).toBe('accepted')
    expect(await late(STALE_SECONDS - 1)).toBe('accepted')
    expect(await late(STALE_SECONDS)).toBe('identity_provider_unavailable')
    answers[JWKS_URL] = JWKS
    expect(await late(STALE_SECONDS + PAUSE_SECONDS)).toBe('accepted')
  })

  test('are not asked for again right after a failure', async () => {
    const { answers, auth, asked } = provider()
    answers[JWKS_URL] = new Error('down')
    await reasonOf(freshToken(), auth())
    answers[JWKS_URL] = JWKS
    expect(await reasonOf(freshToken(), auth(NOW + PAUSE_SECONDS - 1))).toBe(
      'identity_provider_unavailable',
    )
    expect(asked()).toBe(1)
    expect(await reasonOf(freshToken(), auth(NOW + PAUSE_SECONDS))).toBe('accepted')
    expect(asked()).toBe(2)
  })

  test('may include the unknown one when the provider is down: 503, not 401', async () => {
    const { answers, auth } = provider()
    await reasonOf(freshToken(), auth())
    answers[JWKS_URL] = new Error('down')
    expect(await reasonOf(freshToken('new'), auth(NOW + COOL_DOWN_SECONDS))).toBe(
      'identity_provider_unavailable',
    )
    expect(await reasonOf(freshToken(), auth(NOW + COOL_DOWN_SECONDS))).toBe('accepted')
  })

  test('may not be of a kind that signs nothing', async () => {
    const { answers, auth } = provider()
    answers[JWKS_URL] = { keys: [{ ...jwk(RSA.publicKey, 'rsa-1'), use: 'enc' }] }
    expect(await reasonOf(freshToken(), auth())).toBe('token_signature')
  })

  test('are cut off after 3 seconds at most', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const issuers = [{ ...JWKS_ISSUER, jwksUrl: `http://127.0.0.1:${port}/` }]
    const start = Date.now()
    const reason = await reasonOf(freshToken(), context({ issuers, send: createSend() }))
    expect(reason).toBe('identity_provider_unavailable')
    expect(Date.now() - start).toBeLessThan(4500)
    server.closeAllConnections()
    server.close()
  })
})

describe('discovery', () => {
  const { jwksUrl, ...rest } = JWKS_ISSUER
  const issuers = [{ ...rest, discovery: true as const }]
  const document = { issuer: 'https://idp.example', jwks_uri: JWKS_URL }
  const discover = (found: unknown, issuer = 'https://idp.example', url = DISCOVERY_URL) => {
    const send = fakeSend({ [url]: found, [JWKS_URL]: JWKS })
    const auth = context({ issuers: issuers.map((one) => ({ ...one, issuer })), send })
    return { send, auth }
  }

  test('finds the keys, half of the time limit for each step', async () => {
    const { send, auth } = discover(document)
    expect(await reasonOf(freshToken(), auth)).toBe('accepted')
    expect(send.asked.map(({ url, timeoutMs }) => [url, timeoutMs])).toEqual([
      [DISCOVERY_URL, 1500],
      [JWKS_URL, 1500],
    ])
  })

  test('takes an issuer with a slash at its end', async () => {
    const issuer = 'https://idp.example/'
    const { auth } = discover({ ...document, issuer }, issuer)
    expect(await reasonOf(rsToken({ iss: issuer }), auth)).toBe('accepted')
  })

  test.each([
    [{ ...document, issuer: 'https://evil.example' }],
    [{ ...document, issuer: undefined }],
    [{ ...document, jwks_uri: 'http://idp.example/jwks.json' }],
    [{ ...document, jwks_uri: 'file:///etc/passwd' }],
    [{ ...document, jwks_uri: undefined }],
    [{ ...document, jwks_uri: 7 }],
    [null],
    [404],
  ])('refuses the document %j', async (found) => {
    const { send, auth } = discover(found)
    expect(await reasonOf(freshToken(), auth)).toBe('identity_provider_unavailable')
    expect(send.asked).toHaveLength(1)
  })

  test('may stay without encryption where the issuer does', async () => {
    const issuer = 'http://localhost:9000'
    const url = `${issuer}/.well-known/openid-configuration`
    const send = fakeSend({
      [url]: { issuer, jwks_uri: `${issuer}/jwks` },
      [`${issuer}/jwks`]: JWKS,
    })
    const auth = context({ issuers: issuers.map((one) => ({ ...one, issuer })), send })
    expect(await reasonOf(rsToken({ iss: issuer }), auth)).toBe('accepted')
  })
})

describe('a public key in the settings', () => {
  const { jwksUrl, ...rest } = JWKS_ISSUER
  const pem = (key = RSA.publicKey) => key.export({ type: 'spki', format: 'pem' }).toString()

  test.each([
    ['PEM', pem()],
    ['JWK', JSON.stringify(jwk(RSA.publicKey, 'any'))],
    ['JWK with spaces', ` \n${JSON.stringify(jwk(RSA.publicKey, 'any'), null, 2)}`],
  ])('works as %s', async (_, publicKey) => {
    const auth = context({ issuers: [{ ...rest, publicKey }], send: fakeSend({}) })
    expect(await reasonOf(freshToken(), auth)).toBe('accepted')
  })

  test.each([
    ['of another kind', pem(EC.publicKey)],
    ['of someone else', pem(ED.publicKey)],
  ])('%s does not work', async (_, publicKey) => {
    const auth = context({ issuers: [{ ...rest, publicKey }] })
    expect(await reasonOf(freshToken(), auth)).toMatch(/^token_/)
  })
})

describe('findIssuerFaults', () => {
  const pem = RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString()

  test('finds none in good issuers', () => {
    const { jwksUrl, ...rest } = JWKS_ISSUER
    expect(findIssuerFaults([HS_ISSUER, JWKS_ISSUER])).toEqual([])
    expect(findIssuerFaults([{ ...rest, discovery: true }])).toEqual([])
    expect(findIssuerFaults([{ ...rest, publicKey: pem }])).toEqual([])
  })

  test.each([
    [{ issuer: '' }, 'an issuer: has no name'],
    [{ audience: [] }, 'https://hs.example: needs at least one audience'],
    [{ audience: [''] }, 'https://hs.example: needs at least one audience'],
    [{ algorithms: [] }, 'https://hs.example: needs at least one algorithm'],
    [{ algorithms: ['none'] }, "https://hs.example: none can't be used with its kind of key"],
    [
      { algorithms: ['HS256', 'RS256'] },
      "https://hs.example: RS256 can't be used with its kind of key",
    ],
    [{ secret: 'x'.repeat(31) }, 'https://hs.example: the secret needs at least 32 bytes'],
    [
      { jwksUrl: JWKS_URL },
      'https://hs.example: needs exactly one of jwksUrl, secret, publicKey and discovery',
    ],
  ])('finds the fault in %j', (change, fault) => {
    expect(findIssuerFaults([{ ...HS_ISSUER, ...change }])).toEqual([fault])
  })

  test('takes a secret of 32 bytes', () => {
    expect(findIssuerFaults([{ ...HS_ISSUER, secret: 'é'.repeat(16) }])).toEqual([])
  })

  test('finds symmetric algorithms beside a public key, and keys that are none', () => {
    const { jwksUrl, ...rest } = JWKS_ISSUER
    expect(findIssuerFaults([{ ...rest, publicKey: pem, algorithms: ['HS256'] }])).toEqual([
      "https://idp.example: HS256 can't be used with its kind of key",
    ])
    const secretJwk = JSON.stringify({ kty: 'oct', k: 'AAAA' })
    for (const publicKey of ['nonsense', '{', secretJwk]) {
      expect(findIssuerFaults([{ ...rest, publicKey }])).toEqual([
        'https://idp.example: the public key is neither PEM nor JWK',
      ])
    }
  })

  test('finds an issuer without keys, one listed twice, and none at all', () => {
    const { secret, ...rest } = HS_ISSUER
    expect(findIssuerFaults([{ ...rest, algorithms: ['RS256'] }])).toHaveLength(1)
    expect(findIssuerFaults([HS_ISSUER, HS_ISSUER])).toEqual([
      'https://hs.example: is listed twice',
    ])
    expect(findIssuerFaults([])).toEqual(['name at least one issuer'])
  })

  test('never shows a secret', () => {
    const faults = findIssuerFaults([{ ...HS_ISSUER, secret: 'short-secret', jwksUrl: JWKS_URL }])
    expect(faults.join()).not.toContain('short-secret')
  })
})
