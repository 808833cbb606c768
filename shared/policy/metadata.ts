import type { UploadRule } from './rule'

/** Whether a rule allows all of this user metadata: names without `x-oss-meta-`, values no longer than it says. */
export function isMetadataAllowed(
  stored: Readonly<Record<string, string>>,
  { metadata }: Pick<UploadRule, 'metadata'>,
): boolean {
  return Object.entries(stored).every(
    ([name, value]) => Buffer.byteLength(value, 'latin1') <= (metadata?.get(name) ?? -1),
  )
}
