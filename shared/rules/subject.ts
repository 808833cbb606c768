import { createHash } from 'node:crypto'

/** The maximum length of a subject's segment. */
export const MAX_SEGMENT_CHARS = 96

/**
 * Returns the path segment of a subject in keys. It is different for different subjects, and contains no character with
 * a meaning in a path or a RAM policy. Letters, digits and `. _ @ -` stay; other bytes become `~` and two hex digits; a
 * segment that would be too long becomes `~h` and a hash.
 */
export function toSegment(sub: string): string {
  const escaped = sub.replace(/[^A-Za-z0-9._@-]/gu, escapeCharacter).replace(/^\./, '~2e')
  if (escaped !== '' && escaped.length <= MAX_SEGMENT_CHARS) return escaped
  return `~h${hash(escaped, 'base64url')}`
}

// `~u` and `~h` can't be confused with an escaped byte: u and h are not hex digits.
function escapeCharacter(character: string): string {
  if (/^\p{Surrogate}$/u.test(character)) return `~u${character.charCodeAt(0).toString(16)}`
  return Buffer.from(character).toString('hex').replace(/../g, '~$&')
}

/**
 * Returns a RoleSessionName for audit logs (STS: AssumeRole): the subject itself if it is valid, otherwise a readable part
 * and a hash. It is different for different subjects.
 */
export function toSessionName(sub: string): string {
  return toAuditName(sub, { strange: /[^A-Za-z0-9._@-]+/g, maxChars: 32, hashChars: 16 })
}

/** Returns a SourceIdentity for audit logs (STS: AssumeRole), which may be longer; a session can't change it. */
export function toSourceIdentity(sub: string): string {
  return toAuditName(sub, { strange: /[^A-Za-z0-9_+=,.@-]+/g, maxChars: 64, hashChars: 32 })
}

type AuditName = { strange: RegExp; maxChars: number; hashChars: number }

function toAuditName(sub: string, { strange, maxChars, hashChars }: AuditName): string {
  const legible = sub.replace(strange, '-')
  // A subject that looks like a hashed name is hashed as well.
  const looksHashed = new RegExp(`-[0-9a-f]{${hashChars}}$`).test(sub)
  if (legible === sub && sub.length >= 2 && sub.length <= maxChars && !looksHashed) return sub
  // The segment is hashed, because different subjects with invalid UTF-16 can have the same bytes.
  const digest = hash(toSegment(sub), 'hex').slice(0, hashChars)
  return `${legible.slice(0, maxChars - 1 - hashChars)}-${digest}`
}

function hash(text: string, encoding: 'hex' | 'base64url'): string {
  return createHash('sha256').update(text).digest(encoding)
}
