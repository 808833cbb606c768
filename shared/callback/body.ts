import { isUtf8 } from 'node:buffer'
import * as v from 'valibot'
import { Refusal } from '../errors'
import { integer, nonEmptyString } from '../schema/schema'
import { parseJson } from '../text'

/** What OSS says about an upload, as our callback body asks for it. */
export type Callback = v.InferOutput<typeof callbackSchema>

const MAX_BODY_BYTES = 16_384

// OSS writes null for what an upload does not have; a body that lacks a member is not of our template.
const text = v.nullable(v.string())
const count = integer(0)

/** What the body that our template makes is made of. */
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

/** Reads the body that our template makes of an upload; anything else is refused. */
export function parseCallback(body: Buffer): Callback {
  if (body.length > MAX_BODY_BYTES || !isUtf8(body)) throw new Refusal('callback_body')
  const parsed = v.safeParse(callbackSchema, parseJson(quoteCrc64(body.toString())))
  if (!parsed.success) throw new Refusal('callback_body')
  return parsed.output
}

// A CRC-64 written as a number has up to 20 digits, more than a JavaScript number keeps. Inside a JSON string the quotes
// of this pattern would be escaped, so it matches the member alone.
function quoteCrc64(json: string): string {
  return json.replace(/"crc64":(\d{1,20})(?=[,}])/, '"crc64":"$1"')
}
