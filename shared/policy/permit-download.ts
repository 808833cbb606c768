import { Refusal } from '../errors'
import type { DownloadRequest } from '../rules/requests'
import type { DownloadRule } from '../rules/rule'
import { toMalformed } from '../schema/issues'
import type { DownloadGrant } from './grant'
import { checkOwnKey } from './key'
import { checkMechanism, type PermitInput } from './permit'

/** The grant of one download; throws what the rule refuses. */
export function permitDownload({
  caller,
  request,
  rule,
  context,
}: PermitInput<DownloadRequest>): DownloadGrant {
  const { download } = rule
  if (download === undefined) throw new Refusal('operation_not_allowed')
  checkMechanism(rule, download.mechanisms, 'url')
  const { sub } = caller
  checkOwnKey(rule.template, sub, request.key)
  const as = download.as ?? request.as
  if (request.as !== undefined && request.as !== as)
    throw toMalformed('as', `must be ${as} for this rule`)
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

function checkProcess(process: string, { styles }: DownloadRule): void {
  const allowed = styles.map((style) => `style/${style}`)
  if (allowed.includes(process)) return
  const way = allowed.length > 0 ? `must be ${allowed.join(' or ')}` : 'is not for this rule'
  throw toMalformed('process', way)
}
