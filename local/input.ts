import * as v from 'valibot'
import type { Issue } from '../shared/errors'
import { describeIssue, toIssues } from '../shared/schema/issues'

/** The error for invalid input to the cloud, with every issue. */
export class InputError extends Error {
  readonly issues: readonly Issue[]

  constructor(whatIs: string, issues: readonly Issue[]) {
    const lines = issues.map(({ path, message }) => `  ${path || 'the value'}: ${message}`)
    super(`${whatIs} wrong:\n${lines.join('\n')}`)
    this.name = 'InputError'
    this.issues = issues
  }
}

/** The schema of an ISO 8601 time. */
export const isoTime = v.pipe(
  v.string(),
  v.check(
    (text) => !Number.isNaN(Date.parse(text)),
    'must be an ISO time such as 2026-01-02T03:04:05Z',
  ),
)

/** Returns the issues of a value under the schema. */
export function findIssues(schema: v.GenericSchema, value: unknown): Issue[] {
  return toIssues(v.safeParse(schema, value, { message: describeIssue }).issues)
}
