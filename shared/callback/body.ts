import { isUtf8 } from 'node:buffer'
import * as v from 'valibot'
import { Refusal } from '../errors'
import { integer, nonEmptyString } from '../schema/schema'
import { parseJson } from '../text'

/** The body of a callback, as our template defines it. */
export type Callback = v.InferOutput<typeof callbackSchema>

const MAX_BODY_BYTES = 16_384

// OSS writes null for an absent value; a body without a member is not from our template.
const text = v.nullable(v.string())
const count = integer(0)

/** The schema of a callback body (OSS: Callback, callbackBody). */
export const callbackSchema = v.object({
  bucket: v.string(),
  object: nonEmptyString,
  etag: nonEmptyString,
  size: count,
  mimeType: v.string(),
  crc64: text,
  contentMd5: text,
  operation: nonEmptyString,
  reqId: text,
  imageHeight: v.nullable(v.union([count, v.string()])),
  imageWidth: v.nullable(v.union([count, v.string()])),
  imageFormat: text,
  ticket: v.string(),
})

/** Parses a callback body; throws `callback_body` for anything that is not from our template. */
export function parseCallback(body: Buffer): Callback {
  if (body.length > MAX_BODY_BYTES || !isUtf8(body)) throw new Refusal('callback_body')
  const parsed = v.safeParse(callbackSchema, parseJson(quoteCrc64(body.toString())))
  if (!parsed.success) throw new Refusal('callback_body')
  return parsed.output
}

// A CRC-64 has up to 20 digits, more than a JavaScript number can hold. Inside a JSON string the quotes of this pattern
// would be escaped, so it matches only the member.
function quoteCrc64(json: string): string {
  return json.replace(/"crc64":(\d{1,20})(?=[,}])/, '"crc64":"$1"')
}
