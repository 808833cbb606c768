import { type MessageId, type MessageValues, t } from '../i18n/i18n'
import { formatExactBytes } from '../ui/format'
import { fromBase64Json, MASK, maskValue, shorten } from './decode'

/** A POST policy, decoded. */
export interface PostPolicy {
  expiration: string
  conditions: readonly unknown[]
}

/** One condition: which field it names, and how it compares. */
export interface Condition {
  /** In lower case. */
  name: string
  /** As the policy spells it. */
  spelling: string
  mode: string
  values: readonly unknown[]
}

/** Returns the policy of a form; `undefined` where there is none that can be read. */
export function policyOf(fields: Readonly<Record<string, string>>): PostPolicy | undefined {
  const { expiration, conditions } = fromBase64Json(fields.policy ?? '') ?? {}
  if (typeof expiration !== 'string' || !Array.isArray(conditions)) return undefined
  return { expiration, conditions }
}

/** Reads a condition in either of its two spellings. */
export function conditionOf(condition: unknown): Condition {
  if (!Array.isArray(condition)) {
    const [[name, value] = ['', '']] = Object.entries(Object(condition))
    return { mode: 'eq', name: name.toLowerCase(), spelling: name, values: [value] }
  }
  const [mode, field, ...rest] = condition
  if (mode === 'content-length-range')
    return { mode, name: mode, spelling: mode, values: [field, ...rest] }
  const spelling = String(field).replace(/^\$/, '')
  return { mode: String(mode), name: spelling.toLowerCase(), spelling, values: rest.flat() }
}

/** Returns a condition as JSON, without secrets. */
export function toJson(condition: unknown): string {
  const { name } = conditionOf(condition)
  const mask = (value: unknown) =>
    typeof value === 'string' ? shorten(maskValue(name, value), LONGEST) : value
  if (Array.isArray(condition)) {
    const [mode, field, ...rest] = condition
    return JSON.stringify([mode, field, ...rest.map(mask)])
  }
  const entries = Object.entries(Object(condition)).map(([each, value]) => [each, mask(value)])
  return JSON.stringify(Object.fromEntries(entries))
}

const MODES: Readonly<Record<string, MessageId>> = {
  eq: 'inspector.must.eq',
  'starts-with': 'inspector.must.starts',
  in: 'inspector.must.in',
  'not-in': 'inspector.must.notIn',
}
const LONGEST = 90

/** Says in a sentence what a condition wants. */
export function sentenceOf(condition: unknown): string {
  const { mode, name, spelling, values } = conditionOf(condition)
  if (mode === 'content-length-range') return sayRange(values.map(Number))
  const texts = values.map((value) => maskValue(name, String(value)))
  const value = texts.map((text) => `“${text}”`).join(', ')
  const shown: MessageValues = { name: spelling, value }
  if (value.length > LONGEST || value.includes(MASK)) return t('inspector.must.same', shown)
  if (name === 'bucket') return t('inspector.must.bucket', shown)
  if (mode === 'starts-with' && values[0] === '') return t('inspector.must.any', shown)
  return t(MODES[mode] ?? 'inspector.must.other', shown)
}

function sayRange([min = 0, max = 0]: readonly number[]): string {
  const sizes = { min: formatExactBytes(min), max: formatExactBytes(max) }
  return t(min === max ? 'inspector.must.exact' : 'inspector.must.range', sizes)
}

/** What a condition is about: the file, what comes after it is stored, or who signed. */
export type ConditionGroup = 'file' | 'after' | 'signer'

const GROUPS: Readonly<Record<string, ConditionGroup>> = {
  callback: 'after',
  'x:ticket': 'after',
  success_action_status: 'after',
  success_action_redirect: 'after',
  'x-oss-signature-version': 'signer',
  'x-oss-credential': 'signer',
  'x-oss-date': 'signer',
  'x-oss-security-token': 'signer',
}

/** Returns the conditions of a policy by what they are about. */
export function groupConditions({ conditions }: PostPolicy): [ConditionGroup, unknown[]][] {
  const groups = ['file', 'after', 'signer'] as const
  return groups
    .map((group): [ConditionGroup, unknown[]] => [
      group,
      conditions.filter((each) => (GROUPS[conditionOf(each).name] ?? 'file') === group),
    ])
    .filter(([, members]) => members.length > 0)
}
