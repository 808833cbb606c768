export type Fields = Readonly<Record<string, unknown>>

/** The fields of a JSON object, empty for anything else. */
export function toFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

/** The items of a JSON array, none for anything else. */
export function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** What a JSON text says; `undefined` for a text that is no JSON. */
export function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Whoever asks has a better sentence for this than the parser.
    return undefined
  }
}

/** A field that must be text; throws when it isn't. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'string') return value
  throw new TypeError(`The answer has no text "${name}"`)
}

/** A field that must be a whole number from 0; throws when it isn't. */
export function countOf(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new TypeError(`The answer has no number "${name}"`)
}

/** A field that must be a time; answers it in Unix milliseconds and throws when it isn't. */
export function timeOf(fields: Fields, name: string): number {
  const time = Date.parse(textOf(fields, name))
  if (Number.isFinite(time)) return time
  throw new TypeError(`The answer has no time "${name}"`)
}

/** A field that must be a map of texts, in the answer's order; throws when it isn't. */
export function textsOf(fields: Fields, name: string): Record<string, string> {
  const texts = toFields(fields[name])
  return Object.fromEntries(Object.keys(texts).map((each) => [each, textOf(texts, each)]))
}
