import * as v from 'valibot'
import { parseRequest } from '../policy/faults'
import { exact } from '../schema'

/** How many wishes one request may hold. */
export const MAX_BATCH = 100

/** What a body of many wishes is made of; each wish is read by itself. */
export const batchSchema = exact({
  requests: v.pipe(v.array(v.unknown()), v.minLength(1), v.maxLength(MAX_BATCH)),
})

/** The wishes of a body with `requests`; `undefined` for a body that is one wish itself. */
export function readBatch(body: unknown): readonly unknown[] | undefined {
  if (typeof body !== 'object' || body === null || !('requests' in body)) return undefined
  return parseRequest(batchSchema, body).requests
}
