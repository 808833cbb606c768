import { generateKeyPairSync } from 'node:crypto'
import { parseSettings } from '../../shared/env/settings'
import { ENVIRONMENT, issuesOf } from '../env/support/settings-example'

it.each([
  ['a secret and a JWKS URL', { AUTH_JWKS_URL: 'https://login.example.com/jwks.json' }],
  ['a public-key algorithm for a secret', { AUTH_ALGORITHMS: 'RS256' }],
  ['no algorithm at all', { AUTH_ALGORITHMS: 'none' }],
  ['no audience', { AUTH_AUDIENCE: ' , ' }],
  ['keys without encryption', { AUTH_SECRET: '', AUTH_JWKS_URL: 'http://login.example.com/jwks' }],
  [
    'issuers that are no JSON',
    { AUTH_ISSUER: '', AUTH_AUDIENCE: '', AUTH_SECRET: '', AUTH_ISSUERS: '{' },
  ],
  ['one issuer and a list', { AUTH_ISSUERS: '[{"issuer":"https://b.example","audience":"x"}]' }],
])('refuses an issuer with %s', (_, change) => {
  expect(issuesOf(change).join()).toContain('AUTH')
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
  expect(issuers.map(({ issuer }) => issuer)).toEqual(['https://a.example', 'https://b.example'])
  expect(issuers.map(({ subPrefix }) => subPrefix)).toEqual(['a', 'b-2'])
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
