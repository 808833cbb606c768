import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { MAX_TRIED_KEYS } from '../../shared/auth/jwt'
import { COOL_DOWN_SECONDS } from '../../shared/auth/keys'
import { createTokenCache } from '../../shared/auth/token'
import {
  bearer,
  CLAIMS,
  context,
  EC,
  fakeSend,
  jwk,
  NOW,
  RSA,
  reasonOf,
  signToken,
} from './support/idp'

const JWKS_URL = 'https://idp.example/jwks.json'
const STRANGERS = Array.from(
  { length: MAX_TRIED_KEYS },
  () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey,
)

function published(...keys: KeyObject[]): object {
  return { keys: keys.map((key, at) => jwk(key, `key-${at}`)) }
}

/** A token that names no key. */
function nameless(claims: object = {}): string {
  return bearer(signToken({ alg: 'ES256' }, { ...CLAIMS, ...claims }, EC.privateKey))
}

function askWith(keys: object, token = nameless()): Promise<string> {
  return reasonOf(token, context({ send: fakeSend({ [JWKS_URL]: keys }) }))
}

describe('a token without a key id', () => {
  it.each([0, 1, MAX_TRIED_KEYS - 1])('is tried with key %i of several', async (at) => {
    expect(await askWith(published(...STRANGERS.with(at, EC.publicKey)))).toBe('accepted')
  })

  it('is tried with as many keys as the limit says, and no more', async () => {
    expect(await askWith(published(...STRANGERS.slice(1), EC.publicKey))).toBe('accepted')
    expect(await askWith(published(...STRANGERS, EC.publicKey))).toBe('token_signature')
  })

  it('is not tried with keys of another type', async () => {
    const others = Array.from({ length: MAX_TRIED_KEYS }, () => RSA.publicKey)
    expect(await askWith(published(...others, EC.publicKey))).toBe('accepted')
  })

  it('is refused when it is expired, forged or for someone else, whichever key fits', async () => {
    const keys = published(...STRANGERS.slice(0, 2), EC.publicKey)
    expect(await askWith(keys, nameless({ exp: NOW - 61 }))).toBe('token_expired')
    expect(await askWith(keys, nameless({ aud: 'x' }))).toBe('token_claims')
    const strangers = published(...STRANGERS.slice(0, 2))
    expect(await askWith(strangers)).toBe('token_signature')
  })

  it('may be signed with a key that is new: the keys are fetched again, once in the cool-down', async () => {
    const answers: Record<string, unknown> = { [JWKS_URL]: published(STRANGERS[0] as KeyObject) }
    const send = fakeSend(answers)
    const cache = createTokenCache()
    const at = (now: number) => reasonOf(nameless(), context({ send, cache, now }))
    expect(await at(NOW)).toBe('token_signature')
    expect(await at(NOW + COOL_DOWN_SECONDS - 1)).toBe('token_signature')
    expect(send.asked).toHaveLength(1)
    answers[JWKS_URL] = published(EC.publicKey)
    expect(await at(NOW + COOL_DOWN_SECONDS)).toBe('accepted')
    expect(send.asked).toHaveLength(2)
  })
})

it('has the key that its id names, when two keys have that id', async () => {
  const keys = { keys: [jwk(STRANGERS[0] as KeyObject, 'a'), jwk(EC.publicKey, 'a')] }
  const token = bearer(signToken({ alg: 'ES256', kid: 'a' }, CLAIMS, EC.privateKey))
  expect(await askWith(keys, token)).toBe('accepted')
})
