import type { Caller } from '../auth/caller'
import { Refusal } from '../errors'
import { isContentTypeAllowed } from '../rules/content-type'
import {
  type DownloadRule,
  MAX_MULTIPART_BYTES,
  MAX_OBJECT_BYTES,
  type Rule,
  type UploadRule,
} from '../rules/rule'
import type { Rules } from '../rules/rules'
import { toMalformed } from '../schema/issues'
import type { Access, DownloadGrant, Grant, Mechanism, PrefixGrant, UploadGrant } from './grant'
import { buildKey, checkOwnKey, toFilename } from './key'
import { toMetadataHeaders } from './metadata'
import { findNameProblem } from './name'
import { toPrefixGrant } from './prefix-grant'
import type { DownloadWish, MultipartWish, PutWish, StsWish, UploadWish, Wish } from './request'

/** What a decision depends on beside caller and wish. */
export type DecideContext = {
  rules: Rules
  /** For rules that name none. */
  bucket: string
  /** Unix seconds. */
  now: number
  uuid: () => string
  /** Where the caller is; rules that bind STS credentials to it refuse without. */
  sourceIp?: string
}

type Question<W> = { caller: Caller; wish: W; rule: Rule; context: DecideContext }

/** What a caller's wish comes to under the rules; throws nothing but a refusal. */
export function decide(caller: Caller, wish: StsWish, context: DecideContext): Promise<PrefixGrant>
export function decide(
  caller: Caller,
  wish: UploadWish,
  context: DecideContext,
): Promise<UploadGrant>
export function decide(
  caller: Caller,
  wish: DownloadWish,
  context: DecideContext,
): Promise<DownloadGrant>
export function decide(
  caller: Caller,
  wish: PutWish | DownloadWish,
  context: DecideContext,
): Promise<UploadGrant | DownloadGrant>
export function decide(caller: Caller, wish: Wish, context: DecideContext): Promise<Grant>
export async function decide(caller: Caller, wish: Wish, context: DecideContext): Promise<Grant> {
  const rule = findRule(wish.rule, context)
  await checkAllowed(caller, wish, rule)
  if (wish.operation === 'sts') return permitPrefix({ caller, wish, rule, context })
  if (isUpload(wish)) return permitUpload({ caller, wish, rule, context })
  return permitDownload({ caller, wish, rule, context })
}

/** An upload in parts that was granted once, as its ticket tells of it. */
export type Begun = Pick<MultipartWish, 'rule' | 'contentType' | 'contentLength'> & { key: string }

/** What the rules as they are now say to an upload in parts that a caller has begun; throws nothing but a refusal. */
export async function decideBegun(
  caller: Caller,
  { key, ...begun }: Begun,
  context: DecideContext,
): Promise<UploadGrant> {
  const rule = findRule(begun.rule, context)
  checkOwnKey(rule.template, caller.sub, key)
  const filename = toFilename(rule.template, key)
  const wish: MultipartWish = { operation: 'multipart', ...begun, filename }
  await checkAllowed(caller, wish, rule)
  return permitUpload({ caller, wish, rule, context }, key)
}

function findRule(name: string, { rules }: DecideContext): Rule {
  const rule = rules.get(name)
  if (rule === undefined) throw new Refusal('rule_unknown')
  return rule
}

function isUpload(wish: UploadWish | DownloadWish): wish is UploadWish {
  return wish.operation in MECHANISMS
}

async function checkAllowed(caller: Caller, wish: Wish, { allow }: Rule): Promise<void> {
  if (allow === undefined) return
  let answer: unknown
  try {
    answer = await allow(caller, wish)
  } catch (cause) {
    throw new Refusal('allow_failed', {}, { cause })
  }
  if (answer !== true) throw new Refusal('caller_not_allowed')
}

const SIDES = {
  read: ['download'],
  write: ['upload'],
  'read-write': ['upload', 'download'],
} as const satisfies Record<Access, readonly ('upload' | 'download')[]>

function permitPrefix({ caller, wish, rule, context }: Question<StsWish>): PrefixGrant {
  const parts = SIDES[wish.access].map((side) => {
    const part = rule[side]
    if (part === undefined) throw new Refusal('operation_not_allowed')
    checkMechanism(rule, part.mechanisms, 'sts')
    return part
  })
  if (rule.upload?.bindSourceIp && !context.sourceIp) throw new Refusal('caller_not_allowed')
  const maxSeconds = Math.min(...parts.map(({ ttlSeconds }) => ttlSeconds))
  const durationSeconds = wish.durationSeconds ?? maxSeconds
  if (durationSeconds > maxSeconds) {
    throw toMalformed('durationSeconds', `must be at most ${maxSeconds} for this rule`)
  }
  const { sub } = caller
  return toPrefixGrant(rule, { ...context, sub, access: wish.access, durationSeconds })
}

const MECHANISMS = {
  put: 'url',
  multipart: 'url',
  form: 'form',
} as const satisfies Record<UploadWish['operation'], Mechanism>

