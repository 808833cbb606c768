import type { SessionScope } from '../rules/session-policy'

type GrantBase = {
  /** Name of the rule that allowed it. */
  rule: string
  /** The caller's `sub`. */
  sub: string
  bucket: string
  /** Unix seconds. */
  expiresAt: number
}

/** One object may be written once asked for, within these limits. */
export type UploadGrant = GrantBase & {
  kind: 'upload'
  mechanism: 'url' | 'form'
  key: string
  contentType: string
  minBytes: number
  maxBytes: number
  /** The exact size, when the caller named it. */
  contentLength?: number
  /** Base64 of the 16 MD5 bytes, when the caller promised it. */
  contentMd5?: string
  overwrite: boolean
  /** What the file was called where its key does not tell, for the next time that an upload in parts is decided. */
  filename?: string
  /** How large a part is, where the rule decides it; for uploads in parts. */
  partBytes?: number
  /** What else is stored with the object, by lower-case header name: ACL, class, metadata. */
  headers: Readonly<Record<string, string>>
}

/** One object may be read, or its headers. */
export type DownloadGrant = GrantBase & {
  kind: 'download'
  method: 'GET' | 'HEAD'
  key: string
  /** How a browser takes it: every GET says so, whatever is stored with the object. */
  as: 'inline' | 'attachment'
  /** The last name of the key, where the caller chose none. */
  downloadName: string
  /** Value of `x-oss-process`. */
  process?: string
  /** Whether the same request shall get the same URL for a while, so that caches know it again. */
  stable: boolean
}

/** One object may be deleted. */
export type DeleteGrant = GrantBase & { kind: 'delete'; key: string }

/** One folder may be listed, page by page. */
export type ListGrant = GrantBase & {
  kind: 'list'
  /** The folder, with `/` at its end. */
  prefix: string
  /** Where the page before ended. */
  after?: string
  limit: number
}

/** Everything below one prefix may be read or written with STS credentials. */
export type PrefixGrant = GrantBase &
  SessionScope & {
    kind: 'prefix'
    durationSeconds: number
    /** What the callback checks afterwards, since STS can't bind it. */
    contentTypes: readonly string[]
    minBytes: number
    maxBytes: number
    /** The headers that every upload must send, by lower-case name: ACL, storage class, encryption. */
    headers: Readonly<Record<string, string>>
  }

export type Grant = UploadGrant | DownloadGrant | ListGrant | DeleteGrant | PrefixGrant
