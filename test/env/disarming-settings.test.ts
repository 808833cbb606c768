import { generateKeyPairSync } from 'node:crypto'
import { parseSettings } from '../../shared/env/settings'
import { ENVIRONMENT, issuesOf } from './support/settings-example'

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 })
const WEAK = generateKeyPairSync('rsa', { modulusLength: 1024 })
const pem = RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const privatePem = RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const traditionalPem = RSA.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const weakPem = WEAK.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const jwk = JSON.stringify(RSA.publicKey.export({ format: 'jwk' }))
const privateJwk = JSON.stringify(RSA.privateKey.export({ format: 'jwk' }))
const bareKey = pem.replace(/-----[^-]+-----|\n/g, '')
const SECRET = 'one secret of at least thirty-two bytes'

const NO_ISSUER = { AUTH_ISSUER: '', AUTH_AUDIENCE: '', AUTH_SECRET: '' }

describe('an HMAC secret that others may know is refused', () => {
  it.each([
    ['a public key', pem],
    ['a public key with escaped line ends', pem.replaceAll('\n', '\\n')],
    ['a public key without its first and last line', bareKey],
    ['a public key as JWK', jwk],
    ['a JWKS', JSON.stringify({ keys: [JSON.parse(jwk)] })],
    ['a private key', privatePem],
    ['an SSH key', `ssh-rsa ${bareKey} me@example.com`],
    ['the URL of the keys', 'https://login.example.com/.well-known/jwks.json'],
    ['the URL of the issuer', 'https://login.example.com/a-long-tenant-name'],
  ])('as AUTH_SECRET: %s', (_, secret) => {
    expect(issuesOf({ AUTH_SECRET: secret })).toEqual([
      expect.stringMatching(/AUTH: .*the secret is a (key|URL), .*openssl rand -hex 32/),
    ])
    const issuer = { issuer: 'https://a.example', audience: 'x', secret }
    expect(issuesOf({ ...NO_ISSUER, AUTH_ISSUERS: JSON.stringify([issuer]) })).toHaveLength(1)
  })

  it('as AUTH_SECRET: the audience, which every token shows', () => {
    expect(issuesOf({ AUTH_AUDIENCE: SECRET, AUTH_SECRET: SECRET })).toEqual([
      expect.stringContaining('the secret is the issuer or the audience'),
    ])
  })

  it.each([pem, bareKey, 'https://www.example.com/tickets/of/all/kinds'])(
    'as TICKET_SECRETS',
    (secret) => {
      expect(issuesOf({ TICKET_SECRETS: secret })).toEqual([
        expect.stringContaining('TICKET_SECRETS: must not be keys or URLs'),
      ])
    },
  )
})

describe('a public key', () => {
  const asKey = (key: string) => issuesOf({ AUTH_SECRET: '', AUTH_PUBLIC_KEY: key })

  it.each([
    ['a private key', privatePem],
    ['a private key of the older form', traditionalPem],
    ['a private key with escaped line ends', privatePem.replaceAll('\n', '\\n')],
    ['both halves', pem + privatePem],
    ['a private JWK', privateJwk],
    ['a secret as JWK', JSON.stringify({ kty: 'oct', k: 'AAAA' })],
  ])('may not be %s', (_, key) => {
    expect(asKey(key)).toEqual([
      expect.stringContaining('is a private key (set its public half: openssl pkey -pubout)'),
    ])
  })

  it('may not be too weak for any token to be verified', () => {
    expect(asKey(weakPem)).toEqual([expect.stringContaining('requires at least 2048 bits')])
  })

  it.each([
    ['in PEM', pem],
    ['with escaped line ends', pem.replaceAll('\n', '\\n')],
    ['with escaped line ends of Windows', pem.replaceAll('\n', '\\r\\n')],
  ])('may be %s', (_, key) => {
    const { issuers } = parseSettings({ ...ENVIRONMENT, AUTH_SECRET: '', AUTH_PUBLIC_KEY: key })
    expect(issuers[0]?.publicKey).toBe(pem)
  })

  it('of a local OSS may have escaped line ends, too', () => {
    const { callbackKey } = parseSettings({
      ...ENVIRONMENT,
      OSS_ENDPOINT: 'http://localhost:9001',
      CALLBACK_KEY_URL: 'http://localhost:9001/key.pem',
      CALLBACK_KEY: pem.replaceAll('\n', '\\n'),
    })
    expect(callbackKey?.pem).toBe(pem)
  })
})

