import * as v from 'valibot'
import { parseRequest } from '../schema/issues'
import { exact, isFirst, whole } from '../schema/schema'
import { MAX_TICKET_CHARACTERS } from './ticket'

/** How many parts one request may ask for, all its wishes together. */
export const MAX_PARTS_ASKED = 1000

/** What a wish for parts is made of. */
export const partsWishSchema = exact({
  operation: v.literal('multipart-parts'),
  ticket: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TICKET_CHARACTERS)),
  uploadId: v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9]{1,64}$/, 'must be the UploadId that OSS gave'),
  ),
  partNumbers: v.exactOptional(
    v.pipe(
      v.array(whole(1, 10_000)),
      v.minLength(1),
      v.maxLength(MAX_PARTS_ASKED),
      v.checkItems<number[], string>(isFirst, 'is there twice'),
    ),
  ),
})

/** A wish for the URLs of an upload's parts. */
export type PartsWish = v.InferOutput<typeof partsWishSchema>

/** The wish in the body of a request for parts; refuses what is not one. */
export function parsePartsWish(input: unknown): PartsWish {
  return parseRequest(partsWishSchema, input)
}
