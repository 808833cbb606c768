import type { Rule } from '../rules/rule'
import type { Rules } from '../rules/rules'
import { toSegment } from '../rules/subject'

/** The upload rule that can make a key, and the caller as far as the key tells. */
export type Owner = { rule: Rule; sub?: string }

/** Whose upload an object is by its key alone; undefined when no rule for uploads makes such a key. */
export function findOwner(
  rules: Rules,
  place: { bucket: string; key: string },
  defaultBucket: string,
): Owner | undefined {
  for (const rule of rules.values()) {
    const match = rule.template.pattern.exec(place.key)
    const isHere = (rule.bucket ?? defaultBucket) === place.bucket
    if (!match || !rule.upload || !isHere) continue
    const [, segment, ...others] = match
    if (others.some((other) => other !== segment)) continue
    const sub = segment === undefined ? undefined : fromSegment(segment)
    return { rule, ...(sub !== undefined && { sub }) }
  }
  return undefined
}

/** The subject that became this segment; undefined when it was hashed, or when no subject becomes it. */
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
