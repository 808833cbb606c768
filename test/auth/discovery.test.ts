// Covers shared/auth/key-text.ts too.
import { verifyToken } from '../../shared/auth/token'
import {
  bearer,
  context,
  EC,
  ED,
  fakeSend,
  freshToken,
  JWKS,
  JWKS_ISSUER,
  jwk,
  RSA,
  reasonOf,
  rsToken,
} from './support/idp'

const JWKS_URL = 'https://idp.example/jwks.json'
const PATH = '/.well-known/openid-configuration'
const DISCOVERY_URL = `https://idp.example${PATH}`
const PLAIN_KEYS = 'the jwks_uri in the discovery document must be https'

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
    expect(await reasonOf(bearer(rsToken({ iss: issuer })), auth)).toBe('accepted')
  })

  test.each<[unknown, string]>([
    [
      { ...document, issuer: 'https://evil.example' },
      'the discovery document names another issuer',
    ],
    [{ ...document, issuer: undefined }, 'the discovery document names another issuer'],
    [{ ...document, jwks_uri: 'http://idp.example/jwks.json' }, PLAIN_KEYS],
    [{ ...document, jwks_uri: 'file:///etc/passwd' }, PLAIN_KEYS],
    [{ ...document, jwks_uri: undefined }, 'Invalid URL'],
    [{ ...document, jwks_uri: 7 }, 'Invalid URL'],
    [null, 'the identity provider must return a JSON object'],
    [404, 'the identity provider returned status 404'],
  ])('refuses the document %j, and tells the log why', async (found, message) => {
    const { send, auth } = discover(found)
    await expect(verifyToken(freshToken(), auth)).rejects.toMatchObject({
      reason: 'identity_provider_unavailable',
      cause: expect.objectContaining({ message }),
    })
    expect(send.asked).toHaveLength(1)
  })

  test('may lead from an issuer without encryption to keys with it', async () => {
    const issuer = 'http://localhost:9000'
    const { auth } = discover({ ...document, issuer }, issuer, `${issuer}${PATH}`)
    expect(await reasonOf(bearer(rsToken({ iss: issuer })), auth)).toBe('accepted')
  })

  test('may stay without encryption where the issuer does', async () => {
    const issuer = 'http://localhost:9000'
    const url = `${issuer}/.well-known/openid-configuration`
    const send = fakeSend({
      [url]: { issuer, jwks_uri: `${issuer}/jwks` },
      [`${issuer}/jwks`]: JWKS,
    })
    const auth = context({ issuers: issuers.map((one) => ({ ...one, issuer })), send })
    expect(await reasonOf(bearer(rsToken({ iss: issuer })), auth)).toBe('accepted')
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
