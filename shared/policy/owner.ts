import { opensNames } from '../rules/rights'
import type { Rule, UploadRule } from '../rules/rule'
import type { Rules } from '../rules/rules'
import { toSegment } from '../rules/subject'
import type { Ticket } from './ticket'

/** A rule that allows uploads. */
export type UploadingRule = Rule & { upload: UploadRule }

/** The upload rule that can produce a key, and the caller, if the key contains one. */
export type Owner = { rule: UploadingRule; sub?: string; segment?: string }

/** Returns the owner of an uploaded object from its key alone; undefined if no upload rule can produce this key. */
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

/** Returns true if a key belongs to one of these subjects; also works for a segment that is a hash. */
export function isOwnedBy({ sub, segment }: Owner, subs: ReadonlySet<string>): boolean {
  if (sub !== undefined) return subs.has(sub)
  return segment !== undefined && [...subs].some((each) => toSegment(each) === segment)
}

/** Returns the rule of a ticket if it still allows the ticket's use, scope and bucket; otherwise undefined. */
export function findTicketRule(
  rules: Rules,
  ticket: Pick<Ticket, 'rule' | 'use' | 'bucket'>,
  defaultBucket: string,
): UploadingRule | undefined {
  const { rule: name, use, bucket } = ticket
  const rule = rules.get(name)
  if (!rule || !isUploading(rule) || (rule.bucket ?? defaultBucket) !== bucket) return undefined
  const { mechanisms, multipart } = rule.upload
  const isInUse = use === 'multipart' ? multipart !== undefined : mechanisms.includes(use)
  const isOpened = use !== 'form' || !('prefix' in ticket) || opensNames(rule)
  return isInUse && isOpened ? rule : undefined
}

function isUploading(rule: Rule): rule is UploadingRule {
  return rule.upload !== undefined
}

/** Returns the subject of this segment; undefined if it is a hash, or if no subject has this segment. @internal */
export function fromSegment(segment: string): string | undefined {
  if (segment.startsWith('~h')) return undefined
  const sub = decode(segment)
  return sub !== undefined && toSegment(sub) === segment ? sub : undefined
}

// The bytes of one character are decoded together; `~u` is a lone surrogate.
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
    // It is not UTF-8, so no subject has this segment.
    return undefined
  }
}
