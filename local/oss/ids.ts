import { randomUUID } from 'node:crypto'

/** A request id as OSS writes them: 24 upper-case hexadecimal digits. */
export function newRequestId(): string {
  return randomHex().slice(0, 24).toUpperCase()
}

/** The id of a multipart upload as OSS writes them: 32 upper-case hexadecimal digits. */
export function newUploadId(): string {
  return randomHex().toUpperCase()
}

/** The name of a file that holds bytes of objects. */
export function newBlobName(): string {
  return randomHex()
}

/** Whether a file's name may be one of those. */
export function isBlobName(name: string): boolean {
  return /^[0-9a-f]{32}$/.test(name)
}

// Faster than `randomBytes`: Node keeps random bytes in store for it.
function randomHex(): string {
  return randomUUID().replaceAll('-', '')
}
