import { createHash } from 'node:crypto'

/** No segment that a subject becomes is longer. */
export const MAX_SEGMENT_CHARS = 96
const MAX_SESSION_NAME_CHARS = 32

/**
 * The path segment that stands for a subject in keys: equal for equal subjects alone, without a
 * character that means something in a path or a RAM policy. Letters, digits and `. _ @ -` stay;
 * other bytes become `~` and two hex digits; what gets too long becomes `~h` and a hash.
 */
export function toSegment(sub: string): string {
  const escaped = sub.replace(/[^A-Za-z0-9._@-]/gu, escapeCharacter).replace(/^\./, '~2e')
  if (escaped !== '' && escaped.length <= MAX_SEGMENT_CHARS) return escaped
  return `~h${hash(escaped, 'base64url')}`
}

// `~u` and `~h` can't be read as an escaped byte: u and h are no hex digits.
function escapeCharacter(character: string): string {
  if (/^\p{Surrogate}$/u.test(character)) return `~u${character.charCodeAt(0).toString(16)}`
  return Buffer.from(character).toString('hex').replace(/../g, '~$&')
}

/**
 * A RoleSessionName for audit logs (STS: AssumeRole): the subject itself where it is one, else its
 * legible part and a hash.
 */
export function toSessionName(sub: string): string {
  if (/^[A-Za-z0-9._@-]{2,32}$/.test(sub)) return sub
  const digest = hash(sub, 'hex').slice(0, 16)
  const legible = sub.replace(/[^A-Za-z0-9._@-]+/g, '-')
  return `${legible.slice(0, MAX_SESSION_NAME_CHARS - 1 - digest.length)}-${digest}`
}

function hash(text: string, encoding: 'hex' | 'base64url'): string {
  return createHash('sha256').update(text).digest(encoding)
}
