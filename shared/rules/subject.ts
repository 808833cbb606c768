import { createHash } from 'node:crypto'

/** No segment that a subject becomes is longer. */
export const MAX_SEGMENT_CHARS = 96

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
 * legible part and a hash. Equal for equal subjects alone.
 */
export function toSessionName(sub: string): string {
  return toAuditName(sub, { strange: /[^A-Za-z0-9._@-]+/g, maxChars: 32, hashChars: 16 })
}

/** A SourceIdentity for audit logs (STS: AssumeRole), which has room for more of the subject; it sticks to the session. */
export function toSourceIdentity(sub: string): string {
  return toAuditName(sub, { strange: /[^A-Za-z0-9_+=,.@-]+/g, maxChars: 64, hashChars: 32 })
}

type AuditName = { strange: RegExp; maxChars: number; hashChars: number }

function toAuditName(sub: string, { strange, maxChars, hashChars }: AuditName): string {
  const legible = sub.replace(strange, '-')
  // What looks like the name of another subject is hashed as well.
  const looksHashed = new RegExp(`-[0-9a-f]{${hashChars}}$`).test(sub)
  if (legible === sub && sub.length >= 2 && sub.length <= maxChars && !looksHashed) return sub
  // Of the segment, since not every subject has bytes of its own: broken UTF-16 has none.
  const digest = hash(toSegment(sub), 'hex').slice(0, hashChars)
  return `${legible.slice(0, maxChars - 1 - hashChars)}-${digest}`
}

function hash(text: string, encoding: 'hex' | 'base64url'): string {
  return createHash('sha256').update(text).digest(encoding)
}
