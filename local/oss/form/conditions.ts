import { FORM } from '../errors/form'
import { OssError } from '../errors/oss-error'
import type { Condition, Policy } from './policy'

/** The size range that a policy allows for the file, in bytes, inclusive. */
export type SizeRange = { min: number; max: number }

/**
 * Throws an `OssError` if a form violates a condition; `fieldValue` returns the value of a field,
 * if any.
 */
export function checkConditions(
  { conditions }: Policy,
  fieldValue: (name: string) => string | undefined,
): void {
  for (const condition of conditions) {
    if (condition.mode === 'content-length-range') continue
    const value = fieldValue(condition.name)
    if (value === undefined) throw refuse(FORM.fieldAbsent, condition)
    if (!holds(condition, value)) throw refuse(FORM.conditionFailed, condition)
  }
}

/** Returns the intersection of all `content-length-range` conditions. */
export function sizeRange({ conditions }: Policy): SizeRange {
  const ranges = conditions.filter((condition) => condition.mode === 'content-length-range')
  return {
    min: Math.max(0, ...ranges.map(({ min }) => min)),
    max: Math.min(Number.MAX_SAFE_INTEGER, ...ranges.map(({ max }) => max)),
  }
}

type FieldCondition = Exclude<Condition, { mode: 'content-length-range' }>

function holds(condition: FieldCondition, value: string): boolean {
  switch (condition.mode) {
    case 'eq':
      return value === condition.value
    case 'starts-with':
      return value.startsWith(condition.value)
    case 'in':
      return condition.values.includes(value)
    case 'not-in':
      return !condition.values.includes(value)
  }
}

// OSS returns the failing condition as a list, even if the policy has it as an object.
function refuse(kind: typeof FORM.fieldAbsent | typeof FORM.conditionFailed, c: FieldCondition) {
  const last = 'values' in c ? `[${c.values.map(quote).join(', ')}]` : quote(c.value)
  const echo = `["${c.mode}", ${quote(`$${c.name}`)}, ${last}]`
  return new OssError(kind, {}, { message: `${kind[2]}${echo}` })
}

function quote(text: string): string {
  return JSON.stringify(text)
}
