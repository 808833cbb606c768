import type { Caller } from '../auth/caller'
import type { AllowRequest } from './requests'
import type { Template } from './template'
import type { Upload } from './upload'

/** How permission is passed on to the client. */
export type Mechanism = 'sts' | 'url' | 'form'

/** Decides in code; only `true` allows. */
export type Allow = (caller: Caller, request: AllowRequest) => boolean | Promise<boolean>

/** Runs in place after a proven upload, before its uploader is answered; told again when it fails, so by `id` once. */
export type OnUploaded = (upload: Upload, id: string) => unknown

/** What the uploader's answer says beside our own words; may be asked more than once for an upload. */
export type Respond = (
  upload: Upload,
) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>

/** Limits that a mechanism can't enforce, and that the rule does without there. */
type Unenforced = Readonly<Partial<Record<Mechanism, readonly string[]>>>

/** STS: AssumeRole, DurationSeconds. */
export const MIN_SESSION_SECONDS = 900
/**
 * A signed URL or form dies with the credentials that signed it. Those of a function's role are
 * renewed well before their end; an hour is what they can be relied on to live.
 */
export const MAX_TTL_SECONDS = 3600
/** A URL or form with less life than this would be dead on arrival for a slow client. */
export const MIN_TTL_SECONDS = 30

/** A rule that has no issue, with everything it left out filled in. */
export type Rule = {
  name: string
  bucket?: string
  allow?: Allow
  template: Template
  /** Whether no grant may outlive the token that asked for it. */
  withinToken?: boolean
  upload?: UploadRule
  download?: DownloadRule
  /** Whether and how long signed URLs list the caller's own folder. */
  list?: { ttlSeconds: number }
  /** Whether and how long signed URLs delete an own object. */
  remove?: { ttlSeconds: number }
}

export type UploadRule = {
  contentTypes: readonly string[]
  minBytes: number
  maxBytes: number
  /** Whether the rule says anything about sizes. */
  isSized: boolean
  ttlSeconds: number
  overwrite: boolean
  mechanisms: readonly Mechanism[]
  unenforced: Unenforced
  /** The longest value in bytes of each name; none may be named when absent. */
  metadata?: ReadonlyMap<string, number>
  /** Stored with every object, by lower-case header name. */
  headers: Readonly<Record<string, string>>
  /** Whether the rule chose any of them beside the ACL. */
  fixesHeaders: boolean
  needsMd5: boolean
  /** How files may be put in parts by URL, not at all when absent; a rule that limits sizes has one size of part. */
  multipart?: { partBytes?: number }
  /** Whether the first bytes of an upload must be of its declared type. */
  sniff: boolean
  /** Whether a ticket proves one upload alone. */
  once: boolean
  bindSourceIp: boolean
  onUploaded?: OnUploaded
  respond?: Respond
}

export type DownloadRule = {
  ttlSeconds: number
  mechanisms: readonly Mechanism[]
  unenforced: Unenforced
  as?: 'inline' | 'attachment'
  styles: readonly string[]
  list: boolean
}
