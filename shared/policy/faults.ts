import type * as z from 'zod/mini'
import type { Fault } from '../errors'

const MAX_FAULTS = 20
const MAX_PATH_CHARS = 100

type Issue = z.core.$ZodRawIssue
type Sentences = {
  [C in NonNullable<Issue['code']>]?: (issue: Extract<Issue, { code: C }>) => string
}

const NOUNS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

const SENTENCES: Sentences = {
  invalid_type: ({ expected }) => `must be ${NOUNS[expected] ?? expected}`,
  too_big: ({ maximum, origin }) => `must be at most ${maximum}${unitOf(origin)}`,
  too_small: ({ minimum, origin }) => `must be at least ${minimum}${unitOf(origin)}`,
  invalid_value: ({ values }) =>
    `must be ${values.map(String).join(', ')}`.replace(/, (?=[^,]*$)/, ' or '),
}

/** Says in plain words what is wrong with a value; zod's error map for all our schemas. */
export function describeIssue(issue: Issue): string {
  if (issue.input === undefined && issue.code !== 'custom') return 'is missing'
  const describe = SENTENCES[issue.code] as ((issue: Issue) => string) | undefined
  return describe?.(issue) ?? 'is not valid'
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long'
  return origin === 'array' ? ' entries long' : ''
}

/** The faults behind zod's issues, the first of very many; unknown fields by their own names. */
export function toFaults(issues: readonly z.core.$ZodIssue[]): Fault[] {
  const faults = issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ path: toPath(issue.path), message: issue.message }]
    }
    return issue.keys.map((key) => ({
      path: toPath([...issue.path, key]),
      message: 'is not known',
    }))
  })
  // A list where text is due is also too short a text: the first fault of a path says enough.
  const byPath = new Map(faults.reverse().map((fault) => [fault.path, fault]))
  return [...byPath.values()].reverse().slice(0, MAX_FAULTS)
}

function toPath(path: readonly PropertyKey[]): string {
  return path
    .map(String)
    .join('.')
    .slice(0, MAX_PATH_CHARS)
    .replace(/\p{Surrogate}/gu, '')
}
