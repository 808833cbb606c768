import { type BinaryToTextEncoding, createHash, hash } from 'node:crypto'

type Algorithm = 'sha1' | 'sha256'

/** A secret prepared for HMAC: its two padded blocks, the outer one followed by space for the inner digest. */
export type HmacKey = { algorithm: Algorithm; inner: Buffer; outer: Buffer }

// SHA-1 and SHA-256 work on blocks of 64 bytes (RFC 2104 section 2).
const BLOCK_BYTES = 64
const DIGEST_BYTES = { sha1: 20, sha256: 32 } as const satisfies Record<Algorithm, number>
const ROOM_BYTES = 32_768
const MAX_BYTES_PER_CHARACTER = 3

/** Returns the SHA-256 of a string's UTF-8 bytes in lower-case hex. */
export function sha256Hex(text: string): string {
  return oneShot('sha256', text, 'hex')
}

/** Prepares a secret for `hmac`. */
export function hmacKey(algorithm: Algorithm, secret: Buffer | string): HmacKey {
  const bytes = Buffer.from(secret)
  const key =
    bytes.length > BLOCK_BYTES ? Buffer.from(oneShot(algorithm, bytes, 'binary'), 'latin1') : bytes
  const inner = Buffer.alloc(BLOCK_BYTES, 0x36)
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES[algorithm], 0x5c)
  for (const [index, byte] of key.entries()) {
    inner[index] = byte ^ 0x36
    outer[index] = byte ^ 0x5c
  }
  return { algorithm, inner, outer }
}

/** Returns the HMAC of a string's UTF-8 bytes (RFC 2104). */
export function hmac(key: HmacKey, text: string, encoding: 'hex' | 'base64' | 'base64url'): string {
  const { algorithm, inner, outer } = key
  // Two one-shot hashes take half the time of an Hmac object; a binary string is the fastest form of a digest.
  outer.write(oneShot(algorithm, innerBlock(inner, text), 'binary'), BLOCK_BYTES, 'latin1')
  return oneShot(algorithm, outer, encoding)
}

function innerBlock(inner: Buffer, text: string): Buffer {
  if (text.length * MAX_BYTES_PER_CHARACTER > ROOM_BYTES) {
    return Buffer.concat([inner, Buffer.from(text)])
  }
  workspace.set(inner)
  return workspace.subarray(0, BLOCK_BYTES + workspace.write(text, BLOCK_BYTES))
}

// Hashing is synchronous, so all keys can share one buffer.
const workspace = Buffer.alloc(BLOCK_BYTES + ROOM_BYTES)

function oneShot(
  algorithm: Algorithm,
  data: string | Buffer,
  encoding: BinaryToTextEncoding,
): string {
  return hasOneShot
    ? hash(algorithm, data, encoding)
    : createHash(algorithm).update(data).digest(encoding)
}

// `crypto.hash` exists since Node 20.12; earlier versions work at half the speed.
const hasOneShot = typeof hash === 'function'
