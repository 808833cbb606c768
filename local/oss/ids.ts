import { randomUUID } from 'node:crypto'

/** Returns a new request id in OSS's format: 24 upper-case hexadecimal digits. */
export function newRequestId(): string {
  return randomHex().slice(0, 24).toUpperCase()
}

/** Returns a new multipart upload id in OSS's format: 32 upper-case hexadecimal digits. */
export function newUploadId(): string {
  return randomHex().toUpperCase()
}

/** Returns a new name for a file that holds bytes of objects: random digits and their checksum. */
export function newBlobName(): string {
  const random = randomHex().slice(0, 24)
  return `${random}${checksum(random)}`
}

/** Returns true for a name with the checksum of `newBlobName`; false for others, such as a digest. */
export function isBlobName(name: string): boolean {
  return /^[0-9a-f]{32}$/.test(name) && name.slice(24) === checksum(name.slice(0, 24))
}

// FNV-1a, 32 bits.
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

// Faster than `randomBytes`: Node caches random bytes for it.
function randomHex(): string {
  return randomUUID().replaceAll('-', '')
}
