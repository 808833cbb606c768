import * as v from 'valibot'
import { type Issue, Refusal } from '../errors'
import { isObject } from './schema'

const MAX_ISSUES = 20
const MAX_PATH_CHARS = 100

type SchemaIssue = v.BaseIssue<unknown>

/** What is wrong by the kind of the check that failed. */
const SENTENCES: Readonly<Record<string, (issue: SchemaIssue) => string>> = {
  number: () => 'must be a number',
  integer: () => 'must be a whole number',
  string: () => 'must be a text',
  boolean: () => 'must be true or false',
  array: () => 'must be a list',
  object: () => 'must be an object',
  record: () => 'must be an object',
  min_value: ({ requirement }) => `must be at least ${requirement}`,
  max_value: ({ requirement }) => `must be at most ${requirement}`,
  min_length: (issue) => `must be at least ${issue.requirement}${unitOf(issue)}`,
  max_length: (issue) => `must be at most ${issue.requirement}${unitOf(issue)}`,
  literal: mustBe,
  picklist: mustBe,
}

/** Says in plain words what is wrong with a value, for all our schemas, and never the value itself. */
export function describeIssue(issue: SchemaIssue): string {
  if (issue.input === undefined) return 'is missing'
  return SENTENCES[issue.type]?.(issue) ?? 'is not valid'
}

function unitOf({ input }: SchemaIssue): string {
  return typeof input === 'string' ? ' characters long' : ' entries long'
}

// valibot names choices as ("read" | "write"); none of ours holds such a sign.
function mustBe({ expected }: SchemaIssue): string {
  const choices = (expected ?? '').replace(/[()"]/g, '').replaceAll(' | ', ', ')
  return `must be ${choices.replace(/, (?=[^,]*$)/, ' or ')}`
}

type RequestSchema = v.GenericSchema & { entries: object }

/**
 * The value as the schema has it; refuses any other with all that is wrong with it. A member that is null counts as absent:
 * clients that are generated from a description of the API send optional ones so.
 */
export function parseRequest<Schema extends RequestSchema>(
  schema: Schema,
  input: unknown,
): v.InferOutput<Schema> {
  const given = isObject(input) ? withoutNulls(input, schema) : input
  const parsed = v.safeParse(schema, given, { message: describeIssue })
  if (parsed.success) return parsed.output
  throw new Refusal('request_malformed', {}, { issues: toIssues(parsed.issues) })
}

function withoutNulls(input: Readonly<Record<string, unknown>>, { entries }: RequestSchema) {
  const isAbsent = ([name, value]: [string, unknown]) =>
    value === null && Object.hasOwn(entries, name)
  return Object.fromEntries(Object.entries(input).filter((member) => !isAbsent(member)))
}

/** The refusal of a request with this one issue. */
export function toMalformed(path: string, message: string, cause?: unknown): Refusal {
  return new Refusal('request_malformed', {}, { cause, issues: [{ path, message }] })
}

/** The issues in the words of the contract, the first 20 of very many. */
export function toIssues(schemaIssues: readonly SchemaIssue[] = []): Issue[] {
  const issues = schemaIssues.map(({ path = [], message }) => ({ path: toPath(path), message }))
  // A string can be too long and of the wrong characters: the first issue of a path says enough.
  const byPath = new Map(issues.reverse().map((issue) => [issue.path, issue]))
  return [...byPath.values()].reverse().slice(0, MAX_ISSUES)
}

function toPath(path: readonly v.IssuePathItem[]): string {
  return path
    .map(({ key }) => String(key))
    .join('.')
    .slice(0, MAX_PATH_CHARS)
    .replace(/\p{Surrogate}/gu, '')
}
