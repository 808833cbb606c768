import { LEDGER_PREFIX } from '../../shared/events/oss-ledger'
import type { Rule } from '../../shared/rules/rule'
import type { Rules } from '../../shared/rules/rules'

/** The settings of a bucket, in the JSON that ossutil takes (OSS: PutBucketCors, PutBucketLifecycle, PutBucketPublicAccessBlock). */
export type BucketDocument = {
  cors: {
    CORSRule: {
      AllowedOrigin: string[]
      AllowedMethod: string[]
      AllowedHeader: string
      ExposeHeader: string[]
      MaxAgeSeconds: number
    }[]
    ResponseVary: boolean
  }
  lifecycle: { Rule: LifecycleRule[] }
  /** `false` where a rule stores objects that everyone may read. */
  blocksPublicAccess: boolean
}

/** A lifecycle rule of ours. */
export type LifecycleRule = {
  ID: string
  Prefix: string
  Status: 'Enabled'
  Expiration?: { Days: number }
  AbortMultipartUpload?: { Days: number }
}

const MARKER_DAYS = 30
const PART_DAYS = 7
const MAX_AGE_SECONDS = 7200

/** Returns the settings of each bucket of the rules, by its name; `bucket` is that of the rules that name none. */
export function describeBuckets(
  rules: Rules,
  { bucket, origins }: { bucket: string; origins: readonly string[] },
): Record<string, BucketDocument> {
  const all = [...rules.values()]
  const names = new Set([bucket, ...all.flatMap((rule) => rule.bucket ?? [])])
  return Object.fromEntries(
    [...names].map((name) => {
      const own = all.filter((rule) => (rule.bucket ?? bucket) === name)
      return [name, describeBucket(own, { origins, hasLedger: name === bucket })]
    }),
  )
}

function describeBucket(
  rules: readonly Rule[],
  { origins, hasLedger }: { origins: readonly string[]; hasLedger: boolean },
): BucketDocument {
  const removes = rules.some(({ remove }) => remove)
  const cors = {
    AllowedOrigin: [...origins],
    AllowedMethod: ['GET', 'HEAD', 'PUT', 'POST', ...(removes ? ['DELETE'] : [])],
    AllowedHeader: '*',
    ExposeHeader: ['ETag', 'x-oss-request-id'],
    MaxAgeSeconds: MAX_AGE_SECONDS,
  }
  // Two rules of one action may not overlap, nor two have one prefix (OSS: PutBucketLifecycle).
  const markers: LifecycleRule = {
    ...{ ID: 'oss-direct-ledger', Prefix: `${LEDGER_PREFIX}`, Status: 'Enabled' },
    Expiration: { Days: MARKER_DAYS },
  }
  const parts: LifecycleRule = {
    ...{ ID: 'oss-direct-parts', Prefix: '', Status: 'Enabled' },
    AbortMultipartUpload: { Days: PART_DAYS },
  }
  return {
    cors: { CORSRule: [cors], ResponseVary: !origins.includes('*') },
    lifecycle: { Rule: [...(hasLedger ? [markers] : []), parts] },
    blocksPublicAccess: !rules.some(isPublic),
  }
}

function isPublic({ upload }: Rule): boolean {
  return upload?.headers['x-oss-object-acl']?.startsWith('public-') ?? false
}
