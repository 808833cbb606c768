import { findAuthIssues } from '../../shared/auth/keys'
import { HS_ISSUER, JWKS_ISSUER, RSA } from './support/idp'

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

  test('never shows a secret', () => {
    const issues = findAuthIssues([{ ...HS_ISSUER, secret: 'short-secret', jwksUrl: JWKS_URL }])
    expect(issues.join()).not.toContain('short-secret')
  })
})
