import * as v from 'valibot'
import { dictionary, integer, nonEmptyString, strictObject } from '../schema/schema'

const optional = v.exactOptional

/** An RFC 3339 time in UTC, without fraction. */
export const utcTime = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/))
const pixels = integer(1, 999_999)
const format = v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{1,16}$/))

// OSS reads it from the file, but the holder of the ticket can make OSS sign a callback with other values.
/** The size and format of an image. */
export const imageSchema = v.pipe(
  strictObject({ width: pixels, height: pixels, format: optional(format) }),
  v.description(
    'The size and format of an image as the signed callback reported them; not proven like the other members.',
  ),
)

/** The schema of a proven upload in an upload event; the published JSON Schema is generated from it. */
export const uploadSchema = strictObject({
  /** The rule that allowed it. */
  rule: nonEmptyString,
  /** The caller; absent if only OSS's trigger reported the upload and the key does not contain it. */
  sub: optional(nonEmptyString),
  bucket: nonEmptyString,
  key: nonEmptyString,
  size: integer(0),
  etag: nonEmptyString,
  contentType: v.string(),
  /** Only for an image that a callback reported. */
  image: optional(imageSchema),
  /** User metadata, names without `x-oss-meta-`. */
  metadata: dictionary(v.string(), v.string()),
  /** The mechanism; absent if only OSS's trigger reported the upload. */
  mechanism: optional(v.picklist(['sts', 'url', 'form'])),
  proof: v.picklist(['callback', 'trigger']),
  /** RFC 3339, UTC; absent if the upload was not confirmed (`CONFIRM_UPLOADS=off`). */
  uploadedAt: optional(utcTime),
})

/** A proven upload: its rule and caller, the stored object, and the kind of proof. */
export type Upload = v.InferOutput<typeof uploadSchema>
