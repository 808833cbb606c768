import * as v from 'valibot'
import type { Issue } from '../shared/errors'
import { describeIssue, toIssues } from '../shared/schema/issues'

/** What the cloud was given and can't use, with every issue at once. */
export class InputError extends Error {
  readonly issues: readonly Issue[]

  constructor(whatIs: string, issues: readonly Issue[]) {
    const lines = issues.map(({ path, message }) => `  ${path || 'the value'}: ${message}`)
    super(`${whatIs} wrong:\n${lines.join('\n')}`)
    this.name = 'InputError'
    this.issues = issues
  }
}

/** A time as ISO 8601 writes it. */
export const isoTime = v.pipe(
  v.string(),
  v.check(
    (text) => !Number.isNaN(Date.parse(text)),
    'must be an ISO time such as 2026-01-02T03:04:05Z',
  ),
)

/** What keeps a value from being as the schema has it. */
export function findIssues(schema: v.GenericSchema, value: unknown): Issue[] {
  return toIssues(v.safeParse(schema, value, { message: describeIssue }).issues)
}
