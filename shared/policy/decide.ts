import type { Caller } from '../auth/caller'
import { Refusal } from '../errors'
import type {
  CallerRequest,
  DeleteRequest,
  DownloadRequest,
  ListRequest,
  MultipartRequest,
  StsRequest,
  UploadRequest,
} from '../rules/requests'
import type { Rule } from '../rules/rule'
import { checkAllowed } from './allow'
import type {
  DeleteGrant,
  DownloadGrant,
  Grant,
  ListGrant,
  PrefixGrant,
  UploadGrant,
} from './grant'
import { checkOwnKey, toFilename } from './key'
import { normalizeRequest } from './normalize'
import type { DecideContext, PermitInput } from './permit'
import { permitDelete } from './permit-delete'
import { permitDownload } from './permit-download'
import { permitList } from './permit-list'
import { permitPrefix } from './permit-prefix'
import { permitUpload } from './permit-upload'

/** What a request for STS credentials comes to under the rules; throws nothing but a refusal. */
export async function decidePrefix(...given: Given<StsRequest>): Promise<PrefixGrant> {
  return permitPrefix(await admit(...given))
}

/** What a request to write one object comes to under the rules; throws nothing but a refusal. */
export async function decideUpload(...given: Given<UploadRequest>): Promise<UploadGrant> {
  return permitUpload(await admit(...given))
}

/** What a request to read one object comes to under the rules; throws nothing but a refusal. */
export async function decideDownload(...given: Given<DownloadRequest>): Promise<DownloadGrant> {
  return permitDownload(await admit(...given))
}

/** What a request to list a folder comes to under the rules; throws nothing but a refusal. */
export async function decideList(...given: Given<ListRequest>): Promise<ListGrant> {
  return permitList(await admit(...given))
}

/** What a request to delete one object comes to under the rules; throws nothing but a refusal. */
export async function decideDelete(...given: Given<DeleteRequest>): Promise<DeleteGrant> {
  return permitDelete(await admit(...given))
}

type Given<Request> = [caller: Caller, request: Request, context: DecideContext]

/** What any of these requests comes to. A function calls its own, so that its bundle has no other. */
export function decide(...given: Given<StsRequest>): Promise<PrefixGrant>
export function decide(...given: Given<UploadRequest>): Promise<UploadGrant>
export function decide(...given: Given<DownloadRequest>): Promise<DownloadGrant>
export function decide(...given: Given<ListRequest>): Promise<ListGrant>
export function decide(...given: Given<DeleteRequest>): Promise<DeleteGrant>
export function decide(...given: Given<CallerRequest>): Promise<Grant>
export function decide(
  caller: Caller,
  request: CallerRequest,
  context: DecideContext,
): Promise<Grant> {
  if (request.operation === 'sts') return decidePrefix(caller, request, context)
  if (request.operation === 'list') return decideList(caller, request, context)
  if (request.operation === 'delete') return decideDelete(caller, request, context)
  if (isUpload(request)) return decideUpload(caller, request, context)
  return decideDownload(caller, request, context)
}

async function admit<Request extends CallerRequest>(
  ...[caller, given, context]: Given<Request>
): Promise<PermitInput<Request>> {
  const rule = findRule(given.rule, context)
  const request = normalizeRequest(given)
  await checkAllowed(caller, request, rule)
  return { caller, request, rule, context }
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
