import type { Access } from '../rules/requests'
import { sessionRightsOf } from '../rules/rights'
import type { Rule } from '../rules/rule'
import { MAX_MULTIPART_BYTES } from '../signing/limits'
import type { PrefixGrant } from './grant'
import { buildPrefix } from './key'

type PrefixGrantInput = {
  sub: string
  access: Access
  bucket: string
  durationSeconds: number
  now: number
  sourceIp?: string | undefined
}

/** Returns the grant of everything below a caller's prefix, within the limits of the rule. */
export function toPrefixGrant(rule: Rule, input: PrefixGrantInput): PrefixGrant {
  const { sub, access, bucket, durationSeconds, now, sourceIp } = input
  const { upload, download } = rule
  return {
    kind: 'prefix',
    rule: rule.name,
    sub,
    bucket: rule.bucket ?? bucket,
    prefix: buildPrefix(rule.template, sub, now),
    access,
    list: (download?.list ?? false) && access !== 'write',
    ...sessionRightsOf(rule),
    durationSeconds,
    expiresAt: now + durationSeconds,
    ...(upload?.bindSourceIp && sourceIp !== undefined && { sourceIp }),
    contentTypes: upload?.contentTypes ?? [],
    minBytes: upload?.minBytes ?? 0,
    maxBytes: upload?.isSized ? upload.maxBytes : MAX_MULTIPART_BYTES,
    headers: upload?.headers ?? {},
  }
}
