import type { Caller } from '../auth/caller'
import type { AllowRequest } from './requests'
import type { Upload } from './upload'

/** What a rule can limit. */
export type Limit =
  | 'key'
  | 'size'
  | 'contentType'
  | 'contentMd5'
  | 'overwrite'
  | 'acl'
  | 'kmsKey'
  | 'headers'
  | 'metadata'
  | 'callback'
  | 'as'
  | 'process'

/** Decides in code; only `true` allows. */
export type Allow = (caller: Caller, request: AllowRequest) => boolean | Promise<boolean>

/** Runs in place after a proven upload, before its uploader is answered; told again when it fails, so by `id` once. */
export type OnUploaded = (upload: Upload, id: string) => unknown

/** What the uploader's answer says beside our own words; may be asked more than once for an upload. */
export type Respond = (
  upload: Upload,
) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>

export type Acl = 'default' | 'private' | 'public-read' | 'public-read-write'
export type StorageClass = 'Standard' | 'IA' | 'Archive' | 'ColdArchive' | 'DeepColdArchive'
export type Encryption = 'AES256' | 'SM4' | 'KMS'

/** Limits that a mechanism can't enforce, and that the rule does without there. */
export type Unenforced = Readonly<Partial<Record<Mechanism, readonly Limit[]>>>

/** A rule as it stands in `rules.ts`. */
export type RuleInput = {
  /** Instead of the bucket in the settings. */
  bucket?: string
  allow?: Allow
  /** `folder/{sub}/{path}`, of `{sub} {uuid} {ext} {path} {yyyy} {mm} {dd}`. */
  key: string
  /** Callers of this rule see each other's objects. */
  shared?: boolean
  upload?: UploadInput
  download?: DownloadInput
}

export type UploadInput = {
  /** `image/png`, or `image/*` for all images; any type when absent. */
  contentTypes?: readonly string[]
  minBytes?: number
  maxBytes?: number
  /** 900 when absent. */
  ttlSeconds?: number
  /** Whether an object that exists may be replaced. */
  overwrite?: boolean
  /** Form and URL when absent. */
  mechanisms?: readonly Mechanism[]
  unenforced?: Unenforced
  /** Names of user metadata, each with the longest value in bytes. */
  metadata?: Readonly<Record<string, number>>
  cacheControl?: string
  contentDisposition?: string
  /** `Standard` when absent. */
  storageClass?: StorageClass
  serverSideEncryption?: Encryption
  /** The id of the KMS key that `KMS` encrypts with. */
  kmsKeyId?: string
  /** `private` when absent. */
  acl?: Acl
  /** `required`: every upload promises its MD5. */
  contentMd5?: 'required'
  /** Uploads in parts by URL: `false` for never, or the size of a part when it isn't ours to choose. */
  multipart?: false | { partBytes: number }
  /** STS credentials work from the caller's address alone. */
  bindSourceIp?: boolean
  /** Told of every proven upload, at least once. */
  onUploaded?: OnUploaded
  /** Adds to what the uploader is answered. */
  respond?: Respond
}

export type DownloadInput = {
  /** 900 when absent. */
  ttlSeconds?: number
  /** URL when absent, and STS when the upload uses it. */
  mechanisms?: readonly ('sts' | 'url')[]
  unenforced?: Unenforced
  /** How a browser takes every object; the caller chooses when absent. */
  as?: 'inline' | 'attachment'
  /** Names of image styles that a caller may ask for. */
  styles?: readonly string[]
  /** Whether STS credentials may list the caller's prefix. */
  list?: boolean
}

/** How permission is passed on to the client. */
export type Mechanism = 'sts' | 'url' | 'form'
