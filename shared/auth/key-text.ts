import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { parseJson } from '../text'

const PRIVATE_PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----/
const PRIVATE_MEMBERS = ['d', 'k']
const MIN_RSA_BITS = 2048

/** Returns a PEM with real line breaks, which some tools can only write as `\n` into a variable. */
export function toPem(text: string): string {
  return text.trimStart().startsWith('{') ? text : text.replace(/(?:\\r)?\\n/g, '\n')
}

/** Returns the public key of a PEM or of a JWK in JSON; throws if there is none. */
export function toPublicKey(text: string): KeyObject {
  if (!text.trimStart().startsWith('{')) return createPublicKey(text)
  return createPublicKey({ key: JSON.parse(text), format: 'jwk' })
}

/** Returns the reason why a string can't be the public key that tokens are verified with; undefined if it can. */
export function findPublicKeyProblem(text: string): string | undefined {
  if (isPrivate(text)) return 'is a private key (set its public half: openssl pkey -pubout)'
  try {
    const { asymmetricKeyDetails } = toPublicKey(text)
    const bits = asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS
    return bits < MIN_RSA_BITS ? `requires at least ${MIN_RSA_BITS} bits` : undefined
  } catch {
    // The message of the original error may contain the key.
    return 'must be a public key in PEM or JWK'
  }
}

function isPrivate(text: string): boolean {
  const members = Object.keys(Object(parseJson(text)))
  return PRIVATE_PEM.test(text) || PRIVATE_MEMBERS.some((member) => members.includes(member))
}

/** Returns the reason why a string can't be a secret, for example because it is a public key; undefined if it can. */
export function findSecretProblem(text: string): string | undefined {
  const trimmed = text.trim()
  if (/^https?:\/\//i.test(trimmed)) return 'is a URL'
  const members = Object.keys(Object(parseJson(trimmed)))
  const isKey = /-----BEGIN |^(?:ssh-|ecdsa-)/.test(trimmed) || isDer(trimmed)
  return isKey || members.includes('kty') || members.includes('keys') ? 'is a key' : undefined
}

// A PEM without its first and last line.
function isDer(text: string): boolean {
  const key = Buffer.from(text, 'base64')
  return (
    doesParse(() => createPublicKey({ key, format: 'der', type: 'spki' })) ||
    doesParse(() => new X509Certificate(key))
  )
}

function doesParse(parse: () => unknown): boolean {
  try {
    parse()
    return true
  } catch {
    // A value that can't be parsed is not a key.
    return false
  }
}
