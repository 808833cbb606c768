import * as v from 'valibot'
import {
  bucketName,
  dictionary,
  integer,
  metadataName,
  printable,
  strictObject,
} from '../schema/schema'
import { MAX_OBJECT_BYTES, MIN_PART_BYTES } from '../signing/limits'
import { isContentTypePattern } from './content-type'
import { LIMITS, type Side } from './enforcement'
import {
  type Allow,
  MAX_LINK_SECONDS,
  MAX_TTL_SECONDS,
  MIN_TTL_SECONDS,
  type OnUploaded,
  type Respond,
} from './rule'
import { MAX_TEMPLATE_CHARS } from './template'

const optional = v.exactOptional

// The type of valibot's array does not accept an adopter's `as const`.
function list<Item>(item: v.GenericSchema<Item>, minEntries = 0): v.GenericSchema<readonly Item[]> {
  return v.pipe(v.array(item), v.minLength(minEntries)) as never
}

function callable<Callable>(message = 'must be a function') {
  const isCallable = v.check((value) => typeof value === 'function', message)
  return optional(v.pipe(v.unknown(), isCallable) as never as v.GenericSchema<Callable>)
}

function unenforced<const Name extends Side>(side: Name) {
  const limits = optional(list(v.picklist(LIMITS[side])))
  return optional(strictObject({ sts: limits, url: limits, form: limits }))
}

const ttlSeconds = optional(integer(MIN_TTL_SECONDS, MAX_TTL_SECONDS))
const headerValue = optional(v.pipe(v.string(), v.maxLength(255), printable))
const contentType = v.check<string, string>(
  isContentTypePattern,
  'must be a media type or pattern such as image/png or image/*',
)
const keyId = v.regex<string, string>(
  /^[A-Za-z0-9-]{1,64}$/,
  'must be the id of a key, not an alias or ARN',
)
const styleName = v.regex<string, string>(/^[\w.-]{1,64}$/, 'must be the name of an image style')

const upload = strictObject({
  /** Media types such as `image/png`, or patterns such as `image/*`; any type when absent. */
  contentTypes: optional(list(v.pipe(v.string(), contentType), 1)),
  minBytes: optional(integer(0)),
  maxBytes: optional(integer(0)),
  /** 900 when absent. */
  ttlSeconds,
  /** True if an existing object may be replaced. */
  overwrite: optional(v.boolean()),
  /** Form and URL when absent. */
  mechanisms: optional(list(v.picklist(['sts', 'url', 'form']), 1)),
  /** Limits that a mechanism can't enforce and that the rule gives up for it. */
  unenforced: unenforced('upload'),
  /** The allowed names of user metadata, each with the maximum length of its value in bytes. */
  metadata: optional(dictionary(metadataName, integer(1, 2048))),
  cacheControl: headerValue,
  contentDisposition: headerValue,
  /** `Standard` when absent. */
  storageClass: optional(
    v.picklist(['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive']),
  ),
  serverSideEncryption: optional(v.picklist(['AES256', 'SM4', 'KMS'])),
  /** The id of the KMS key that `KMS` encrypts with. */
  kmsKeyId: optional(v.pipe(v.string(), keyId)),
  /** `private` when absent. */
  acl: optional(v.picklist(['default', 'private', 'public-read', 'public-read-write'])),
  /** `required`: every upload must declare its MD5. */
  contentMd5: optional(v.literal('required')),
  /**
   * Multipart uploads by URL: `false` for never, or the part size. When absent, rules that allow files of more than 100 MiB
   * allow them.
   */
  multipart: optional(
    v.union([
      v.literal(false),
      strictObject({ partBytes: integer(MIN_PART_BYTES, MAX_OBJECT_BYTES) }),
    ]),
  ),
  /** The first bytes of an upload must match its declared type. */
  sniff: optional(v.boolean()),
  /** A ticket proves one upload: the first whose callback arrives. */
  once: optional(v.boolean()),
  /** STS credentials are valid only for the caller's IP address. */
  bindSourceIp: optional(v.boolean()),
  /** Receives every proven upload, at least once. */
  onUploaded: callable<OnUploaded>(),
  /** Adds members to the response to the uploader. */
  respond: callable<Respond>(),
})

const download = strictObject({
  /** 900 when absent. */
  ttlSeconds,
  /** When absent: URL, and STS if the upload uses it. */
  mechanisms: optional(list(v.picklist(['sts', 'url']), 1)),
  /** Limits that a mechanism can't enforce and that the rule gives up for it. */
  unenforced: unenforced('download'),
  /** The disposition of every object; the caller chooses when absent. */
  as: optional(v.picklist(['inline', 'attachment'])),
  /** The names of image styles that a caller may request. */
  styles: optional(list(v.pipe(v.string(), styleName))),
  /** True if STS credentials may list the caller's prefix. */
  list: optional(v.boolean()),
})

/** The schema of an entry of `rules.ts`, from which the types below are inferred. */
export const ruleSchema = strictObject({
  /** Replaces the bucket in the settings. */
  bucket: optional(bucketName),
  allow: callable<Allow>('must be a function that returns true'),
  /** The key template, such as `folder/{sub}/{path}`, with `{sub} {uuid} {ext} {path} {yyyy} {mm} {dd}`. */
  key: v.pipe(v.string(), v.maxLength(MAX_TEMPLATE_CHARS)),
  /** Callers of this rule share their objects. */
  shared: optional(v.boolean()),
  /** No grant outlives the token of its request. */
  withinToken: optional(v.boolean()),
  /** How long a link to STS credentials works; 12 hours when absent. */
  linkSeconds: optional(integer(MIN_TTL_SECONDS, MAX_LINK_SECONDS)),
  upload: optional(upload),
  download: optional(download),
  /** Signed URLs that list the caller's folder; their lifetime is 900 s by default. */
  list: optional(strictObject({ ttlSeconds })),
  /** Signed URLs that delete one object of the caller; their lifetime is 900 s by default. */
  remove: optional(strictObject({ ttlSeconds })),
})

/** An entry of `rules.ts`. */
export type RuleInput = v.InferInput<typeof ruleSchema>
/** The `upload` member of an entry of `rules.ts`. */
export type UploadInput = v.InferInput<typeof upload>
/** The `download` member of an entry of `rules.ts`. */
export type DownloadInput = v.InferInput<typeof download>
