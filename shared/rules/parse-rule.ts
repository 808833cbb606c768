import * as v from 'valibot'
import type { Issue } from '../errors'
import { describeIssue, toIssues } from '../schema/issues'
import {
  bucketName,
  dictionary,
  integer,
  metadataName,
  printable,
  strictObject,
} from '../schema/schema'
import { MAX_OBJECT_BYTES, MIN_PART_BYTES } from '../signing/limits'
import { toPartBytes } from '../signing/part-bytes'
import { isContentTypePattern } from './content-type'
import { LIMITS, type Side } from './enforcement'
import { MAX_TTL_SECONDS, MIN_TTL_SECONDS, type Rule, type UploadRule } from './rule'
import type { Allow, OnUploaded, Respond, RuleInput } from './rule-input'
import { findRuleIssues } from './rule-issues'
import { findTemplateIssues, MAX_TEMPLATE_CHARS, toTemplate } from './template'

const DEFAULT_TTL_SECONDS = 900

const optional = v.exactOptional
const unenforced = (side: Side) => {
  const limits = optional(v.array(v.picklist(LIMITS[side])))
  return optional(strictObject({ sts: limits, url: limits, form: limits }))
}
const ttlSeconds = optional(integer(MIN_TTL_SECONDS, MAX_TTL_SECONDS))
const headerValue = v.pipe(v.string(), v.maxLength(255), printable)

const upload = strictObject({
  contentTypes: optional(
    v.pipe(
      v.array(
        v.pipe(v.string(), v.check(isContentTypePattern, 'must be like image/png or image/*')),
      ),
      v.minLength(1),
    ),
  ),
  minBytes: optional(integer(0)),
  maxBytes: optional(integer(0)),
  ttlSeconds,
  overwrite: optional(v.boolean()),
  mechanisms: optional(v.pipe(v.array(v.picklist(['sts', 'url', 'form'])), v.minLength(1))),
  unenforced: unenforced('upload'),
  metadata: optional(dictionary(metadataName, integer(1, 2048))),
  cacheControl: optional(headerValue),
  contentDisposition: optional(headerValue),
  storageClass: optional(
    v.picklist(['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive']),
  ),
  serverSideEncryption: optional(v.picklist(['AES256', 'SM4', 'KMS'])),
  kmsKeyId: optional(
    v.pipe(
      v.string(),
      v.regex(/^[A-Za-z0-9-]{1,64}$/, 'must be the id of a key, not an alias or ARN'),
    ),
  ),
  acl: optional(v.picklist(['default', 'private', 'public-read', 'public-read-write'])),
  contentMd5: optional(v.literal('required')),
  multipart: optional(
    v.union([
      v.literal(false),
      strictObject({ partBytes: integer(MIN_PART_BYTES, MAX_OBJECT_BYTES) }),
    ]),
  ),
  bindSourceIp: optional(v.boolean()),
  onUploaded: optional(v.custom<OnUploaded>(isFunction, 'must be a function')),
  respond: optional(v.custom<Respond>(isFunction, 'must be a function')),
})

const download = strictObject({
  ttlSeconds,
  mechanisms: optional(v.pipe(v.array(v.picklist(['sts', 'url'])), v.minLength(1))),
  unenforced: unenforced('download'),
  as: optional(v.picklist(['inline', 'attachment'])),
  styles: optional(
    v.array(v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, 'must be the name of an image style'))),
  ),
  list: optional(v.boolean()),
})

const RULE = strictObject({
  bucket: optional(bucketName),
  allow: optional(v.custom<Allow>(isFunction, 'must be a function that says true')),
  key: v.pipe(v.string(), v.maxLength(MAX_TEMPLATE_CHARS)),
  shared: optional(v.boolean()),
  upload: optional(upload),
  download: optional(download),
})

type Parsed = v.InferOutput<typeof RULE>
type UploadInput = NonNullable<Parsed['upload']>

/** The rule in an entry of `rules.ts`, or every issue that keeps it from being one. */
export function parseRule(name: string, input: RuleInput): { rule?: Rule; issues: Issue[] } {
  try {
    return parse(name, input)
  } catch (error) {
    // A getter of the entry threw: the other rules are still told of.
    return {
      issues: [{ path: name, message: `can't be read (${String(error)}; use plain values)` }],
    }
  }
}

