import * as v from 'valibot'
import { type Issue, Refusal } from '../errors'
import { isObject } from './schema'

const MAX_ISSUES = 20
const MAX_PATH_CHARS = 100

type SchemaIssue = v.BaseIssue<unknown>

/** Messages by the type of the failed check, in JSON's own words. */
const SENTENCES: Readonly<Record<string, (issue: SchemaIssue) => string>> = {
  number: () => 'must be a number',
  integer: () => 'must be an integer',
  string: () => 'must be a string',
  boolean: () => 'must be a boolean',
  array: () => 'must be an array',
  object: () => 'must be an object',
  record: () => 'must be an object',
  min_value: ({ requirement }) => `must be at least ${requirement}`,
  max_value: ({ requirement }) => `must be at most ${requirement}`,
  min_length: (issue) => `must be at least ${issue.requirement}${unitOf(issue)}`,
  max_length: (issue) => `must be at most ${issue.requirement}${unitOf(issue)}`,
  literal: mustBe,
  picklist: mustBe,
}

/** Returns the message of an issue of any of our schemas; it never contains the value itself. */
export function describeIssue(issue: SchemaIssue): string {
  if (issue.input === undefined) return 'is missing'
  return SENTENCES[issue.type]?.(issue) ?? 'is not valid'
}

function unitOf({ input }: SchemaIssue): string {
  return typeof input === 'string' ? ' characters long' : ' entries long'
}

// valibot lists choices as ("read" | "write"); none of ours contains one of these characters.
function mustBe({ expected }: SchemaIssue): string {
  const choices = (expected ?? '').replace(/[()"]/g, '').replaceAll(' | ', ', ')
  return `must be ${choices.replace(/, (?=[^,]*$)/, ' or ')}`
}

type RequestSchema = v.GenericSchema & { entries: object }

/**
 * Returns the parsed value, or throws `request_malformed` with all issues. A member that is null counts as absent:
 * clients that are generated from an OpenAPI document send optional members this way.
 */
export function parseRequest<Schema extends RequestSchema>(
  schema: Schema,
  input: unknown,
): v.InferOutput<Schema> {
  const value = isObject(input) ? withoutNulls(input, schema) : input
  const parsed = v.safeParse(schema, value, { message: describeIssue })
  if (parsed.success) return parsed.output
  throw new Refusal('request_malformed', {}, { issues: toIssues(parsed.issues) })
}

function withoutNulls(input: Readonly<Record<string, unknown>>, { entries }: RequestSchema) {
  if (!Object.values(input).includes(null)) return input
  const isAbsent = ([name, value]: [string, unknown]) =>
    value === null && Object.hasOwn(entries, name)
  return Object.fromEntries(Object.entries(input).filter((member) => !isAbsent(member)))
}

/** Returns the refusal `request_malformed` with this one issue. */
export function toMalformed(path: string, message: string, cause?: unknown): Refusal {
  return new Refusal('request_malformed', {}, { cause, issues: [{ path, message }] })
}

/** Returns the issues as the HTTP API reports them: one for each path, at most 20. */
export function toIssues(schemaIssues: readonly SchemaIssue[] = []): Issue[] {
  const issues = schemaIssues.map(({ path = [], message }) => ({ path: toPath(path), message }))
  // A string can be too long and contain wrong characters: the first issue of a path is enough.
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
