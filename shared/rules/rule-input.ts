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
import { type Allow, MAX_TTL_SECONDS, MIN_TTL_SECONDS, type OnUploaded, type Respond } from './rule'
import { MAX_TEMPLATE_CHARS } from './template'

const optional = v.exactOptional

// valibot's own takes no `as const` of an adopter.
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
  'must be like image/png or image/*',
)
const keyId = v.regex<string, string>(
  /^[A-Za-z0-9-]{1,64}$/,
  'must be the id of a key, not an alias or ARN',
)
const styleName = v.regex<string, string>(/^[\w.-]{1,64}$/, 'must be the name of an image style')

const upload = strictObject({
  /** `image/png`, or `image/*` for all images; any type when absent. */
  contentTypes: optional(list(v.pipe(v.string(), contentType), 1)),
  minBytes: optional(integer(0)),
  maxBytes: optional(integer(0)),
  /** 900 when absent. */
  ttlSeconds,
  /** Whether an object that exists may be replaced. */
  overwrite: optional(v.boolean()),
  /** Form and URL when absent. */
  mechanisms: optional(list(v.picklist(['sts', 'url', 'form']), 1)),
  /** Limits that a mechanism can't enforce, and that the rule does without there. */
  unenforced: unenforced('upload'),
  /** Names of user metadata, each with the longest value in bytes. */
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
  /** `required`: every upload promises its MD5. */
  contentMd5: optional(v.literal('required')),
  /**
   * Uploads in parts by URL: `false` for never, or the size of a part. When absent, they are for rules that let files of
   * more than 100 MiB in.
   */
  multipart: optional(
    v.union([
      v.literal(false),
      strictObject({ partBytes: integer(MIN_PART_BYTES, MAX_OBJECT_BYTES) }),
    ]),
  ),
  /** The first bytes of an upload must be of its declared type. */
  sniff: optional(v.boolean()),
  /** A ticket proves one upload: the first whose callback arrives. */
  once: optional(v.boolean()),
  /** STS credentials work from the caller's address alone. */
  bindSourceIp: optional(v.boolean()),
  /** Told of every proven upload, at least once. */
  onUploaded: callable<OnUploaded>(),
  /** Adds to what the uploader is answered. */
  respond: callable<Respond>(),
})

const download = strictObject({
  /** 900 when absent. */
  ttlSeconds,
  /** URL when absent, and STS when the upload uses it. */
  mechanisms: optional(list(v.picklist(['sts', 'url']), 1)),
  /** Limits that a mechanism can't enforce, and that the rule does without there. */
  unenforced: unenforced('download'),
  /** How a browser takes every object; the caller chooses when absent. */
  as: optional(v.picklist(['inline', 'attachment'])),
  /** Names of image styles that a caller may ask for. */
  styles: optional(list(v.pipe(v.string(), styleName))),
  /** Whether STS credentials may list the caller's prefix. */
  list: optional(v.boolean()),
})

/** What an entry of `rules.ts` may say; the types below are made of it. */
export const ruleSchema = strictObject({
  /** Instead of the bucket in the settings. */
  bucket: optional(bucketName),
  allow: callable<Allow>('must be a function that says true'),
  /** `folder/{sub}/{path}`, of `{sub} {uuid} {ext} {path} {yyyy} {mm} {dd}`. */
  key: v.pipe(v.string(), v.maxLength(MAX_TEMPLATE_CHARS)),
  /** Callers of this rule see each other's objects. */
  shared: optional(v.boolean()),
  /** No grant outlives the token that asked for it. */
  withinToken: optional(v.boolean()),
  upload: optional(upload),
  download: optional(download),
  /** Signed URLs that list the caller's own folder; they live 900 s when it does not say. */
  list: optional(strictObject({ ttlSeconds })),
  /** Signed URLs that delete one own object; they live 900 s when it does not say. */
  remove: optional(strictObject({ ttlSeconds })),
})

/** A rule as it stands in `rules.ts`. */
export type RuleInput = v.InferInput<typeof ruleSchema>
export type UploadInput = v.InferInput<typeof upload>
export type DownloadInput = v.InferInput<typeof download>
