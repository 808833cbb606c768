import { Refusal } from '../errors'
import type { DownloadRequest } from '../rules/requests'
import { mayBeInline } from '../rules/rights'
import type { DownloadRule, Rule } from '../rules/rule'
import { toMalformed } from '../schema/issues'
import type { Disposition } from './disposition'
import type { DownloadGrant } from './grant'
import { checkOwnKey } from './key'
import { checkMechanism, type PermitInput, toExpiry } from './permit'

/** Returns the grant of one download; throws a refusal if the rule does not allow it. */
export function permitDownload(input: PermitInput<DownloadRequest>): DownloadGrant {
  const { caller, request, rule, context } = input
  const { download } = rule
  if (download === undefined) throw new Refusal('operation_not_allowed')
  checkMechanism(rule, download.mechanisms, 'url')
  const { sub } = caller
  checkOwnKey(rule.template, sub, request.key)
  if (request.as !== undefined && download.as !== undefined && request.as !== download.as)
    throw toMalformed('as', `must be ${download.as} for this rule`)
  if (request.process !== undefined) checkProcess(request.process, download)
  return {
    kind: 'download',
    method: request.operation === 'get' ? 'GET' : 'HEAD',
    rule: rule.name,
    sub,
    bucket: rule.bucket ?? context.bucket,
    key: request.key,
    as: toDisposition(request, rule),
    downloadName: request.downloadName ?? request.key.slice(request.key.lastIndexOf('/') + 1),
    ...(request.process !== undefined && { process: request.process }),
    stable: request.stable ?? false,
    expiresAt: toExpiry(input, download.ttlSeconds),
  }
}

// OSS does not let a GET override the content type (EC 0017-00000902), so an object that may be a script is sent as a file.
function toDisposition({ as, downloadName }: DownloadRequest, rule: Rule): Disposition {
  if (!mayBeInline(rule)) return 'attachment'
  const stored = rule.upload?.headers['content-disposition'] ?? ''
  const isFile = downloadName !== undefined || /^attachment/i.test(stored)
  return rule.download?.as ?? as ?? (isFile ? 'attachment' : 'inline')
}

function checkProcess(process: string, { styles }: DownloadRule): void {
  const allowed = styles.map((style) => `style/${style}`)
  if (allowed.includes(process)) return
  const message =
    allowed.length > 0 ? `must be ${allowed.join(' or ')}` : 'is not allowed by this rule'
  throw toMalformed('process', message)
}