describe('one secret for two purposes is refused', () => {
  const bytes = Buffer.from('thirty-two bytes of a webhook sec')
  const webhook = `whsec_${bytes.toString('base64')}`
  const events = { EVENT_WEBHOOK_URL: 'https://a.example/hook' }

  it('of two issuers', () => {
    const list = ['a', 'b'].map((subPrefix) => ({
      issuer: `https://${subPrefix}.example`,
      audience: 'x',
      secret: SECRET,
      subPrefix,
    }))
    expect(issuesOf({ ...NO_ISSUER, AUTH_ISSUERS: JSON.stringify(list) })).toEqual([
      expect.stringContaining('two issuers share a secret'),
    ])
  })

  it.each([
    [
      'AUTH_SECRET, TICKET_SECRETS',
      { AUTH_SECRET: SECRET, TICKET_SECRETS: `${'x'.repeat(32)}, ${SECRET}` },
    ],
    [
      'AUTH_SECRET, EVENT_WEBHOOK_SECRETS',
      { ...events, AUTH_SECRET: webhook, EVENT_WEBHOOK_SECRETS: webhook },
    ],
    [
      'AUTH_SECRET, EVENT_WEBHOOK_SECRETS',
      { ...events, AUTH_SECRET: webhook.slice(6), EVENT_WEBHOOK_SECRETS: webhook },
    ],
    [
      'TICKET_SECRETS, EVENT_WEBHOOK_SECRETS',
      { ...events, TICKET_SECRETS: String(bytes), EVENT_WEBHOOK_SECRETS: webhook },
    ],
  ])('of %s', (names, change) => {
    expect(issuesOf(change)).toEqual([
      expect.stringContaining(`${names}: must not have a secret in common`),
    ])
  })

  it('and two secrets are taken', () => {
    expect(issuesOf({ ...events, EVENT_WEBHOOK_SECRETS: webhook })).toEqual([])
  })
})

it('a setting of one issuer beside a list of issuers is refused, since it would count for nothing', () => {
  const list = '[{"issuer":"https://a.example","audience":"x"}]'
  const change = {
    ...NO_ISSUER,
    AUTH_ISSUERS: list,
    AUTH_TOKEN_TYPE: 'at+jwt',
    AUTH_ALGORITHMS: 'RS256',
  }
  expect(issuesOf(change)).toEqual([
    expect.stringContaining('set AUTH_ISSUERS or AUTH_ALGORITHMS, AUTH_TOKEN_TYPE, not both'),
  ])
})

it('a token type that is none for access is refused', () => {
  expect(issuesOf({ AUTH_TOKEN_TYPE: 'logout+jwt' })).toEqual([
    '  AUTH_TOKEN_TYPE: must be at+jwt, or empty for any access token',
  ])
})

describe('CORS_ORIGINS', () => {
  it.each([
    'null',
    'http://app.example.com',
    'https://*.example.com',
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://App.example.com',
    'https://app.example.com:443',
    'https://user@app.example.com',
    'app.example.com',
    '*.example.com',
    '*,https://app.example.com',
    'https://app.example.com,null',
    'capacitor://',
    'file:///',
  ])('refuses %s', (origins) => {
    expect(issuesOf({ CORS_ORIGINS: origins })).toEqual([
      expect.stringContaining('CORS_ORIGINS: must be origins as browsers send them'),
    ])
  })

  it.each([
    '*',
    'https://app.example.com',
    'https://app.example.com:8443, http://localhost:5173',
    'http://127.0.0.1:3000',
    'capacitor://localhost',
    'chrome-extension://abcdefghijklmnop',
  ])('takes %s', (origins) => {
    expect(issuesOf({ CORS_ORIGINS: origins })).toEqual([])
  })

  it('goes with names of headers alone', () => {
    expect(issuesOf({ CORS_HEADERS: 'X-Request-Id, traceparent' })).toEqual([])
    expect(issuesOf({ CORS_HEADERS: 'x-a\r\nset-cookie: b' })).toHaveLength(1)
    expect(issuesOf({ CORS_HEADERS: '*' })).toHaveLength(1)
  })
})

it.each([undefined, 'public', 'https://files.example.com'])(
  'a local callback key is refused with the OSS %s, whose callbacks others could sign then',
  (endpoint) => {
    const change = { CALLBACK_KEY_URL: 'http://localhost:9001/key.pem', CALLBACK_KEY: pem }
    expect(issuesOf({ ...change, OSS_ENDPOINT: endpoint ?? '' })).toEqual([
      expect.stringContaining('CALLBACK_KEY: is only for a local OSS'),
    ])
    expect(issuesOf({ ...change, OSS_ENDPOINT: 'http://localhost:9001' })).toEqual([])
  },
)

it('all of it is refused at once, without a word of any secret', () => {
  const issues = issuesOf({
    AUTH_SECRET: privatePem,
    TICKET_SECRETS: privateJwk,
    CORS_ORIGINS: 'null',
    CALLBACK_KEY_URL: 'http://localhost:9001/key.pem',
    CALLBACK_KEY: pem,
  })
  expect(issues.map((issue) => issue.trim().split(':')[0])).toEqual([
    'TICKET_SECRETS',
    'CORS_ORIGINS',
    'AUTH',
    'CALLBACK_KEY',
  ])
  for (const line of privatePem.split('\n').filter(Boolean))
    expect(issues.join()).not.toContain(line)
})
