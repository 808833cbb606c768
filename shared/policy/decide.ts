import type { Caller } from '../auth/caller'
import { Refusal } from '../errors'
import type {
  CallerRequest,
  DeleteRequest,
  DownloadRequest,
  ListRequest,
  MultipartRequest,
  PrefixFormRequest,
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
  PrefixFormGrant,
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
import { permitPrefixForm } from './permit-prefix-form'
import { permitUpload } from './permit-upload'

/** Decides a request for STS credentials; throws only refusals. */
export async function decidePrefix(...input: DecideInput<StsRequest>): Promise<PrefixGrant> {
  return permitPrefix(await admit(...input))
}

/** Decides a request to write one object; throws only refusals. */
export async function decideUpload(...input: DecideInput<UploadRequest>): Promise<UploadGrant> {
  return permitUpload(await admit(...input))
}

/** Decides a request for a form whose client names the objects; throws only refusals. */
export async function decidePrefixForm(
  ...input: DecideInput<PrefixFormRequest>
): Promise<PrefixFormGrant> {
  return permitPrefixForm(await admit(...input))
}

/** Decides a request to read one object; throws only refusals. */
export async function decideDownload(
  ...input: DecideInput<DownloadRequest>
): Promise<DownloadGrant> {
  return permitDownload(await admit(...input))
}

/** Decides a request to list a folder; throws only refusals. */
export async function decideList(...input: DecideInput<ListRequest>): Promise<ListGrant> {
  return permitList(await admit(...input))
}

/** Decides a request to delete one object; throws only refusals. */
export async function decideDelete(...input: DecideInput<DeleteRequest>): Promise<DeleteGrant> {
  return permitDelete(await admit(...input))
}

type DecideInput<Request> = [caller: Caller, request: Request, context: DecideContext]

/** Decides any request; throws only refusals. A function calls the specific one instead, which keeps its bundle small. */
export function decide(...input: DecideInput<StsRequest>): Promise<PrefixGrant>
export function decide(...input: DecideInput<UploadRequest>): Promise<UploadGrant>
export function decide(...input: DecideInput<PrefixFormRequest>): Promise<PrefixFormGrant>
export function decide(...input: DecideInput<DownloadRequest>): Promise<DownloadGrant>
export function decide(...input: DecideInput<ListRequest>): Promise<ListGrant>
export function decide(...input: DecideInput<DeleteRequest>): Promise<DeleteGrant>
export function decide(...input: DecideInput<CallerRequest>): Promise<Grant>
export function decide(
  caller: Caller,
  request: CallerRequest,
  context: DecideContext,
): Promise<Grant> {
  if (request.operation === 'sts') return decidePrefix(caller, request, context)
  if (request.operation === 'prefix-form') return decidePrefixForm(caller, request, context)
  if (request.operation === 'list') return decideList(caller, request, context)
  if (request.operation === 'delete') return decideDelete(caller, request, context)
  if (isUpload(request)) return decideUpload(caller, request, context)
  return decideDownload(caller, request, context)
}

async function admit<Request extends CallerRequest>(
  ...[caller, callerRequest, context]: DecideInput<Request>
): Promise<PermitInput<Request>> {
  const rule = findRule(callerRequest.rule, context)
  const request = normalizeRequest(callerRequest)
  await checkAllowed(caller, request, rule)
  return { caller, request, rule, context }
}

/** A multipart upload that was granted before, as its ticket describes it; `filename` only if its key does not contain it. */
export type BegunUpload = Pick<MultipartRequest, 'rule' | 'contentType' | 'contentLength'> & {
  key: string
  filename?: string
}

/** Decides a multipart upload that was started before again, under the current rules; throws only refusals. */
export async function decideBegunUpload(
  caller: Caller,
  { key, ...begun }: BegunUpload,
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