function permitUpload(question: Question<UploadWish>, begunKey?: string): UploadGrant {
  const { caller, wish, rule, context } = question
  const { upload } = rule
  if (upload === undefined) throw new Refusal('operation_not_allowed')
  const mechanism = MECHANISMS[wish.operation]
  checkMechanism(rule, upload.mechanisms, mechanism)
  const maxBytes = maxBytesOf(wish, upload)
  checkUpload(wish, { ...upload, maxBytes })
  const contentMd5 = wish.operation === 'put' ? wish.contentMd5 : undefined
  const partBytes = wish.operation === 'multipart' ? upload.multipart?.partBytes : undefined
  const { sub } = caller
  const { bucket, now, uuid } = context
  const { contentLength } = wish
  return {
    kind: 'upload',
    mechanism,
    rule: rule.name,
    sub,
    bucket: rule.bucket ?? bucket,
    key: begunKey ?? buildKey(rule.template, { sub, filename: wish.filename, uuid: uuid(), now }),
    contentType: wish.contentType,
    // What `allow` said yes to is one size: the rule's range would let others through.
    minBytes: contentLength ?? upload.minBytes,
    maxBytes: contentLength ?? maxBytes,
    ...(contentLength !== undefined && { contentLength }),
    ...(contentMd5 !== undefined && { contentMd5 }),
    overwrite: upload.overwrite,
    ...(partBytes !== undefined && { partBytes }),
    headers: { ...upload.headers, ...toMetadataHeaders(wish.metadata, upload) },
    expiresAt: now + upload.ttlSeconds,
  }
}

function permitDownload({ caller, wish, rule, context }: Question<DownloadWish>): DownloadGrant {
  const { download } = rule
  if (download === undefined) throw new Refusal('operation_not_allowed')
  checkMechanism(rule, download.mechanisms, 'url')
  const { sub } = caller
  checkOwnKey(rule.template, sub, wish.key)
  const as = download.as ?? wish.as
  if (wish.as !== undefined && wish.as !== as)
    throw toMalformed('as', `must be ${as} for this rule`)
  if (wish.downloadName !== undefined) checkDownloadName(wish.downloadName)
  if (wish.process !== undefined) checkProcess(wish.process, download)
  return {
    kind: 'download',
    method: wish.operation === 'get' ? 'GET' : 'HEAD',
    rule: rule.name,
    sub,
    bucket: rule.bucket ?? context.bucket,
    key: wish.key,
    ...(as !== undefined && { as }),
    ...(wish.downloadName !== undefined && { downloadName: wish.downloadName }),
    ...(wish.process !== undefined && { process: wish.process }),
    stable: wish.stable ?? false,
    expiresAt: context.now + download.ttlSeconds,
  }
}

function checkMechanism(
  { name }: Rule,
  mechanisms: readonly Mechanism[],
  mechanism: Mechanism,
): void {
  if (!mechanisms.includes(mechanism)) {
    throw new Refusal('mechanism_not_allowed', { rule: name, mechanisms })
  }
}

function maxBytesOf({ operation }: UploadWish, { isSized, maxBytes }: UploadRule): number {
  if (operation !== 'multipart') return Math.min(maxBytes, MAX_OBJECT_BYTES)
  return isSized ? maxBytes : MAX_MULTIPART_BYTES
}

function checkUpload(wish: UploadWish, upload: UploadRule): void {
  const { contentTypes, needsMd5, multipart } = upload
  if (wish.operation === 'multipart' && multipart === undefined) {
    throw new Refusal('operation_not_allowed')
  }
  if (!isContentTypeAllowed(wish.contentType, contentTypes)) {
    throw new Refusal('file_type_not_allowed', { contentTypes })
  }
  checkSize(wish, upload)
  if (needsMd5 && wish.operation === 'put' && wish.contentMd5 === undefined) {
    throw toMalformed('contentMd5', 'is missing; this rule asks for it')
  }
}

// A URL can sign one exact size and no range (OSS: V4 signature, additional headers).
function checkSize({ operation, contentLength }: UploadWish, upload: UploadRule): void {
  const { minBytes, maxBytes, isSized } = upload
  if (contentLength === undefined) {
    if (operation === 'form' || !isSized) return
    throw toMalformed('contentLength', 'is missing; this rule limits sizes')
  }
  if (contentLength > maxBytes) throw new Refusal('file_too_large', { maxBytes })
  if (contentLength < minBytes) throw new Refusal('file_too_small', { minBytes })
}

function checkDownloadName(name: string): void {
  const problem = name.includes('/') ? 'it holds a slash' : findNameProblem(name)
  if (problem !== undefined) throw toMalformed('downloadName', `can't be a file name: ${problem}`)
}

function checkProcess(process: string, { styles }: DownloadRule): void {
  const allowed = styles.map((style) => `style/${style}`)
  if (allowed.includes(process)) return
  const way = allowed.length > 0 ? `must be ${allowed.join(' or ')}` : 'is not for this rule'
  throw toMalformed('process', way)
}
