import { randomUUID } from 'node:crypto'

/** A request id as OSS writes them: 24 upper-case hexadecimal digits. */
export function newRequestId(): string {
  return randomHex().slice(0, 24).toUpperCase()
}

/** The id of a multipart upload as OSS writes them: 32 upper-case hexadecimal digits. */
export function newUploadId(): string {
  return randomHex().toUpperCase()
}

/** The name of a file that holds bytes of objects: random, and a checksum by which we know our own. */
export function newBlobName(): string {
  const random = randomHex().slice(0, 24)
  return `${random}${checksum(random)}`
}

/** Whether a file's name is one of those; another's, that of a digest say, is not. */
export function isBlobName(name: string): boolean {
  return /^[0-9a-f]{32}$/.test(name) && name.slice(24) === checksum(name.slice(0, 24))
}

// FNV-1a, 32 bits.
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

// Faster than `randomBytes`: Node keeps random bytes in store for it.
function randomHex(): string {
  return randomUUID().replaceAll('-', '')
}
