import * as v from 'valibot'
import { dictionary, integer, nonEmptyString, strictObject } from '../schema/schema'

const optional = v.exactOptional

/** An RFC 3339 time in UTC, without fraction. */
export const utcTime = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/))
const pixels = integer(1, 999_999)
const format = v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{1,16}$/))

// OSS reads it from the file, but whoever holds the ticket can have OSS sign a callback that says otherwise.
/** The size and format of an image. */
export const imageSchema = v.pipe(
  strictObject({ width: pixels, height: pixels, format: optional(format) }),
  v.description('What a signed callback said of an image; a hint, not proven as the rest is.'),
)

/** Everything that an application is told of a proven upload; the published JSON Schema is made of it. */
export const uploadSchema = strictObject({
  /** The rule that allowed it. */
  rule: nonEmptyString,
  /** The caller; absent when only OSS's trigger told us and the key doesn't say it. */
  sub: optional(nonEmptyString),
  bucket: nonEmptyString,
  key: nonEmptyString,
  size: integer(0),
  etag: nonEmptyString,
  contentType: v.string(),
  /** Only for an image, and only when the callback told us. */
  image: optional(imageSchema),
  /** User metadata, names without `x-oss-meta-`. */
  metadata: dictionary(v.string(), v.string()),
  /** How it was permitted; absent when only OSS's trigger told us. */
  mechanism: optional(v.picklist(['sts', 'url', 'form'])),
  proof: v.picklist(['callback', 'trigger']),
  /** RFC 3339, UTC; absent when OSS was not asked (`CONFIRM_UPLOADS=off`). */
  uploadedAt: optional(utcTime),
})

/** A proven upload: what was granted, what is stored, and how we know. */
export type Upload = v.InferOutput<typeof uploadSchema>
