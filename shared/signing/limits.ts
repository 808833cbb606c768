const GiB = 1024 ** 3

/** The maximum size of PutObject, PostObject and UploadPart: 5 GB (OSS: PutObject). */
export const MAX_OBJECT_BYTES = 5 * GiB
/** The minimum size of a part other than the last: 100 KB (OSS: multipart upload). */
export const MIN_PART_BYTES = 100 * 1024
/** The maximum number of parts of one upload (OSS: multipart upload). */
export const MAX_PARTS = 10_000
/** The maximum size of a multipart upload: 48.8 TB, rounded down to whole bytes (OSS: multipart upload). */
export const MAX_MULTIPART_BYTES = Math.floor(48.8 * 1024 * GiB)
/** The maximum number of parts in one response (OSS: ListParts). */
export const MAX_LISTED_PARTS = 1000
/** The maximum number of objects in one response (OSS: ListObjectsV2). */
export const MAX_LISTED_OBJECTS = 1000
/** The maximum length of an object key in UTF-8 (OSS: object naming conventions). */
export const MAX_KEY_BYTES = 1023

/** The minimum length of an HS256 secret: the size of its hash (RFC 7518 section 3.2). */
export const MIN_SECRET_BYTES = 32

/** The parts of a request that a V1 signature does not cover, as the log of a deployment that uses V1 names them. */
export const V1_UNBOUND = [
  'headers such as Content-Length, and so the exact size of an upload; Cache-Control; Content-Disposition',
  'query parameters that OSS does not know',
  'list parameters such as prefix and marker',
  'the region',
] as const
