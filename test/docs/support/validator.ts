type Named = Readonly<Record<string, unknown>>
type Check = (value: unknown, wanted: unknown, at: { schema: Named; root: Named }) => boolean

/** Whether a value fits a schema of the document, for the part of JSON Schema that ours are made of; throws for others. */
export function isValid(value: unknown, schema: Named, root: Named): boolean {
  return Object.entries(schema).every(([keyword, wanted]) => {
    if (ANNOTATIONS.includes(keyword)) return true
    const check = CHECKS[keyword]
    if (check === undefined) throw new Error(`Nothing here checks ${keyword}`)
    return check(value, wanted, { schema, root })
  })
}

/** What a reference of the document stands for. */
export function resolve(reference: string, root: Named): Named {
  const names = reference.replace(/^#\//, '').split('/')
  const found = names.reduce<unknown>((at, name) => (at as Named)[name], root)
  if (!isObject(found)) throw new Error(`${reference} stands for nothing`)
  return found
}

const ANNOTATIONS = ['description', 'discriminator', 'format']

const isObject = (value: unknown): value is Named =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
}

const schemas = (wanted: unknown) => wanted as Named[]
const entries = (value: unknown) => (isObject(value) ? Object.entries(value) : [])
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const times = (value: unknown, wanted: unknown, root: Named) =>
  schemas(wanted).filter((schema) => isValid(value, schema, root)).length
// By code points, as the specification has it.
const limit = (test: (found: number, wanted: number) => boolean, measure: Measure): Check => {
  return (value, wanted) => {
    const found = measure(value)
    return found === undefined || test(found, wanted as number)
  }
}
type Measure = (value: unknown) => number | undefined
const length: Measure = (value) => (typeof value === 'string' ? [...value].length : undefined)
const size: Measure = (value) => (Array.isArray(value) ? value.length : undefined)
const amount: Measure = (value) => (typeof value === 'number' ? value : undefined)
const least = (found: number, wanted: number) => found >= wanted
const most = (found: number, wanted: number) => found <= wanted

const CHECKS: Readonly<Record<string, Check>> = {
  $ref: (value, wanted, { root }) => isValid(value, resolve(String(wanted), root), root),
  oneOf: (value, wanted, { root }) => times(value, wanted, root) === 1,
  anyOf: (value, wanted, { root }) => times(value, wanted, root) > 0,
  allOf: (value, wanted, { root }) => times(value, wanted, root) === schemas(wanted).length,
  type: (value, wanted) => TYPES[String(wanted)]?.(value) ?? false,
  const: (value, wanted) => value === wanted,
  enum: (value, wanted) => list(wanted).includes(value),
  pattern: (value, wanted) =>
    typeof value !== 'string' || new RegExp(String(wanted), 'u').test(value),
  minLength: limit(least, length),
  maxLength: limit(most, length),
  minItems: limit(least, size),
  maxItems: limit(most, size),
  uniqueItems: (value) => new Set(list(value)).size === list(value).length,
  minimum: limit(least, amount),
  maximum: limit(most, amount),
  exclusiveMaximum: limit((found, wanted) => found < wanted, amount),
  items: (value, wanted, { root }) =>
    list(value).every((item) => isValid(item, wanted as Named, root)),
  required: (value, wanted) =>
    !isObject(value) || list(wanted).every((name) => Object.hasOwn(value, String(name))),
  properties: (value, wanted, { root }) =>
    Object.entries(wanted as Record<string, Named>).every(
      ([name, schema]) =>
        !isObject(value) || !Object.hasOwn(value, name) || isValid(value[name], schema, root),
    ),
  propertyNames: (value, wanted, { root }) =>
    entries(value).every(([name]) => isValid(name, wanted as Named, root)),
  additionalProperties: (value, wanted, { schema, root }) =>
    entries(value)
      .filter(([name]) => !Object.hasOwn(schema.properties ?? {}, name))
      .every(([, member]) => wanted !== false && isValid(member, wanted as Named, root)),
}
