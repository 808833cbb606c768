import type { SessionScope } from '../rules/session-policy'

type GrantBase = {
  /** The name of the rule that allowed it. */
  rule: string
  /** The caller's `sub`. */
  sub: string
  bucket: string
  /** Unix seconds. */
  expiresAt: number
}

/** The permission to write one object within these limits. */
export type UploadGrant = GrantBase & {
  kind: 'upload'
  mechanism: 'url' | 'form'
  key: string
  contentType: string
  minBytes: number
  maxBytes: number
  /** The exact size, if the caller declared it. */
  contentLength?: number
  /** The MD5 in base64, if the caller declared it. */
  contentMd5?: string
  overwrite: boolean
  /** The file name, if the key does not contain it, for deciding a multipart upload again. */
  filename?: string
  /** The part size of a multipart upload, if the rule fixes it. */
  partBytes?: number
  /** Other headers stored with the object, by lower-case name: ACL, storage class, metadata. */
  headers: Readonly<Record<string, string>>
}

/** The permission to write objects below one prefix with a form; the client names them. */
export type PrefixFormGrant = GrantBase &
  Pick<UploadGrant, 'minBytes' | 'maxBytes' | 'overwrite' | 'headers'> & {
    kind: 'prefix-form'
    prefix: string
    /** The one type that the request named; without it the types of the rule count. */
    contentType?: string
  }

/** The permission to read one object, or its headers. */
export type DownloadGrant = GrantBase & {
  kind: 'download'
  method: 'GET' | 'HEAD'
  key: string
  /** The disposition that every GET sets, whatever is stored with the object. */
  as: 'inline' | 'attachment'
  /** The last segment of the key, unless the caller chose a name. */
  downloadName: string
  /** The value of `x-oss-process`. */
  process?: string
  /** True if the same request gets the same URL for a while, which lets caches reuse the object. */
  stable: boolean
}

/** The permission to delete one object. */
export type DeleteGrant = GrantBase & { kind: 'delete'; key: string }

/** The permission to list one folder, page by page. */
export type ListGrant = GrantBase & {
  kind: 'list'
  /** The folder, with a trailing `/`. */
  prefix: string
  /** The continuation token of the previous page. */
  after?: string
  limit: number
}

/** The permission to read or write everything below one prefix with STS credentials. */
export type PrefixGrant = GrantBase &
  SessionScope & {
    kind: 'prefix'
    durationSeconds: number
    /** The types that the callback checks afterwards, because STS can't enforce them. */
    contentTypes: readonly string[]
    minBytes: number
    maxBytes: number
    /** The headers that every upload must send, by lower-case name: ACL, storage class, encryption. */
    headers: Readonly<Record<string, string>>
  }

/** The result of any decision that allows a request. */
export type Grant =
  | UploadGrant
  | PrefixFormGrant
  | DownloadGrant
  | ListGrant
  | DeleteGrant
  | PrefixGrant
