import * as v from 'valibot'

type Config = v.Config<v.BaseIssue<unknown>>
type Path = [v.IssuePathItem, ...v.IssuePathItem[]]

/** A text that is not empty. */
export const nonEmptyString = v.pipe(v.string(), v.minLength(1))

/** What a header or a piece of metadata may hold. */
export const printable = v.regex<string, string>(
  /^[!-~](?:[ -~]*[!-~])?$/,
  'must be plain printable text',
)

/** A name of user metadata, without `x-oss-meta-`. */
export const metadataName = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]{1,64}$/, 'must be of lower-case letters, digits and -'),
)

/** The name of a bucket (OSS: bucket naming conventions). */
export const bucketName = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, 'must be a bucket name: 3 to 63 of a-z 0-9 -'),
)

/** A whole number within these bounds, and never one too large to be exact. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER) {
  return v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))
}

/** Whether a list has this entry at no place before. */
export function isFirst(entry: unknown, index: number, list: readonly unknown[]): boolean {
  return list.indexOf(entry) === index
}

const unknownMember = v.check(() => false, 'is not known')

/** An object of these members and no others: each other one is a issue of its own. */
export function strictObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.ObjectSchema<Entries, undefined> & { isExact: true } {
  const schema = v.object(entries)
  const run: (typeof schema)['~run'] = (dataset, config) => {
    const input = dataset.value
    // To valibot a list is an object, too.
    if (!isObject(input)) return schema['~run']({ value: input && null }, config)
    const read = schema['~run'](dataset, config)
    // Its strictObject names the first unknown member alone.
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
 * An object of any members whose names and values fit, kept as they are: valibot's record drops members called
 * `constructor`, `prototype` or `__proto__` without a word.
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

/** True for an object that is no list, date, map or the like. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]'
}
