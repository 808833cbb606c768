import * as z from 'zod/mini'
import { Refusal } from '../errors'
import { describeIssue, toFaults } from '../policy/faults'

/** How many wishes one request may hold. */
export const MAX_BATCH = 100

const batch = z.strictObject({
  requests: z.array(z.unknown()).check(z.minLength(1), z.maxLength(MAX_BATCH)),
})

/** The wishes of a body with `requests`; `undefined` for a body that is one wish itself. */
export function readBatch(body: unknown): readonly unknown[] | undefined {
  if (typeof body !== 'object' || body === null || !('requests' in body)) return undefined
  const parsed = batch.safeParse(body, { error: describeIssue })
  if (parsed.success) return parsed.data.requests
  throw new Refusal('request_malformed', {}, { faults: toFaults(parsed.error.issues) })
}
