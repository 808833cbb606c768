import * as v from 'valibot'
import type { Issue } from '../shared/errors'
import { describeIssue, toIssues } from '../shared/schema/issues'

/** What the cloud was given and can't use, with every fault at once. */
export class InputError extends Error {
  readonly faults: readonly Issue[]

  constructor(whatIs: string, faults: readonly Issue[]) {
    const lines = faults.map(({ path, message }) => `  ${path || 'the whole'}: ${message}`)
    super(`${whatIs} wrong:\n${lines.join('\n')}`)
    this.name = 'InputError'
    this.faults = faults
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
export function findFaults(schema: v.GenericSchema, value: unknown): Issue[] {
  return toIssues(v.safeParse(schema, value, { message: describeIssue }).issues)
}
