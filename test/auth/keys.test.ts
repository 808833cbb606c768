import { COOL_DOWN_SECONDS, PAUSE_SECONDS, STALE_SECONDS } from '../../shared/auth/keys'
import { type AuthContext, createTokenCache, verifyToken } from '../../shared/auth/token'
import {
  bearer,
  context,
  fakeSend,
  freshToken,
  JWKS,
  jwk,
  NOW,
  RSA,
  reasonOf,
  rsToken,
} from './support/idp'

const JWKS_URL = 'https://idp.example/jwks.json'

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
    expect(await reasonOf(bearer(rsToken({ exp: NOW + 1000 })), auth(NOW + 600))).toBe('accepted')
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

  test('say why they are unavailable to the log, not to the caller', async () => {
    const down = new Error('connection refused')
    const send = fakeSend({ [JWKS_URL]: down })
    const refusal = await verifyToken(freshToken(), context({ send })).catch((error) => error)
    expect(refusal.cause).toBe(down)
    expect(refusal.facts).toEqual({})
  })

  test('serve on while the provider is down, until they are stale', async () => {
    const { answers, auth } = provider()
    expect(await reasonOf(freshToken(), auth())).toBe('accepted')
    answers[JWKS_URL] = new Error('down')
    const late = (seconds: number) =>
      reasonOf(bearer(rsToken({ exp: NOW + 1e6, seconds })), auth(NOW + seconds))
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
})
