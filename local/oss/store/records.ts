/** Access control of a bucket. */
export type BucketAcl = 'private' | 'public-read' | 'public-read-write'

/** Access control of an object; `default` means the bucket's. */
export type ObjectAcl = 'default' | BucketAcl

/** A piece of an object: one file of its own. */
export type Segment = { blob: string; size: number }

/** What becomes of an object by bytes at its end. */
export type Growth = Pick<ObjectRecord, 'size' | 'etag' | 'crc64' | 'modifiedAt'>

/** One stored object; `etag` without quotes, `crc64` in decimal, `modifiedAt` in Unix ms. */
export type ObjectRecord = {
  key: string
  kind: 'Normal' | 'Multipart' | 'Appendable'
  segments: Segment[]
  size: number
  etag: string
  /** Base64; of objects written in one piece. */
  md5?: string
  crc64: string
  /** Headers that come back as stored, by lower-case name. */
  headers: Record<string, string>
  acl: ObjectAcl
  tags: [string, string][]
  modifiedAt: number
}

/** One uploaded part of a multipart upload. */
export type PartRecord = {
  number: number
  blob: string
  size: number
  etag: string
  crc64: string
  modifiedAt: number
}

/** What an upload in parts was begun with. */
export type UploadHead = Pick<ObjectRecord, 'key' | 'headers' | 'acl' | 'tags'> & {
  id: string
  initiatedAt: number
  forbidOverwrite: boolean
}

export type CorsRule = {
  allowedOrigins: string[]
  allowedMethods: string[]
  allowedHeaders: string[]
  exposeHeaders: string[]
  maxAgeSeconds?: number
}

/** Everything about a bucket but its objects; `cors` is absent when never set or deleted. */
export type BucketSettings = {
  acl: BucketAcl
  createdAt: number
  storageClass: string
  /** Block Public Access: public ACLs can neither be set nor do they count. */
  blocksPublicAccess: boolean
  cors?: { rules: CorsRule[]; varyOrigin: boolean }
}

/** Every change of the store, as it is written to the journal. */
export type Change =
  | { type: 'bucket'; bucket: string; settings: BucketSettings }
  | { type: 'delete-bucket'; bucket: string }
  | { type: 'put'; bucket: string; record: ObjectRecord }
  | { type: 'append'; bucket: string; key: string; segment: Segment; grown: Growth }
  | { type: 'delete'; bucket: string; key: string }
  | { type: 'initiate'; bucket: string; upload: UploadHead }
  | { type: 'part'; bucket: string; uploadId: string; part: PartRecord }
  | { type: 'complete'; bucket: string; uploadId: string; record: ObjectRecord }
  | { type: 'abort'; bucket: string; uploadId: string }
