import * as v from 'valibot'
import { type Fault, Refusal } from '../errors'

const MAX_FAULTS = 20
const MAX_PATH_CHARS = 100

type Issue = v.BaseIssue<unknown>

/** What is wrong by the kind of the check that failed. */
const SENTENCES: Readonly<Record<string, (issue: Issue) => string>> = {
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
export function describeIssue(issue: Issue): string {
  if (issue.input === undefined) return 'is missing'
  return SENTENCES[issue.type]?.(issue) ?? 'is not valid'
}

function unitOf({ input }: Issue): string {
  return typeof input === 'string' ? ' characters long' : ' entries long'
}

// valibot names choices as ("read" | "write"); none of ours holds such a sign.
function mustBe({ expected }: Issue): string {
  const choices = (expected ?? '').replace(/[()"]/g, '').replaceAll(' | ', ', ')
  return `must be ${choices.replace(/, (?=[^,]*$)/, ' or ')}`
}

/** The value as the schema has it; refuses any other with all that is wrong with it. */
export function parseRequest<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, input, { message: describeIssue })
  if (parsed.success) return parsed.output
  throw new Refusal('request_malformed', {}, { faults: toFaults(parsed.issues) })
}

/** The refusal of a request with this one fault. */
export function toMalformed(path: string, message: string): Refusal {
  return new Refusal('request_malformed', {}, { faults: [{ path, message }] })
}

/** The faults behind valibot's issues, the first of very many. */
export function toFaults(issues: readonly Issue[] = []): Fault[] {
  const faults = issues.map(({ path = [], message }) => ({ path: toPath(path), message }))
  // A text can be too long and of the wrong signs: the first fault of a path says enough.
  const byPath = new Map(faults.reverse().map((fault) => [fault.path, fault]))
  return [...byPath.values()].reverse().slice(0, MAX_FAULTS)
}

function toPath(path: readonly v.IssuePathItem[]): string {
  return path
    .map(({ key }) => String(key))
    .join('.')
    .slice(0, MAX_PATH_CHARS)
    .replace(/\p{Surrogate}/gu, '')
}
