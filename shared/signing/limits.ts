const GiB = 1024 ** 3

/** OSS: PutObject, PostObject and UploadPart take at most 5 GB. */
export const MAX_OBJECT_BYTES = 5 * GiB
/** OSS: multipart upload, 100 KB to 5 GB a part. */
export const MIN_PART_BYTES = 100 * 1024
/** OSS: multipart upload, at most 10,000 parts. */
export const MAX_PARTS = 10_000
/** OSS: multipart upload, 48.8 TB; whole bytes, as tickets have them. */
export const MAX_MULTIPART_BYTES = Math.floor(48.8 * 1024 * GiB)
/** OSS: ListParts, at most 1,000 parts an answer. */
export const MAX_LISTED_PARTS = 1000
/** OSS: ListObjectsV2, at most 1,000 objects an answer. */
export const MAX_LISTED_OBJECTS = 1000
/** OSS: object naming conventions. */
export const MAX_KEY_BYTES = 1023

/** RFC 7518 section 3.2: a key of HS256 has at least the size of its hash. */
export const MIN_SECRET_BYTES = 32

/** The parts of a request that a V1 signature does not bind, in the words of whoever must accept it. */
export const V1_UNBOUND = [
  'headers such as Content-Length, and so the exact size of an upload; Cache-Control; Content-Disposition',
  'query parameters that OSS does not know',
  'list parameters such as prefix and marker',
  'the region',
] as const
