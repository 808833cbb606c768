import type { UploadRule } from '../rules/rule'
import { toMalformed } from '../schema/issues'

/** Whether a rule allows all of this user metadata: names without `x-oss-meta-`, values no longer than it says. */
export function isMetadataAllowed(
  stored: Readonly<Record<string, string>>,
  { metadata }: Pick<UploadRule, 'metadata'>,
): boolean {
  return Object.entries(stored).every(
    ([name, value]) => Buffer.byteLength(value, 'latin1') <= (metadata?.get(name) ?? -1),
  )
}

/** The headers that store this user metadata; refuses what the rule doesn't name, or not as long. */
export function toMetadataHeaders(
  requested: Readonly<Record<string, string>> = {},
  { metadata }: Pick<UploadRule, 'metadata'>,
): Record<string, string> {
  const entries = Object.entries(requested).map(([name, value]) => {
    const maxBytes = metadata?.get(name)
    if (maxBytes === undefined) throw toMalformed(`metadata.${name}`, 'is not a name of this rule')
    if (value.length > maxBytes) {
      throw toMalformed(`metadata.${name}`, `must be at most ${maxBytes} bytes long`)
    }
    return [`x-oss-meta-${name}`, value]
  })
  return Object.fromEntries(entries)
}
