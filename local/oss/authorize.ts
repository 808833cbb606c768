import { decideAccess, whoForbids } from '../ram/evaluate'
import { presentKeys, requestKeys } from '../ram/request-keys'
import type { Principal } from '../ram/types'
import type { Cloud } from './cloud'
import { ACCESS } from './errors/access'
import { type ErrorKind, OssError } from './errors/oss-error'
import type { BucketAcl, ObjectRecord } from './store/records'
import type { Bucket } from './store/state'
import { firstValue, type OssRequest } from './wire'

/** One right that an operation needs. */
export type Need = {
  /** Such as `oss:PutObject`. */
  action: string
  bucket: string
  /** `''` for the bucket itself. */
  key: string
  /** The access that an ACL can grant to everybody; absent for rights that only policies grant. */
  access?: 'read' | 'write'
  /** The resource of an action on neither a bucket nor an object: a KMS key. */
  resource?: string
}

/** The request to authorize, and who signed it. */
export type AccessContext = {
  cloud: Cloud
  principal: Principal | undefined
  request: OssRequest
  /** The tags in a request body; when absent, those of the `x-oss-tagging` header count. */
  requestTags?: readonly [string, string][]
}

/** Throws an `OssError` unless policies or ACLs grant every right that an operation needs. */
export function authorize(context: AccessContext, needs: readonly Need[]): void {
  for (const need of needs) {
    const kind = refusalOf(context, need)
    if (kind) throw new OssError(kind)
  }
}

// RAM first: a Deny, or a session policy without a matching statement, is final. Where a user's or
// role's own policies have none, ACLs decide as they do for everybody (OSS: Authentication).
function refusalOf(context: AccessContext, need: Need): ErrorKind | undefined {
  const { principal, cloud } = context
  const bucket = cloud.store.bucket(need.bucket)
  if (!principal) return isOpen(bucket, need) ? undefined : anonymousKind(bucket, need)
  const access = {
    action: need.action,
    resource: need.resource ?? ossResource(principal, need),
    context: conditionKeys(context, bucket?.objects.get(need.key)),
  }
  const verdict = decideAccess(principal, access)
  if (verdict === 'allow' || (verdict === 'none' && isOpen(bucket, need))) return undefined
  if (need.resource !== undefined) return ACCESS.kms
  if (verdict === 'none') return ACCESS.acl
  return whoForbids(principal, access) === 'session' ? ACCESS.session : ACCESS.deniedByPolicy
}

function ossResource({ id }: Principal, { bucket, key }: Need): string {
  return `acs:oss:*:${id}:${bucket}${key === '' ? '' : `/${key}`}`
}

function anonymousKind(bucket: Bucket | undefined, { access, key }: Need): ErrorKind {
  if (access === undefined) return ACCESS.anonymousForbidden
  if (key === '') return ACCESS.anonymousBucket
  const own = bucket?.objects.get(key)?.acl ?? 'default'
  return own === 'default' ? ACCESS.acl : ACCESS.anonymousObject
}

function isOpen(bucket: Bucket | undefined, { access, key }: Need): boolean {
  if (!bucket || access === undefined) return false
  const acl = effectiveAcl(bucket, key)
  return acl === 'public-read-write' || (acl === 'public-read' && access === 'read')
}

// Block Public Access makes OSS ignore existing public ACLs.
function effectiveAcl({ objects, settings }: Bucket, key: string): BucketAcl {
  if (settings.blocksPublicAccess) return 'private'
  const own = key === '' ? 'default' : (objects.get(key)?.acl ?? 'default')
  return own === 'default' ? settings.acl : own
}

// The RAM condition keys that a request has (OSS: authorization syntax and elements).
function conditionKeys(
  { request, cloud, principal, requestTags }: AccessContext,
  object: ObjectRecord | undefined,
): Record<string, string> {
  const { headers, query, clientIp } = request
  const tagging = headers['x-oss-tagging']
  const ofBucket = (name: string) =>
    request.key === '' ? (firstValue(query, name) ?? '') : undefined
  return presentKeys({
    ...requestKeys({
      sourceIp: clientIp,
      now: cloud.now(),
      userAgent: headers['user-agent'],
      accessKeyId: principal?.accessKeyId,
    }),
    'oss:x-oss-acl': headers['x-oss-acl'],
    'oss:x-oss-object-acl': headers['x-oss-object-acl'],
    'oss:Prefix': ofBucket('prefix'),
    'oss:Delimiter': ofBucket('delimiter'),
    ...tagKeys('oss:ExistingObjectTag/', object?.tags ?? []),
    ...tagKeys('oss:RequestObjectTag/', requestTags ?? new URLSearchParams(tagging)),
  })
}

function tagKeys(prefix: string, tags: Iterable<[string, string]>): Record<string, string> {
  return Object.fromEntries([...tags].map(([name, value]) => [`${prefix}${name}`, value]))
}
