import * as z from 'zod/mini'
import { MAX_TICKET_CHARACTERS } from '../auth/ticket'
import { Refusal } from '../errors'
import { describeIssue, toFaults } from './faults'

/** How many parts one request may ask for. */
export const MAX_PARTS_ASKED = 1000

const partsWish = z.strictObject({
  operation: z.literal('multipart-parts'),
  ticket: z.string().check(z.minLength(1), z.maxLength(MAX_TICKET_CHARACTERS)),
  uploadId: z.string().check(z.regex(/^[A-Za-z0-9]{1,64}$/, 'must be the UploadId that OSS gave')),
  partNumbers: z.exactOptional(
    z
      .array(z.int().check(z.gte(1), z.lte(10_000)))
      .check(z.minLength(1), z.maxLength(MAX_PARTS_ASKED)),
  ),
})

/** A wish for the URLs of an upload's parts. */
export type PartsWish = z.output<typeof partsWish>

/** The wish in the body of a request for parts; refuses what is not one. */
export function parsePartsWish(input: unknown): PartsWish {
  const parsed = partsWish.safeParse(input, { error: describeIssue })
  if (parsed.success) return parsed.data
  throw new Refusal('request_malformed', {}, { faults: toFaults(parsed.error.issues) })
}
