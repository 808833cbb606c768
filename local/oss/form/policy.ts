import { parseIsoDate } from '../auth/time'
import { decodeBase64 } from '../encode'
import { FORM } from '../errors/form'
import { OssError } from '../errors/oss-error'

/** One condition of a POST policy; `name` in lower case, without the `$`. */
export type Condition =
  | { mode: 'eq' | 'starts-with'; name: string; value: string }
  | { mode: 'in' | 'not-in'; name: string; values: string[] }
  | { mode: 'content-length-range'; min: number; max: number }

/** A parsed POST policy; `expiresAt` in Unix ms. */
export type Policy = { expiresAt: number; conditions: Condition[] }

type Json = Readonly<Record<string, unknown>>

/** Parses the `policy` field: base64 of JSON with `expiration` and `conditions`. */
export function parsePolicy(field: string): Policy {
  const bytes = decodeBase64(field)
  if (!bytes) throw new OssError(FORM.policyBase64)
  const document = parseJson(bytes.toString('utf8'))
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new OssError(FORM.policyNotObject)
  }
  const { expiration, conditions } = document as Json
  if (expiration === undefined && conditions === undefined) throw new OssError(FORM.neither)
  if (expiration === undefined) throw new OssError(FORM.noExpiration)
  if (conditions === undefined) throw new OssError(FORM.noConditions)
  return { expiresAt: parseExpiration(expiration), conditions: parseConditions(conditions) }
}

// OSS documents the escape `\$`, which JSON does not have.
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/\\[\s\S]/g, (pair) => (pair === '\\$' ? '$' : pair)))
  } catch (error) {
    const message = `${FORM.policyJson[2]}${explain(error)}`
    throw new OssError(FORM.policyJson, {}, { message })
  }
}

function explain(error: unknown): string {
  const text = error instanceof Error ? error.message : ''
  if (/Expected ',' or ']'/.test(text)) return ', or ] expected'
  if (/Expected ',' or '}'/.test(text)) return ', or } expected'
  const token = /Unexpected token '?(.)/u.exec(text)?.[1]
  return token === undefined ? 'unexpected end' : `unknown char ${token}`
}

function parseExpiration(value: unknown): number {
  if (typeof value !== 'string') throw new OssError(FORM.expirationType)
  if (value === '') throw new OssError(FORM.expirationEmpty)
  const time = parseIsoDate(value)
  if (time === undefined) throw new OssError(FORM.expirationFormat)
  return time
}

function parseConditions(value: unknown): Condition[] {
  if (!Array.isArray(value)) throw new OssError(FORM.conditionsType)
  if (value.length === 0) throw new OssError(FORM.conditionsEmpty)
  return value.map(parseCondition)
}

function parseCondition(value: unknown): Condition {
  if (Array.isArray(value)) return parseList(value)
  if (typeof value !== 'object' || value === null) throw new OssError(FORM.modeMissing)
  const entries = Object.entries(value)
  const [entry] = entries
  if (!entry || entries.length !== 1) throw new OssError(FORM.simpleCondition)
  const [name, expected] = entry
  if (typeof expected !== 'string') throw new OssError(FORM.argumentType)
  return { mode: 'eq', name: name.toLowerCase(), value: expected }
}

function parseList(list: readonly unknown[]): Condition {
  const [mode, first, second] = list
  const parse = typeof mode === 'string' ? MODES.get(mode.toLowerCase()) : undefined
  if (!parse) throw new OssError(FORM.modeMissing)
  if (list.length > 3) throw new OssError(FORM.extraArguments)
  return parse(first, second)
}

const MODES = new Map<string, (first: unknown, second: unknown) => Condition>([
  ['eq', (name, value) => ({ mode: 'eq', name: toName(name), value: toText(value) })],
  [
    'starts-with',
    (name, value) => ({ mode: 'starts-with', name: toName(name), value: toText(value) }),
  ],
  ['in', (name, values) => ({ mode: 'in', name: toName(name), values: toTexts(values) })],
  ['not-in', (name, values) => ({ mode: 'not-in', name: toName(name), values: toTexts(values) })],
  ['content-length-range', toSizeRange],
])

function toName(value: unknown): string {
  if (typeof value === 'string' && value.length > 1 && value.startsWith('$')) {
    return value.slice(1).toLowerCase()
  }
  throw new OssError(FORM.argumentType)
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value
  throw new OssError(FORM.argumentType)
}

function toTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(toText)
  throw new OssError(FORM.argumentType)
}

// Each error has its page (EC 0006-00000219 to -221, -223).
function toSizeRange(min: unknown, max: unknown): Condition {
  if (typeof min === 'object' || typeof max === 'object') throw new OssError(FORM.rangeType)
  if (!isByteCount(min)) throw new OssError(FORM.rangeMin)
  if (!isByteCount(max)) throw new OssError(FORM.rangeMax)
  if (min > max) throw new OssError(FORM.rangeOrder)
  return { mode: 'content-length-range', min, max }
}

function isByteCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
