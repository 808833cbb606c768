export type Fields = Readonly<Record<string, unknown>>

/** Returns the fields of a JSON object, none for any other value. */
export function toFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

/** Returns the items of a JSON array, none for any other value. */
export function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Parses JSON; returns `undefined` for invalid JSON. */
export function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The caller reports a clearer error than the parser.
    return undefined
  }
}

/** Returns a field that must be a string; throws if it is not. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'string') return value
  throw new TypeError(`The response has no string "${name}"`)
}

/** Returns a field that must be a non-negative integer; throws if it is not. */
export function countOf(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new TypeError(`The response has no number "${name}"`)
}

/** Returns a field that must be a time, in Unix milliseconds; throws if it is not. */
export function timeOf(fields: Fields, name: string): number {
  const time = Date.parse(textOf(fields, name))
  if (Number.isFinite(time)) return time
  throw new TypeError(`The response has no time "${name}"`)
}

/** Returns a field that must be a map of strings, in the response's order; throws if it is not. */
export function textsOf(fields: Fields, name: string): Record<string, string> {
  const texts = toFields(fields[name])
  return Object.fromEntries(Object.keys(texts).map((each) => [each, textOf(texts, each)]))
}
