import * as v from 'valibot'
import type { Issue } from '../shared/errors'
import { integer, nonEmptyString, strictObject } from '../shared/schema/schema'
import { findIssues, InputError } from './input'
import { FAULT_OPERATIONS, FAULT_SENDERS, FAULT_WORDS, type FaultRule } from './oss/faults'

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS']
const MAX_DELAY_MS = 600_000

/** The issue of faults without OSS, which would apply them. */
export const NEEDS_OSS: Issue = { path: 'faults', message: 'require oss, which is not started' }

/** The schema of the faults that OSS applies to requests. */
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

/** Parses the faults in `{faults: […]}`; throws an `InputError` with every issue. */
export function parseFaults(value: unknown): FaultRule[] {
  const issues = findIssues(strictObject({ faults: FAULT_RULES }), value)
  if (issues.length > 0) throw new InputError('The faults are', issues)
  return (value as { faults: FaultRule[] }).faults
}
