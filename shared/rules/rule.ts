import type { Caller } from '../auth/caller'
import type { AllowRequest } from './requests'
import type { Template } from './template'
import type { Upload } from './upload'

/** The mechanism that passes a permission to the client. */
export type Mechanism = 'sts' | 'url' | 'form'

/** Decides a request in code; only `true` allows it. */
export type Allow = (caller: Caller, request: AllowRequest) => boolean | Promise<boolean>

/** Receives a proven upload before the response to its uploader; called again after a failure, with the same `id`. */
export type OnUploaded = (upload: Upload, id: string) => unknown

/** Returns members for the response to the uploader; may be called more than once for an upload. */
export type Respond = (
  upload: Upload,
) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>

/** The limits that a mechanism can't enforce and that the rule gives up for it. */
type Unenforced = Readonly<Partial<Record<Mechanism, readonly string[]>>>

/** The minimum duration of a session (STS: AssumeRole, DurationSeconds). */
export const MIN_SESSION_SECONDS = 900
/**
 * The maximum lifetime of a signed URL or form, which ends with the credentials that signed it. Those of a function's role
 * are renewed early enough to live at least an hour.
 */
export const MAX_TTL_SECONDS = 3600
/** The minimum lifetime of a signed URL or form; with less, it can expire before a slow client uses it. */
export const MIN_TTL_SECONDS = 30

/** The maximum lifetime of a link to STS credentials: a week. */
export const MAX_LINK_SECONDS = 604_800

/** A valid rule with all defaults filled in. */
export type Rule = {
  name: string
  bucket?: string
  allow?: Allow
  template: Template
  /** True if no grant may outlive the token of its request. */
  withinToken?: boolean
  /** How long a link to STS credentials works. */
  linkSeconds: number
  upload?: UploadRule
  download?: DownloadRule
  /** The lifetime of signed URLs that list the caller's folder; absent if there are none. */
  list?: { ttlSeconds: number }
  /** The lifetime of signed URLs that delete an object of the caller; absent if there are none. */
  remove?: { ttlSeconds: number }
}

/** The part of a rule that allows uploads. */
export type UploadRule = {
  contentTypes: readonly string[]
  minBytes: number
  maxBytes: number
  /** True if the rule limits sizes. */
  isSized: boolean
  ttlSeconds: number
  overwrite: boolean
  mechanisms: readonly Mechanism[]
  unenforced: Unenforced
  /** The maximum length of each value in bytes, by name; no metadata is allowed when absent. */
  metadata?: ReadonlyMap<string, number>
  /** The headers stored with every object, by lower-case name. */
  headers: Readonly<Record<string, string>>
  /** True if the rule sets any of them in addition to the ACL. */
  fixesHeaders: boolean
  needsMd5: boolean
  /** Allows multipart uploads by URL, none when absent; a rule that limits sizes has a fixed part size. */
  multipart?: { partBytes?: number }
  /** True if the first bytes of an upload must match its declared type. */
  sniff: boolean
  /** True if a ticket proves only one upload. */
  once: boolean
  bindSourceIp: boolean
  onUploaded?: OnUploaded
  respond?: Respond
}

/** The part of a rule that allows downloads. */
export type DownloadRule = {
  ttlSeconds: number
  mechanisms: readonly Mechanism[]
  unenforced: Unenforced
  as?: 'inline' | 'attachment'
  styles: readonly string[]
  list: boolean
}
