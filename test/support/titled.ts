const MAX_TITLE = 40

/** Rows for `it.each` of values too long for a title: a title that tells each from the others, and the value. */
export function titled<Value>(values: readonly Value[]): [string, Value][] {
  return values.map((value) => [titleOf(value), value])
}

function titleOf(value: unknown): string {
  const text = JSON.stringify(value)
  if (text.length <= MAX_TITLE) return text
  return `${text.slice(0, MAX_TITLE)}… of ${text.length} characters`
}
