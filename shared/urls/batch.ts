import * as v from 'valibot'
import { MAX_PARTS_ASKED } from '../policy/parts-request'
import { parseRequest, toMalformed } from '../schema/issues'
import { exact } from '../schema/schema'

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

/** Takes this many parts of those that a request may ask for; refuses more than are left. */
export type TakeParts = (count: number) => void

/** What one request may ask for in parts, over all its wishes: their URLs must fit one answer. */
export function limitParts(): TakeParts {
  let left = MAX_PARTS_ASKED
  return (count) => {
    if (count > left) {
      const most = `one request has at most ${MAX_PARTS_ASKED} parts`
      throw toMalformed('partNumbers', `must be at most ${left} entries long here: ${most}`)
    }
    left -= count
  }
}
