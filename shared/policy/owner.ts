import type { Rule, UploadRule } from '../rules/rule'
import type { Rules } from '../rules/rules'
import { toSegment } from '../rules/subject'
import type { Ticket } from './ticket'

/** A rule that lets objects be uploaded. */
export type UploadingRule = Rule & { upload: UploadRule }

/** The upload rule that can make a key, and the caller as far as the key names one. */
export type Owner = { rule: UploadingRule; sub?: string; segment?: string }

/** Whose upload an object is by its key alone; undefined when no rule for uploads makes such a key. */
export function findOwner(
  rules: Rules,
  place: { bucket: string; key: string },
  defaultBucket: string,
): Owner | undefined {
  for (const rule of rules.values()) {
    const match = rule.template.pattern.exec(place.key)
    const isHere = (rule.bucket ?? defaultBucket) === place.bucket
    if (!match || !isUploading(rule) || !isHere) continue
    const [, segment, ...others] = match
    if (others.some((other) => other !== segment)) continue
    if (segment === undefined) return { rule }
    const sub = fromSegment(segment)
    return { rule, segment, ...(sub !== undefined && { sub }) }
  }
  return undefined
}

/** Whether a key belongs to one of these subjects, whose segment may be a hash that names nobody. */
export function isOwnedBy({ sub, segment }: Owner, subs: ReadonlySet<string>): boolean {
  if (sub !== undefined) return subs.has(sub)
  return segment !== undefined && [...subs].some((each) => toSegment(each) === segment)
}

/** The rule of a ticket, if it still lets objects be uploaded in the ticket's way and to its bucket. */
export function findTicketRule(
  rules: Rules,
  { rule: name, use, bucket }: Pick<Ticket, 'rule' | 'use' | 'bucket'>,
  defaultBucket: string,
): UploadingRule | undefined {
  const rule = rules.get(name)
  if (!rule || !isUploading(rule) || (rule.bucket ?? defaultBucket) !== bucket) return undefined
  const { mechanisms, multipart } = rule.upload
  const isInUse = use === 'multipart' ? multipart !== undefined : mechanisms.includes(use)
  return isInUse ? rule : undefined
}

function isUploading(rule: Rule): rule is UploadingRule {
  return rule.upload !== undefined
}

/** The subject that became this segment; undefined when it was hashed, or when no subject becomes it. @internal */
export function fromSegment(segment: string): string | undefined {
  if (segment.startsWith('~h')) return undefined
  const sub = decode(segment)
  return sub !== undefined && toSegment(sub) === segment ? sub : undefined
}

// Bytes that belong together are decoded together; `~u` is a lone surrogate.
function decode(segment: string): string | undefined {
  try {
    return segment
      .replace(/%/g, '%25')
      .split(/~u([0-9a-f]{4})/)
      .map((piece, index) =>
        index % 2 === 1
          ? String.fromCharCode(Number.parseInt(piece, 16))
          : decodeURIComponent(piece.replace(/~/g, '%')),
      )
      .join('')
  } catch {
    // Not UTF-8, so no subject became it.
    return undefined
  }
}
