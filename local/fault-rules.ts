import * as v from 'valibot'
import type { Issue } from '../shared/errors'
import { integer, nonEmptyString, strictObject } from '../shared/schema/schema'
import { findIssues, InputError } from './input'
import { FAULT_OPERATIONS, FAULT_SENDERS, FAULT_WORDS, type FaultRule } from './oss/faults'

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS']
const MAX_DELAY_MS = 600_000

/** What is wrong with faults where there is no OSS to show them. */
export const NEEDS_OSS: Issue = { path: 'faults', message: 'need oss, which is left out' }

/** The form of the faults that OSS shows clients. */
export const FAULT_RULES = v.array(
  strictObject({
    match: strictObject({
      method: v.optional(v.picklist(METHODS)),
      bucket: v.optional(nonEmptyString),
      key: v.optional(nonEmptyString),
      operation: v.optional(v.picklist(FAULT_OPERATIONS)),
      who: v.optional(v.picklist(FAULT_SENDERS)),
    }),
    respond: v.union(
      [
        v.literal(503),
        v.picklist(FAULT_WORDS),
        strictObject({ delayMs: integer(0, MAX_DELAY_MS) }),
      ],
      `must be 503, ${FAULT_WORDS.map((word) => `"${word}"`).join(', ')} or {"delayMs": …}`,
    ),
    times: v.optional(integer(1)),
  }),
)

/** The faults in `{faults: […]}`; throws one error that lists all that is wrong with them. */
export function parseFaults(value: unknown): FaultRule[] {
  const issues = findIssues(strictObject({ faults: FAULT_RULES }), value)
  if (issues.length > 0) throw new InputError('The faults are', issues)
  return (value as { faults: FaultRule[] }).faults
}
