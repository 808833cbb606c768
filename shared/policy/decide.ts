import type { Caller } from '../auth/caller'
import { Refusal } from '../errors'
import { isContentTypeAllowed } from '../rules/content-type'
import type {
  Access,
  CallerRequest,
  DownloadRequest,
  MultipartRequest,
  PutRequest,
  StsRequest,
  UploadRequest,
} from '../rules/requests'
import type { DownloadRule, Rule, UploadRule } from '../rules/rule'
import type { Mechanism } from '../rules/rule-input'
import type { Rules } from '../rules/rules'
import { toMalformed } from '../schema/issues'
import { MAX_MULTIPART_BYTES, MAX_OBJECT_BYTES } from '../signing/limits'
import type { DownloadGrant, Grant, PrefixGrant, UploadGrant } from './grant'
import { buildKey, checkOwnKey, toFilename } from './key'
import { toMetadataHeaders } from './metadata'
import { findNameProblem } from './name'
import { toPrefixGrant } from './prefix-grant'

/** What a decision depends on beside caller and request. */
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

type DecideInput<W> = { caller: Caller; request: W; rule: Rule; context: DecideContext }

/** What a caller's request comes to under the rules; throws nothing but a refusal. */
export function decide(
  caller: Caller,
  request: StsRequest,
  context: DecideContext,
): Promise<PrefixGrant>
export function decide(
  caller: Caller,
  request: UploadRequest,
  context: DecideContext,
): Promise<UploadGrant>
export function decide(
  caller: Caller,
  request: DownloadRequest,
  context: DecideContext,
): Promise<DownloadGrant>
export function decide(
  caller: Caller,
  request: PutRequest | DownloadRequest,
  context: DecideContext,
): Promise<UploadGrant | DownloadGrant>
export function decide(
  caller: Caller,
  request: CallerRequest,
  context: DecideContext,
): Promise<Grant>
export async function decide(
  caller: Caller,
  request: CallerRequest,
  context: DecideContext,
): Promise<Grant> {
  const rule = findRule(request.rule, context)
  await checkAllowed(caller, request, rule)
  if (request.operation === 'sts') return permitPrefix({ caller, request, rule, context })
  if (isUpload(request)) return permitUpload({ caller, request, rule, context })
  return permitDownload({ caller, request, rule, context })
}

/** An upload in parts that was granted once, as its ticket tells of it. */
export type Begun = Pick<MultipartRequest, 'rule' | 'contentType' | 'contentLength'> & {
  key: string
}

/** What the rules as they are now say to an upload in parts that a caller has begun; throws nothing but a refusal. */
export async function decideBegun(
  caller: Caller,
  { key, ...begun }: Begun,
  context: DecideContext,
): Promise<UploadGrant> {
  const rule = findRule(begun.rule, context)
  checkOwnKey(rule.template, caller.sub, key)
  const filename = toFilename(rule.template, key)
  const request: MultipartRequest = { operation: 'multipart', ...begun, filename }
  await checkAllowed(caller, request, rule)
  return permitUpload({ caller, request, rule, context }, key)
}

function findRule(name: string, { rules }: DecideContext): Rule {
  const rule = rules.get(name)
  if (rule === undefined) throw new Refusal('rule_unknown')
  return rule
}

function isUpload(request: UploadRequest | DownloadRequest): request is UploadRequest {
  return request.operation in MECHANISMS
}

