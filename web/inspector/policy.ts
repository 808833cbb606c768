import { type MessageId, type MessageValues, t } from '../i18n/i18n'
import { formatExactBytes } from '../ui/format'
import { fromBase64Json, maskValue } from './decode'

/** A POST policy, decoded. */
export interface PostPolicy {
  expiration: string
  conditions: readonly unknown[]
}

/** One condition: which field it names, and how it compares. */
export interface Condition {
  name: string
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
    return { mode: 'eq', name: name.toLowerCase(), values: [value] }
  }
  const [mode, field, ...rest] = condition
  if (mode === 'content-length-range') return { mode, name: mode, values: [field, ...rest] }
  const name = String(field).replace(/^\$/, '').toLowerCase()
  return { mode: String(mode), name, values: rest.flat() }
}

/** Returns a condition as JSON, without secrets. */
export function toJson(condition: unknown): string {
  const { name } = conditionOf(condition)
  const mask = (value: unknown) => (typeof value === 'string' ? maskValue(name, value) : value)
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
const LONGEST = 48

/** Says in a sentence what a condition wants. */
export function sentenceOf(condition: unknown): string {
  const { mode, name, values } = conditionOf(condition)
  if (mode === 'content-length-range') return sayRange(values.map(Number))
  const texts = values.map((value) => shorten(maskValue(name, String(value))))
  const shown: MessageValues = { name, value: texts.map((text) => `“${text}”`).join(', ') }
  if (name === 'bucket') return t('inspector.must.bucket', shown)
  if (mode === 'starts-with' && values[0] === '') return t('inspector.must.any', shown)
  return t(MODES[mode] ?? 'inspector.must.other', shown)
}

function sayRange([min = 0, max = 0]: readonly number[]): string {
  const sizes = { min: formatExactBytes(min), max: formatExactBytes(max) }
  return t(min === max ? 'inspector.must.exact' : 'inspector.must.range', sizes)
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