function parse(name: string, input: RuleInput): { rule?: Rule; issues: Issue[] } {
  const parsed = v.safeParse(RULE, input, { message: describeIssue })
  const issues = [
    ...toIssues(parsed.issues),
    ...findKeyIssues(input).map((message) => ({ path: 'key', message })),
  ]
  if (!parsed.success || issues.length > 0) return { issues: issues.map(toNamed(name)) }
  const rule = toRule(name, parsed.output)
  return { rule, issues: findRuleIssues(rule, parsed.output).map(toNamed(name)) }
}

// Looks at the key of entries that are malformed elsewhere, too: all issues come at once.
function findKeyIssues(input: RuleInput | null): string[] {
  if (typeof input?.key !== 'string' || input.key.length > MAX_TEMPLATE_CHARS) return []
  const issues = findTemplateIssues(input.key)
  if (issues.length > 0 || input.shared || toTemplate(input.key).isolates) return issues
  return [
    'does not tell callers apart (put {sub}/ before {uuid}, {ext} and {path}, or say shared: true)',
  ]
}

function toNamed(name: string): (issue: Issue) => Issue {
  return ({ path, message }) => ({ path: [name, path].filter(Boolean).join('.'), message })
}

function toRule(name: string, input: Parsed): Rule {
  const { bucket, allow } = input
  return {
    name,
    ...(bucket !== undefined && { bucket }),
    ...(allow !== undefined && { allow }),
    template: toTemplate(input.key),
    ...(input.upload && { upload: toUpload(input.upload) }),
    ...toDownload(input),
  }
}

function toUpload(input: UploadInput): UploadRule {
  const { cacheControl, contentDisposition, storageClass, serverSideEncryption } = input
  const chosen = [cacheControl, contentDisposition, storageClass, serverSideEncryption]
  return {
    contentTypes: input.contentTypes ?? ['*/*'],
    minBytes: input.minBytes ?? 0,
    maxBytes: maxBytesOf(input),
    isSized: isSized(input),
    ttlSeconds: input.ttlSeconds ?? DEFAULT_TTL_SECONDS,
    overwrite: input.overwrite ?? false,
    mechanisms: input.mechanisms ?? ['form', 'url'],
    unenforced: input.unenforced ?? {},
    ...(input.metadata && { metadata: new Map(Object.entries(input.metadata)) }),
    headers: {
      'x-oss-object-acl': input.acl ?? 'private',
      'x-oss-storage-class': storageClass ?? 'Standard',
      ...(serverSideEncryption && { 'x-oss-server-side-encryption': serverSideEncryption }),
      ...(input.kmsKeyId && { 'x-oss-server-side-encryption-key-id': input.kmsKeyId }),
      ...(cacheControl && { 'cache-control': cacheControl }),
      ...(contentDisposition && { 'content-disposition': contentDisposition }),
    },
    fixesHeaders: chosen.some((header) => header !== undefined),
    needsMd5: input.contentMd5 === 'required',
    ...toMultipart(input),
    bindSourceIp: input.bindSourceIp ?? false,
    ...(input.onUploaded && { onUploaded: input.onUploaded }),
    ...(input.respond && { respond: input.respond }),
  }
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function toMultipart(input: UploadInput): Pick<UploadRule, 'multipart'> {
  const { mechanisms, contentMd5, multipart } = input
  const isUsable = mechanisms?.includes('url') ?? true
  if (!isUsable || contentMd5 !== undefined || multipart === false) return {}
  return { multipart: multipart ?? toParts(input) }
}

// Parts of two plans can end up in one object, so only plans of equal parts keep it below the limit.
function toParts(input: UploadInput): { partBytes?: number } {
  return isSized(input) ? { partBytes: toPartBytes(maxBytesOf(input)) } : {}
}

function isSized({ minBytes = 0, maxBytes }: UploadInput): boolean {
  return maxBytes !== undefined || minBytes > 0
}

function maxBytesOf({ maxBytes = MAX_OBJECT_BYTES }: UploadInput): number {
  return maxBytes
}

function toDownload({ upload, download }: Parsed): Pick<Rule, 'download'> {
  if (download === undefined) return {}
  const lendsSts = upload?.mechanisms?.includes('sts') ?? false
  return {
    download: {
      ttlSeconds: download.ttlSeconds ?? DEFAULT_TTL_SECONDS,
      mechanisms: download.mechanisms ?? (lendsSts ? ['url', 'sts'] : ['url']),
      unenforced: download.unenforced ?? {},
      ...(download.as && { as: download.as }),
      styles: download.styles ?? [],
      list: download.list ?? false,
    },
  }
}
