import { createHash } from 'node:crypto'
import type { UploadRule } from '../rules/rule'
import { toMalformed } from '../schema/issues'

const PREFIX = 'x-oss-meta-'

// A browser's fetch sends no header outside Latin-1, so other characters are stored percent-encoded, and so is `%`:
// decodeURIComponent restores them.
const NOT_STORED = /[^ -$&-~]+/g

/** Returns true if a rule allows all of this user metadata: names without `x-oss-meta-`, and lengths of values. */
export function isMetadataAllowed(
  stored: Readonly<Record<string, string>>,
  { metadata }: Pick<UploadRule, 'metadata'>,
): boolean {
  return Object.entries(stored).every(
    ([name, value]) => Buffer.byteLength(value, 'latin1') <= (metadata?.get(name) ?? -1),
  )
}

/** Returns a digest of user metadata, names without `x-oss-meta-`, in any order; undefined if there is none. */
export function toMetadataDigest(metadata: Readonly<Record<string, string>>): string | undefined {
  const pairs = Object.entries(metadata).sort()
  if (pairs.length === 0) return undefined
  return createHash('sha256').update(JSON.stringify(pairs)).digest('base64url').slice(0, 22)
}

/** Returns the headers that store this user metadata, in ASCII; refuses names and lengths that the rule does not allow. */
export function toMetadataHeaders(
  requested: Readonly<Record<string, string>> = {},
  { metadata }: Pick<UploadRule, 'metadata'>,
): Record<string, string> {
  const entries = Object.entries(requested).map(([name, value]) => {
    const maxBytes = metadata?.get(name)
    if (maxBytes === undefined) throw toMalformed(`metadata.${name}`, 'is not allowed by this rule')
    const stored = value.replace(NOT_STORED, encodeURIComponent)
    if (stored.length > maxBytes) {
      throw toMalformed(
        `metadata.${name}`,
        `must be at most ${maxBytes} bytes long after percent-encoding`,
      )
    }
    return [`${PREFIX}${name}`, stored]
  })
  return Object.fromEntries(entries)
}

/** Returns the user metadata in lower-case headers, names without `x-oss-meta-`. */
export function metadataOf(
  headers: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const entries: [name: string, value: string][] = []
  for (const name in headers) {
    const value = headers[name]
    if (name.startsWith(PREFIX) && value !== undefined) {
      entries.push([name.slice(PREFIX.length), value])
    }
  }
  // Not by assignment, which would lose a name such as `__proto__`.
  return Object.fromEntries(entries)
}
