import type { Caller } from '../auth/caller'
import { Refusal } from '../errors'
import type {
  CallerRequest,
  DownloadRequest,
  MultipartRequest,
  PutRequest,
  StsRequest,
  UploadRequest,
} from '../rules/requests'
import type { Rule } from '../rules/rule'
import { checkAllowed } from './allow'
import type { DownloadGrant, Grant, PrefixGrant, UploadGrant } from './grant'
import { checkOwnKey, toFilename } from './key'
import { normalizeRequest } from './normalize'
import type { DecideContext } from './permit'
import { permitDownload } from './permit-download'
import { permitPrefix } from './permit-prefix'
import { permitUpload } from './permit-upload'

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
  given: CallerRequest,
  context: DecideContext,
): Promise<Grant> {
  const rule = findRule(given.rule, context)
  const request = normalizeRequest(given)
  await checkAllowed(caller, request, rule)
  if (request.operation === 'sts') return permitPrefix({ caller, request, rule, context })
  if (isUpload(request)) return permitUpload({ caller, request, rule, context })
  return permitDownload({ caller, request, rule, context })
}

/** An upload in parts that was granted once, as its ticket tells of it; `filename` where its key does not. */
export type Begun = Pick<MultipartRequest, 'rule' | 'contentType' | 'contentLength'> & {
  key: string
  filename?: string
}

/** What the rules as they are now say to an upload in parts that a caller has begun; throws nothing but a refusal. */
export async function decideBegun(
  caller: Caller,
  { key, ...begun }: Begun,
  context: DecideContext,
): Promise<UploadGrant> {
  const rule = findRule(begun.rule, context)
  checkOwnKey(rule.template, caller.sub, key)
  const filename = begun.filename ?? toFilename(rule.template, key)
  const request = normalizeRequest({ operation: 'multipart' as const, ...begun, filename })
  await checkAllowed(caller, request, rule)
  return permitUpload({ caller, request, rule, context }, key)
}

function findRule(name: string, { rules }: DecideContext): Rule {
  const rule = rules.get(name)
  if (rule === undefined) throw new Refusal('rule_unknown')
  return rule
}

function isUpload(request: UploadRequest | DownloadRequest): request is UploadRequest {
  return request.operation !== 'get' && request.operation !== 'head'
}