async function checkAllowed(
  caller: Caller,
  request: CallerRequest,
  { allow }: Rule,
): Promise<void> {
  if (allow === undefined) return
  let answer: unknown
  try {
    answer = await allow(caller, request)
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

function permitPrefix({ caller, request, rule, context }: DecideInput<StsRequest>): PrefixGrant {
  const parts = SIDES[request.access].map((side) => {
    const part = rule[side]
    if (part === undefined) throw new Refusal('operation_not_allowed')
    checkMechanism(rule, part.mechanisms, 'sts')
    return part
  })
  if (rule.upload?.bindSourceIp && !context.sourceIp) throw new Refusal('caller_not_allowed')
  const maxSeconds = Math.min(...parts.map(({ ttlSeconds }) => ttlSeconds))
  const durationSeconds = request.durationSeconds ?? maxSeconds
  if (durationSeconds > maxSeconds) {
    throw toMalformed('durationSeconds', `must be at most ${maxSeconds} for this rule`)
  }
  const { sub } = caller
  return toPrefixGrant(rule, { ...context, sub, access: request.access, durationSeconds })
}

const MECHANISMS = {
  put: 'url',
  multipart: 'url',
  form: 'form',
} as const satisfies Record<UploadRequest['operation'], Mechanism>

function permitUpload(question: DecideInput<UploadRequest>, begunKey?: string): UploadGrant {
  const { caller, request, rule, context } = question
  const { upload } = rule
  if (upload === undefined) throw new Refusal('operation_not_allowed')
  const mechanism = MECHANISMS[request.operation]
  checkMechanism(rule, upload.mechanisms, mechanism)
  const maxBytes = maxBytesOf(request, upload)
  checkUpload(request, { ...upload, maxBytes })
  const contentMd5 = request.operation === 'put' ? request.contentMd5 : undefined
  const partBytes = request.operation === 'multipart' ? upload.multipart?.partBytes : undefined
  const { sub } = caller
  const { bucket, now, uuid } = context
  const { contentLength } = request
  return {
    kind: 'upload',
    mechanism,
    rule: rule.name,
    sub,
    bucket: rule.bucket ?? bucket,
    key:
      begunKey ?? buildKey(rule.template, { sub, filename: request.filename, uuid: uuid(), now }),
    contentType: request.contentType,
    // What `allow` said yes to is one size: the rule's range would let others through.
    minBytes: contentLength ?? upload.minBytes,
    maxBytes: contentLength ?? maxBytes,
    ...(contentLength !== undefined && { contentLength }),
    ...(contentMd5 !== undefined && { contentMd5 }),
    overwrite: upload.overwrite,
    ...(partBytes !== undefined && { partBytes }),
    headers: { ...upload.headers, ...toMetadataHeaders(request.metadata, upload) },
    expiresAt: now + upload.ttlSeconds,
  }
}

function permitDownload({
  caller,
  request,
  rule,
  context,
}: DecideInput<DownloadRequest>): DownloadGrant {
  const { download } = rule
  if (download === undefined) throw new Refusal('operation_not_allowed')
  checkMechanism(rule, download.mechanisms, 'url')
  const { sub } = caller
  checkOwnKey(rule.template, sub, request.key)
  const as = download.as ?? request.as
  if (request.as !== undefined && request.as !== as)
    throw toMalformed('as', `must be ${as} for this rule`)
  if (request.downloadName !== undefined) checkDownloadName(request.downloadName)
  if (request.process !== undefined) checkProcess(request.process, download)
  return {
    kind: 'download',
    method: request.operation === 'get' ? 'GET' : 'HEAD',
    rule: rule.name,
    sub,
    bucket: rule.bucket ?? context.bucket,
    key: request.key,
    ...(as !== undefined && { as }),
    ...(request.downloadName !== undefined && { downloadName: request.downloadName }),
    ...(request.process !== undefined && { process: request.process }),
    stable: request.stable ?? false,
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

function maxBytesOf({ operation }: UploadRequest, { isSized, maxBytes }: UploadRule): number {
  if (operation !== 'multipart') return Math.min(maxBytes, MAX_OBJECT_BYTES)
  return isSized ? maxBytes : MAX_MULTIPART_BYTES
}

function checkUpload(request: UploadRequest, upload: UploadRule): void {
  const { contentTypes, needsMd5, multipart } = upload
  if (request.operation === 'multipart' && multipart === undefined) {
    throw new Refusal('operation_not_allowed')
  }
  if (!isContentTypeAllowed(request.contentType, contentTypes)) {
    throw new Refusal('file_type_not_allowed', { contentTypes })
  }
  checkSize(request, upload)
  if (needsMd5 && request.operation === 'put' && request.contentMd5 === undefined) {
    throw toMalformed('contentMd5', 'is missing; this rule asks for it')
  }
}

// A URL can sign one exact size and no range (OSS: V4 signature, additional headers).
function checkSize({ operation, contentLength }: UploadRequest, upload: UploadRule): void {
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
