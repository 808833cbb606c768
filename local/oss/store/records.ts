/** Access control of a bucket. */
export type BucketAcl = 'private' | 'public-read' | 'public-read-write'

/** Access control of an object; `default` means the bucket's. */
export type ObjectAcl = 'default' | BucketAcl

/** A piece of an object, in one file. */
export type Segment = { blob: string; size: number }

/** The properties of an object that an append changes. */
export type Growth = Pick<ObjectRecord, 'size' | 'etag' | 'crc64' | 'modifiedAt'>

/** One stored object; `etag` without quotes, `crc64` in decimal, `modifiedAt` in Unix ms. */
export type ObjectRecord = {
  key: string
  kind: 'Normal' | 'Multipart' | 'Appendable'
  segments: Segment[]
  size: number
  etag: string
  /** Base64; present for objects written in one piece. */
  md5?: string
  crc64: string
  /** Headers that are returned as stored, by lower-case name. */
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

/** The properties set when a multipart upload is initiated. */
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

/** A lifecycle rule: the days after which each of its actions would remove something. */
export type LifecycleRule = {
  id: string
  prefix: string
  status: 'Enabled' | 'Disabled'
  days: Record<string, number>
}

/** The settings of a bucket; `cors` and `lifecycle` are absent if never set or deleted. */
export type BucketSettings = {
  acl: BucketAcl
  createdAt: number
  storageClass: string
  /** Block Public Access: public ACLs cannot be set and have no effect. */
  blocksPublicAccess: boolean
  cors?: { rules: CorsRule[]; varyOrigin: boolean }
  lifecycle?: LifecycleRule[]
}

/** A change of the store, as written to the journal. */
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
