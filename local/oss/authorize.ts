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
  /** What an ACL may open to everybody; absent for what only policies give. */
  access?: 'read' | 'write'
  /** What the action is on where that is no bucket or object: a key of KMS. */
  resource?: string
}

/** Who asks for something, and where. */
export type Asking = {
  cloud: Cloud
  principal: Principal | undefined
  request: OssRequest
  /** The tags that a body brings; else those of the request's header count. */
  requestTags?: readonly [string, string][]
}

/** Refuses an operation unless policies or ACLs give every right that it needs. */
export function authorize(asking: Asking, needs: readonly Need[]): void {
  for (const need of needs) {
    const kind = refusalOf(asking, need)
    if (kind) throw new OssError(kind)
  }
}

// RAM first: a Deny, or a session policy that is silent, ends it. Where a user's or role's own
// policies are silent, ACLs decide as they do for everybody (OSS: Authentication).
function refusalOf(asking: Asking, need: Need): ErrorKind | undefined {
  const { principal, cloud } = asking
  const bucket = cloud.store.bucket(need.bucket)
  if (!principal) return isOpen(bucket, need) ? undefined : anonymousKind(bucket, need)
  const access = {
    action: need.action,
    resource: need.resource ?? ossResource(principal, need),
    context: conditionKeys(asking, bucket?.objects.get(need.key)),
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

// Block Public Access makes OSS ignore public ACLs that are there already.
function effectiveAcl({ objects, settings }: Bucket, key: string): BucketAcl {
  if (settings.blocksPublicAccess) return 'private'
  const own = key === '' ? 'default' : (objects.get(key)?.acl ?? 'default')
  return own === 'default' ? settings.acl : own
}

// The RAM condition keys that a request has (OSS: authorization syntax and elements).
function conditionKeys(
  { request, cloud, principal, requestTags }: Asking,
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
