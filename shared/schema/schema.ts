import * as v from 'valibot'

type Config = v.Config<v.BaseIssue<unknown>>
type Path = [v.IssuePathItem, ...v.IssuePathItem[]]

/** A string of at least one character. */
export const nonEmptyString = v.pipe(v.string(), v.minLength(1))

/** The characters that a header or a metadata value may contain. */
export const printable = v.regex<string, string>(
  /^[!-~](?:[ -~]*[!-~])?$/,
  'must be printable ASCII without a space at either end',
)

/** A name of user metadata, without `x-oss-meta-`. */
export const metadataName = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]{1,64}$/, 'must contain only lower-case letters, digits and -'),
)

/** The name of a bucket (OSS: bucket naming conventions). */
export const bucketName = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, 'must be a bucket name: 3 to 63 of a-z 0-9 -'),
)

/**
 * Returns the schema of an integer from `min` to `max`, both included; it never accepts one that a number can't hold
 * exactly.
 */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER) {
  return v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))
}

/** Returns true if no earlier entry of the list equals this one. */
export function isFirst(entry: unknown, index: number, list: readonly unknown[]): boolean {
  return list.indexOf(entry) === index
}

const unknownMember = v.check(() => false, 'is not known')

/** Returns the schema of an object with these members and no others; each unknown member is a separate issue. */
export function strictObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.ObjectSchema<Entries, undefined> & { isExact: true } {
  const schema = v.object(entries)
  const run: (typeof schema)['~run'] = (dataset, config) => {
    const input = dataset.value
    // valibot accepts an array as an object.
    if (!isObject(input)) return schema['~run']({ value: input && null }, config)
    const read = schema['~run'](dataset, config)
    // valibot's strictObject reports only the first unknown member.
    for (const key of Object.keys(input)) {
      if (Object.hasOwn(entries, key)) continue
      const path: Path = [toStep(input, key)]
      v._addIssue(unknownMember, 'key', read, config, { path })
    }
    return read
  }
  return v._standardSchema({ ...schema, isExact: true as const, '~run': run })
}

type Dictionary<Value> = Readonly<Record<string, Value>>
type Output<Value> = v.OutputDataset<Dictionary<Value>, v.BaseIssue<unknown>>

/**
 * Returns the schema of an object whose member names and values match these schemas. All members are kept: valibot's
 * record silently drops members called `constructor`, `prototype` or `__proto__`.
 */
export function dictionary<Value>(
  name: v.GenericSchema<string>,
  value: v.GenericSchema<Value>,
): v.GenericSchema<Dictionary<Value>> & {
  type: 'record'
  key: v.GenericSchema<string>
  value: v.GenericSchema<Value>
} {
  return v._standardSchema({
    kind: 'schema',
    type: 'record',
    reference: dictionary,
    expects: 'Object',
    async: false,
    key: name,
    value,
    '~run'(dataset, config) {
      const input = dataset.value
      const read: Output<Value> = { typed: true, value: input as Dictionary<Value> }
      if (!isObject(input)) {
        v._addIssue(this, 'type', read, config)
        return read
      }
      const [first, ...rest] = issuesOfMembers(input, { name, value }, config)
      return first ? { typed: false, value: input, issues: [first, ...rest] } : read
    },
  })
}

function issuesOfMembers(
  input: Record<string, unknown>,
  { name, value }: { name: v.GenericSchema; value: v.GenericSchema },
  config: Config,
): v.BaseIssue<unknown>[] {
  return Object.keys(input).flatMap((key) =>
    [...issuesOf(name, key, config), ...issuesOf(value, input[key], config)].map((issue) => {
      const path: Path = [toStep(input, key), ...(issue.path ?? [])]
      return { ...issue, path }
    }),
  )
}

function issuesOf(schema: v.GenericSchema, value: unknown, config: Config): v.BaseIssue<unknown>[] {
  return v.safeParse(schema, value, config).issues ?? []
}

function toStep(input: Record<string, unknown>, key: string): v.IssuePathItem {
  return { type: 'object', origin: 'value', input, key, value: input[key] }
}

/** Returns true for a plain object: not an array, date, map or similar. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]'
}
