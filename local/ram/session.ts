import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Account, PolicyDocument, Role, SessionCredentials } from './types'

/** The session of a security token; `expiresAt` in Unix ms. */
export type Session = {
  accessKeyId: string
  accessKeySecret: string
  role: Role
  sessionName: string
  sessionPolicy?: PolicyDocument
  sourceIdentity?: string
  expiresAt: number
}

export type SessionRequest = {
  role: Role
  sessionName: string
  policy?: PolicyDocument
  sourceIdentity?: string
  durationSeconds: number
  /** Unix ms. */
  now: number
}

type Sealed = Omit<Session, 'role'> & { role: string }

const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16
const MAX_TOKEN_CHARACTERS = 16_384
// STS tokens begin with these bytes, "CAIS" in base64.
const HEADER = Buffer.from('CAIS', 'base64')

/**
 * Issues the credentials of a role session; the encrypted token contains the session, so it grows
 * with the policy.
 */
export function issueSession(account: Account, request: SessionRequest): SessionCredentials {
  const { role, sessionName, policy, sourceIdentity, durationSeconds, now } = request
  const session = {
    accessKeyId: `STS.${randomText(24)}`,
    accessKeySecret: randomText(44),
    // AssumeRole returns whole seconds.
    expiresAt: Math.floor(now / 1000 + durationSeconds) * 1000,
  }
  const sealed: Sealed = { ...session, role: role.name, sessionName }
  if (policy) sealed.sessionPolicy = policy
  if (sourceIdentity !== undefined) sealed.sourceIdentity = sourceIdentity
  return { ...session, securityToken: seal(account.tokenKey, JSON.stringify(sealed)) }
}

/** Returns the session of a token, expired or not; `undefined` for a token of another account. */
export function openSession(account: Account, securityToken: string): Session | undefined {
  const text = unseal(account.tokenKey, securityToken)
  if (text === undefined) return undefined
  // The authentication tag proves that issueSession wrote it.
  const sealed = JSON.parse(text) as Sealed
  const role = account.roles.find(({ name }) => name === sealed.role)
  return role && { ...sealed, role }
}

function seal(key: Buffer, text: string): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(HEADER)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([HEADER, iv, cipher.getAuthTag(), body]).toString('base64')
}

function unseal(key: Buffer, token: string): string | undefined {
  if (token.length > MAX_TOKEN_CHARACTERS) return undefined
  const bytes = Buffer.from(token, 'base64')
  // The same bytes have several base64 encodings; a token has one.
  if (bytes.toString('base64') !== token) return undefined
  const [iv, tag] = [HEADER.length, HEADER.length + IV_BYTES]
  const body = tag + TAG_BYTES
  if (bytes.length < body || !bytes.subarray(0, iv).equals(HEADER)) return undefined
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(iv, tag), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(HEADER).setAuthTag(bytes.subarray(tag, body))
    return Buffer.concat([decipher.update(bytes.subarray(body)), decipher.final()]).toString('utf8')
  } catch {
    // A wrong tag: encrypted by another account, or altered.
    return undefined
  }
}

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789'

function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
}
