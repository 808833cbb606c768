import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { parseJson } from '../text'

const PRIVATE_PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----/
const PRIVATE_MEMBERS = ['d', 'k']
const MIN_RSA_BITS = 2048

/** A PEM text with its line ends, which some tools can only write as `\n` into a variable. */
export function toPem(text: string): string {
  return text.trimStart().startsWith('{') ? text : text.replace(/(?:\\r)?\\n/g, '\n')
}

/** The public key in a PEM or in the JSON text of a JWK; throws when there is none. */
export function toPublicKey(text: string): KeyObject {
  if (!text.trimStart().startsWith('{')) return createPublicKey(text)
  return createPublicKey({ key: JSON.parse(text), format: 'jwk' })
}

/** What keeps a text from being the public key that tokens are verified with; undefined when nothing does. */
export function findPublicKeyProblem(text: string): string | undefined {
  if (isPrivate(text)) return 'is a private key (set its public half: openssl pkey -pubout)'
  try {
    const { asymmetricKeyDetails } = toPublicKey(text)
    const bits = asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS
    return bits < MIN_RSA_BITS ? `requires at least ${MIN_RSA_BITS} bits` : undefined
  } catch {
    // The key's own error text may quote the key.
    return 'must be a public key in PEM or JWK'
  }
}

function isPrivate(text: string): boolean {
  const members = Object.keys(Object(parseJson(text)))
  return PRIVATE_PEM.test(text) || PRIVATE_MEMBERS.some((member) => members.includes(member))
}

/** What makes a text no secret, such as being a key that is public; undefined when nothing does. */
export function findSecretProblem(text: string): string | undefined {
  const trimmed = text.trim()
  if (/^https?:\/\//i.test(trimmed)) return 'is a URL'
  const members = Object.keys(Object(parseJson(trimmed)))
  const isKey = /-----BEGIN |^(?:ssh-|ecdsa-)/.test(trimmed) || isDer(trimmed)
  return isKey || members.includes('kty') || members.includes('keys') ? 'is a key' : undefined
}

// What is left of a PEM without its first and last line.
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
    // What does not parse is not a key.
    return false
  }
}
