import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import {
  findPublicKeyProblem,
  findSecretProblem,
  toPem,
  toPublicKey,
} from '../../shared/auth/key-text'
import { EC, ED, jwk, RSA } from './support/idp'

const WEAK = generateKeyPairSync('rsa', { modulusLength: 1024 })
const pemOf = (key: KeyObject, type: 'spki' | 'pkcs1' = 'spki') =>
  key.export({ type, format: 'pem' }).toString()
const privatePem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1') =>
  key.export({ type, format: 'pem' }).toString()
const jwkOf = (key: KeyObject) => JSON.stringify(key.export({ format: 'jwk' }))
const derOf = (key: KeyObject) => key.export({ type: 'spki', format: 'der' }).toString('base64')

// Of nobody: made for this test, its private key thrown away.
const CERTIFICATE =
  'MIIBjjCCATOgAwIBAgIUQVyd4Wq/wjHbnd+gjqG3faASD2IwCgYIKoZIzj0EAwIwHDEaMBgGA1UEAwwRbG9naW4uZXhhbXBsZS5jb20wHhcNMjYxMTMwMTMw' +
  'NzQwWhcNMzYxMTI3MTMwNzQwWjAcMRowGAYDVQQDDBFsb2dpbi5leGFtcGxlLmNvbTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOp5WvQnCF3j37ZRFmsL' +
  'pvP9R+Rx97Frvz0y89qcKEVOFXkDAI42ufRrNfm76OMefrqkJppymCeZL5xvI4Jo14+jUzBRMB0GA1UdDgQWBBQwiIuhp6Cv/rjHGbzk6B/K78X0gjAfBgNV' +
  'HSMEGDAWgBQwiIuhp6Cv/rjHGbzk6B/K78X0gjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCfjcHTZnUo6SJy2XGb4dlYLCUJHl3uJ02S' +
  '/825yCCIOQIhALQNTL6yfScK2f6ZWT9PmdDxxygPAMsASB0/SRUNAZOu'

describe('a key in a variable', () => {
  const pem = pemOf(EC.publicKey)

  it('has its line ends, however they were written', () => {
    for (const end of ['\n', '\\n', '\\r\\n']) expect(toPem(pem.replaceAll('\n', end))).toBe(pem)
  })

  it('keeps what is escaped in a JWK', () => {
    for (const text of ['{"kid":"a\\nb"}', ' \n{"kid":"a\\nb"}']) expect(toPem(text)).toBe(text)
  })

  it.each([
    ['PEM', pem],
    ['JWK', jwkOf(EC.publicKey)],
    ['JWK after spaces', ` \n${jwkOf(EC.publicKey)}`],
  ])('is read as %s', (_, text) => {
    expect(toPublicKey(text).equals(EC.publicKey)).toBe(true)
  })
})

describe('a public key', () => {
  it.each([
    ['RSA of 2048 bits', pemOf(RSA.publicKey)],
    ['RSA of the older form', pemOf(RSA.publicKey, 'pkcs1')],
    ['P-256', pemOf(EC.publicKey)],
    ['Ed25519', pemOf(ED.publicKey)],
    ['a JWK with an id', JSON.stringify(jwk(RSA.publicKey, 'k'))],
  ])('may be %s', (_, text) => {
    expect(findPublicKeyProblem(text)).toBeUndefined()
  })

  it.each([
    ['PKCS #8', privatePem(RSA.privateKey, 'pkcs8')],
    ['PKCS #1', privatePem(RSA.privateKey, 'pkcs1')],
    ['SEC 1', privatePem(EC.privateKey, 'sec1')],
    ['both halves', pemOf(EC.publicKey) + privatePem(EC.privateKey, 'pkcs8')],
    ['a JWK', jwkOf(EC.privateKey)],
    ['a secret as JWK', '{"kty":"oct","k":"AAAA"}'],
  ])('may not be a private one: %s', (_, text) => {
    const problem = 'is a private key (set its public half: openssl pkey -pubout)'
    expect(findPublicKeyProblem(text)).toBe(problem)
  })

  it.each([pemOf(WEAK.publicKey), jwkOf(WEAK.publicKey)])('may not be weak', (text) => {
    expect(findPublicKeyProblem(text)).toBe('requires at least 2048 bits')
  })

  it.each(['', 'nonsense', '{', '{}', 'null', '[]'])('may not be %j', (text) => {
    expect(findPublicKeyProblem(text)).toBe('must be a public key in PEM or JWK')
  })
})

describe('a secret', () => {
  it.each([
    'one secret of at least thirty-two bytes',
    'no secret is on https://example.com',
    'neither is it my ssh-rsa or ecdsa-sha2 key',
    '{"any":"json"}',
    'ftp://is-not-where-keys-come-from',
    Buffer.alloc(48, 7).toString('base64'),
    '',
  ])('may be %j', (text) => {
    expect(findSecretProblem(text)).toBeUndefined()
  })

  it.each([
    'https://login.example.com/jwks.json',
    'http://login.example.com',
    'HTTPS://login.example.com',
    ' \nhttps://login.example.com',
  ])('may not be the URL %j', (text) => {
    expect(findSecretProblem(text)).toBe('is a URL')
  })

  it.each([
    ['a PEM', pemOf(RSA.publicKey)],
    ['a PEM below what a tool writes above it', `Bag Attributes\n-----BEGIN CERTIFICATE-----\n`],
    ['an SSH key', 'ssh-ed25519 AAAA me@example.com'],
    ['an SSH key after spaces', ' \nssh-rsa AAAA me@example.com'],
    ['an SSH key on a curve', 'ecdsa-sha2-nistp256 AAAA me@example.com'],
    ['a JWK', '{"kty":"RSA","n":"AAAA","e":"AQAB"}'],
    ['a JWKS', '{"keys":[]}'],
    ['a public key in DER', derOf(EC.publicKey)],
    ['a certificate in DER', CERTIFICATE],
  ])('may not be %s', (_, text) => {
    expect(findSecretProblem(text)).toBe('is a key')
  })
})
