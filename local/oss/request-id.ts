import { randomUUID } from 'node:crypto'

/** A request id as OSS writes them: 24 upper-case hexadecimal digits. */
export function newRequestId(): string {
  // Faster than `randomBytes`: Node keeps random bytes in store for it.
  return randomUUID().replaceAll('-', '').slice(0, 24).toUpperCase()
}
