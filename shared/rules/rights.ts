import { isInlineType } from './content-type'
import type { Rule } from './rule'

/** Whether every form of the rule carries a callback; if not, the caller may ask for one that OSS answers itself. */
export function reportsForms(rule: Rule | undefined): boolean {
  return !rule?.upload?.unenforced.form?.includes('callback')
}

/** Whether browsers may show the rule's objects: all that its callers can store there is of types that run nothing. */
export function mayBeInline({ upload, download }: Rule): boolean {
  // What the application alone writes is for it to judge.
  if (upload === undefined) return download?.as === 'inline'
  // STS binds no type.
  return !upload.mechanisms.includes('sts') && upload.contentTypes.every(isInlineType)
}

/** Whether each upload by STS must name the rule's ACL; a rule that does without says so. */
export function bindsAcl({ upload }: Rule): boolean {
  return !upload?.unenforced.sts?.includes('acl')
}

/** The KMS key that the rule encrypts objects with. */
export function kmsKeyIdOf({ upload }: Rule): string | undefined {
  return upload?.headers['x-oss-server-side-encryption-key-id']
}

/** What a session for the rule may do with ACLs and KMS. */
export function sessionRightsOf(rule: Rule) {
  const kmsKeyId = kmsKeyIdOf(rule)
  const acl = rule.upload?.headers['x-oss-object-acl'] ?? 'private'
  return {
    acl,
    needsAcl: bindsAcl(rule) && acl !== 'default',
    ...(kmsKeyId !== undefined && { kmsKeyId }),
  }
}
