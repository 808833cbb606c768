import { generateKeyPairSync } from 'node:crypto'
import { parseSettings } from '../../shared/env/settings'
import { ENVIRONMENT, issuesOf } from '../env/support/settings-example'

const LIST_ONLY = { AUTH_ISSUER: '', AUTH_AUDIENCE: '', AUTH_SECRET: '' }

it.each<[string, Record<string, string>, string]>([
  [
    'a secret and a JWKS URL',
    { AUTH_JWKS_URL: 'https://login.example.com/jwks.json' },
    'AUTH: https://login.example.com: requires exactly one of jwksUrl, secret, publicKey and discovery',
  ],
  [
    'a public-key algorithm for a secret',
    { AUTH_ALGORITHMS: 'RS256' },
    "AUTH: https://login.example.com: RS256 can't be used with its kind of key",
  ],
  [
    'no algorithm at all',
    { AUTH_ALGORITHMS: 'none' },
    "AUTH: https://login.example.com: none can't be used with its kind of key",
  ],
  ['no name', { AUTH_ISSUER: '' }, 'AUTH_ISSUER: is missing or malformed'],
  ['no audience', { AUTH_AUDIENCE: ' , ' }, 'AUTH_AUDIENCE: is missing or malformed'],
  [
    'an empty list of algorithms',
    { AUTH_ALGORITHMS: ',' },
    'AUTH_ALGORITHMS: is missing or malformed',
  ],
  [
    'a type of tokens that is unknown',
    { AUTH_TOKEN_TYPE: 'x' },
    'AUTH_TOKEN_TYPE: must be at+jwt, or empty for any access token',
  ],
  [
    'keys without encryption',
    { AUTH_SECRET: '', AUTH_JWKS_URL: 'http://login.example.com/jwks' },
    'AUTH: https://login.example.com: the URL of its keys must be https',
  ],
  [
    'discovery without encryption',
    { AUTH_SECRET: '', AUTH_ISSUER: 'http://login.example.com' },
    'AUTH: http://login.example.com: the URL of its keys must be https',
  ],
  [
    'issuers that are no JSON',
    { ...LIST_ONLY, AUTH_ISSUERS: '{' },
    'AUTH_ISSUERS: must be a JSON list of issuers',
  ],
  ['an empty list', { ...LIST_ONLY, AUTH_ISSUERS: '[]' }, 'AUTH: name at least one issuer'],
  [
    'one issuer and a list',
    { AUTH_ISSUERS: '[{"issuer":"https://b.example","audience":"x"}]' },
    'AUTH: set AUTH_ISSUERS or AUTH_ISSUER, AUTH_AUDIENCE, AUTH_SECRET, not both (each entry of AUTH_ISSUERS has its own members)',
  ],
])('refuses an issuer with %s, and says so', (_, change, issue) => {
  expect(issuesOf(change)).toEqual([`  ${issue}`])
})

it('takes an issuer without encryption that has a secret, so that no key is fetched', () => {
  expect(issuesOf({ AUTH_ISSUER: 'http://login.example.com' })).toEqual([])
})

it('takes what a single issuer names of its tokens', () => {
  const named = {
    AUTH_ALGORITHMS: 'HS512, HS384',
    AUTH_TOKEN_TYPE: 'at+jwt',
    AUTH_AUDIENCE: 'a, b',
  }
  expect(parseSettings({ ...ENVIRONMENT, ...named }).issuers).toStrictEqual([
    {
      issuer: 'https://login.example.com',
      audience: ['a', 'b'],
      algorithms: ['HS512', 'HS384'],
      secret: ENVIRONMENT.AUTH_SECRET,
      tokenType: 'at+jwt',
    },
  ])
})

it('verifies with HS256 alone where there is a secret and no algorithm is named', () => {
  expect(parseSettings(ENVIRONMENT).issuers[0]?.algorithms).toEqual(['HS256'])
})

it('finds the keys of an issuer by discovery when none are named', () => {
  const { issuers } = parseSettings({ ...ENVIRONMENT, AUTH_SECRET: '' })
  expect(issuers[0]).toMatchObject({ discovery: true, algorithms: ['RS256', 'ES256', 'EdDSA'] })
})

it('takes a public key, and then looks for no other', () => {
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
    type: 'spki',
    format: 'pem',
  })
  const { issuers } = parseSettings({
    ...ENVIRONMENT,
    AUTH_SECRET: '',
    AUTH_PUBLIC_KEY: pem.toString(),
  })
  expect(issuers).toStrictEqual([
    {
      issuer: 'https://login.example.com',
      audience: ['oss-direct'],
      algorithms: ['RS256', 'ES256', 'EdDSA'],
      publicKey: pem.toString(),
    },
  ])
})

it('takes several issuers as a JSON list', () => {
  const list = [
    {
      issuer: 'https://a.example',
      audience: ['x', 'y'],
      jwksUrl: 'https://a.example/jwks',
      subPrefix: 'a',
    },
    {
      issuer: 'https://b.example',
      audience: 'x',
      secret: 's'.repeat(32),
      algorithms: ['HS512'],
      subPrefix: 'b-2',
    },
  ]
  const { AUTH_ISSUER, AUTH_AUDIENCE, AUTH_SECRET, ...rest } = ENVIRONMENT
  const { issuers } = parseSettings({ ...rest, AUTH_ISSUERS: JSON.stringify(list) })
  expect(issuers).toStrictEqual([
    { ...list[0], algorithms: ['RS256', 'ES256', 'EdDSA'] },
    { ...list[1], audience: ['x'] },
  ])
  expect([AUTH_ISSUER, AUTH_AUDIENCE, AUTH_SECRET].every(Boolean)).toBe(true)
})

it.each([
  [
    [undefined, undefined],
    [0, 1],
  ],
  [['a', undefined], [1]],
  [[undefined, 'a'], [0]],
  [['a', 'a'], [1]],
])('keeps the subjects of issuers apart by prefixes, not %j', (prefixes, refused) => {
  const list = prefixes.map((subPrefix, index) => ({
    issuer: `https://${index}.example`,
    audience: 'x',
    ...(subPrefix !== undefined && { subPrefix }),
  }))
  const change = { AUTH_ISSUER: '', AUTH_AUDIENCE: '', AUTH_SECRET: '' }
  const issues = issuesOf({ ...change, AUTH_ISSUERS: JSON.stringify(list) })
  expect(issues).toEqual(
    refused.map((index) =>
      expect.stringContaining(`https://${index}.example: requires a unique subPrefix`),
    ),
  )
})

it.each(['A', 'a.b', '', 'x'.repeat(17)])('takes no prefix %j', (subPrefix) => {
  const list = [{ issuer: 'https://a.example', audience: 'x', subPrefix }]
  const change = { AUTH_ISSUER: '', AUTH_AUDIENCE: '', AUTH_SECRET: '' }
  expect(issuesOf({ ...change, AUTH_ISSUERS: JSON.stringify(list) })).toEqual([
    '  AUTH_ISSUERS: entry 0 has a wrong or unknown member',
  ])
})

it.each(['constructor', '__proto__', 'secrets'])('knows no member %s of an issuer', (name) => {
  const issuer = `[{"issuer":"https://a.example","audience":"x","${name}":{}}]`
  const change = { AUTH_ISSUER: '', AUTH_AUDIENCE: '', AUTH_SECRET: '', AUTH_ISSUERS: issuer }
  expect(issuesOf(change)).toEqual(['  AUTH_ISSUERS: entry 0 has a wrong or unknown member'])
})
