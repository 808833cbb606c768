import { isInlineType } from './content-type'
import type { Rule } from './rule'

/** Returns true if every form of the rule has a callback; otherwise the caller may request a form that OSS answers itself. */
export function reportsForms(rule: Rule | undefined): boolean {
  return !rule?.upload?.unenforced.form?.includes('callback')
}

/** Returns true if the client of a form may name the object itself, below the caller's prefix. */
export function opensNames(rule: Rule | undefined): boolean {
  return rule?.upload?.unenforced.form?.includes('name') ?? false
}

/** Returns true if browsers may display the rule's objects, because its callers can't store types that browsers run. */
export function mayBeInline({ upload, download }: Rule): boolean {
  // Only the application writes these objects, so it decides.
  if (upload === undefined) return download?.as === 'inline'
  // STS can't enforce a type.
  return !upload.mechanisms.includes('sts') && upload.contentTypes.every(isInlineType)
}

/** Returns true if each upload by STS must name the rule's ACL, unless `unenforced` lists `acl`. */
export function bindsAcl({ upload }: Rule): boolean {
  return !upload?.unenforced.sts?.includes('acl')
}

/** Returns the id of the KMS key that encrypts the rule's objects, if any. */
export function kmsKeyIdOf({ upload }: Rule): string | undefined {
  return upload?.headers['x-oss-server-side-encryption-key-id']
}

/** Returns the rights of a session for the rule that concern ACLs and KMS. */
export function sessionRightsOf(rule: Rule) {
  const kmsKeyId = kmsKeyIdOf(rule)
  const acl = rule.upload?.headers['x-oss-object-acl'] ?? 'private'
  return {
    acl,
    needsAcl: bindsAcl(rule) && acl !== 'default',
    ...(kmsKeyId !== undefined && { kmsKeyId }),
  }
}
