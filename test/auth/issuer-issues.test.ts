import { findAuthIssues } from '../../shared/auth/keys'
import { HS_ISSUER, JWKS_ISSUER, RSA, SECRET } from './support/idp'

const WAY = 'make one with openssl rand -hex 32; a public key goes into AUTH_PUBLIC_KEY'
const JWKS_URL = 'https://idp.example/jwks.json'

describe('findAuthIssues', () => {
  const pem = RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString()

  test('finds none in good issuers', () => {
    const { jwksUrl, ...rest } = JWKS_ISSUER
    expect(findAuthIssues([HS_ISSUER, JWKS_ISSUER])).toEqual([])
    expect(findAuthIssues([{ ...rest, discovery: true }])).toEqual([])
    expect(findAuthIssues([{ ...rest, publicKey: pem }])).toEqual([])
  })

  test.each([
    [{ issuer: '' }, 'an issuer: must have a name'],
    [{ audience: [] }, 'https://hs.example: requires at least one audience'],
    [{ audience: [''] }, 'https://hs.example: requires at least one audience'],
    [{ algorithms: [] }, 'https://hs.example: requires at least one algorithm'],
    [{ algorithms: ['none'] }, "https://hs.example: none can't be used with its kind of key"],
    [
      { algorithms: ['HS256', 'RS256'] },
      "https://hs.example: RS256 can't be used with its kind of key",
    ],
    [{ secret: 'x'.repeat(31) }, 'https://hs.example: the secret must be at least 32 bytes long'],
    [
      { secret: HS_ISSUER.issuer.padEnd(40, '/') },
      `https://hs.example: the secret is a URL, which others may know (${WAY})`,
    ],
    [
      { audience: ['x', SECRET] },
      `https://hs.example: the secret is the issuer or the audience, which every token contains (${WAY})`,
    ],
    [
      { issuer: SECRET },
      `${SECRET}: the secret is the issuer or the audience, which every token contains (${WAY})`,
    ],
    [
      { jwksUrl: JWKS_URL },
      'https://hs.example: requires exactly one of jwksUrl, secret, publicKey and discovery',
    ],
  ])('finds the issue in %j', (change, issue) => {
    expect(findAuthIssues([{ ...HS_ISSUER, ...change }])).toEqual([issue])
  })

  test('takes a secret of 32 bytes', () => {
    expect(findAuthIssues([{ ...HS_ISSUER, secret: 'é'.repeat(16) }])).toEqual([])
  })

  test('finds symmetric algorithms beside a public key, and keys that are none', () => {
    const { jwksUrl, ...rest } = JWKS_ISSUER
    expect(findAuthIssues([{ ...rest, publicKey: pem, algorithms: ['HS256'] }])).toEqual([
      "https://idp.example: HS256 can't be used with its kind of key",
    ])
    const secretJwk = JSON.stringify({ kty: 'oct', k: 'AAAA' })
    for (const publicKey of ['nonsense', '{', secretJwk]) {
      expect(findAuthIssues([{ ...rest, publicKey }])).toEqual([
        expect.stringContaining('https://idp.example: the public key '),
      ])
    }
  })

  test('finds an issuer without keys, one listed twice, and none at all', () => {
    const { secret, ...rest } = HS_ISSUER
    expect(findAuthIssues([{ ...rest, algorithms: ['RS256'] }])).toEqual([
      'https://hs.example: requires exactly one of jwksUrl, secret, publicKey and discovery',
    ])
    expect(findAuthIssues([JWKS_ISSUER, JWKS_ISSUER])).toEqual([
      'https://idp.example: is listed more than once',
    ])
    expect(findAuthIssues([])).toEqual(['name at least one issuer'])
  })

  test('finds two issuers with one secret, and takes two with one each', () => {
    const two = { ...HS_ISSUER, issuer: 'https://two.example' }
    expect(findAuthIssues([HS_ISSUER, { ...two, secret: `${SECRET}2` }])).toEqual([])
    expect(findAuthIssues([HS_ISSUER, JWKS_ISSUER, two])).toEqual([
      'two issuers share a secret, so that each could sign as the other (make one for each)',
    ])
  })

  test('never shows a secret', () => {
    const issues = findAuthIssues([{ ...HS_ISSUER, secret: 'short-secret', jwksUrl: JWKS_URL }])
    expect(issues.join()).not.toContain('short-secret')
  })
})
