import { type Deployment, toVariable } from './aliyun'
import type { BucketDocument, LifecycleRule } from './buckets'
import type { RoleDocument } from './describe'

// The first that has `role_name` and `assume_role_policy_document` (provider aliyun/alicloud: alicloud_ram_role).
const PROVIDER = { source: 'aliyun/alicloud', version: '>= 1.252.0' }

/** Returns a deployment's roles and bucket settings for Terraform, in its JSON syntax (`.tf.json`). */
export function toTerraform({ region, roles, buckets }: Deployment): object {
  const ownRoles = Object.entries(roles)
  const ownBuckets = Object.entries(buckets)
  return {
    terraform: { required_providers: { alicloud: PROVIDER } },
    provider: { alicloud: { region } },
    resource: {
      alicloud_ram_role: named(ownRoles, toRole),
      alicloud_ram_policy: named(ownRoles, (name, { policy }) => ({
        policy_name: name,
        policy_document: literal(JSON.stringify(policy)),
        rotate_strategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded',
      })),
      alicloud_ram_role_policy_attachment: named(ownRoles, (name) => ({
        policy_name: `\${alicloud_ram_policy.${toLabel(name)}.policy_name}`,
        policy_type: 'Custom',
        role_name: `\${alicloud_ram_role.${toLabel(name)}.role_name}`,
      })),
      alicloud_oss_bucket: named(ownBuckets, toBucket),
      alicloud_oss_bucket_acl: named(ownBuckets, (name) => ({
        ...ofBucket(name),
        acl: 'private',
      })),
      alicloud_oss_bucket_public_access_block: named(
        ownBuckets,
        (name, { blocksPublicAccess }) => ({
          ...ofBucket(name),
          block_public_access: blocksPublicAccess,
        }),
      ),
    },
    output: Object.fromEntries(
      ownRoles.map(([name]) => [
        toVariable(name),
        { value: `\${alicloud_ram_role.${toLabel(name)}.arn}` },
      ]),
    ),
  }
}

function named<Value>(
  entries: readonly (readonly [string, Value])[],
  toResource: (name: string, value: Value) => object,
): Record<string, object> {
  return Object.fromEntries(
    entries.map(([name, value]) => [toLabel(name), toResource(name, value)]),
  )
}

// A label begins with a letter or an underscore, which a bucket's name need not.
function toLabel(name: string): string {
  return name.replace(/^oss-direct-/, '').replace(/^(?=\d)/, '_')
}

function toRole(name: string, { trust }: RoleDocument): object {
  const trusted = trust.Statement.flatMap(({ Principal }) => Principal.RAM ?? [])
  const roles = trusted.map((arn) => arn.replace(/^.*:role\//, ''))
  return {
    role_name: name,
    assume_role_policy_document: literal(JSON.stringify(trust)),
    // RAM refuses to trust a role that is not there yet.
    ...(roles.length > 0 && {
      depends_on: roles.map((role) => `alicloud_ram_role.${toLabel(role)}`),
    }),
  }
}

function ofBucket(name: string): { bucket: string } {
  return { bucket: `\${alicloud_oss_bucket.${toLabel(name)}.bucket}` }
}

function toBucket(name: string, { cors, lifecycle }: BucketDocument): object {
  return {
    bucket: name,
    cors_rule: cors.CORSRule.map((rule) => ({
      allowed_origins: rule.AllowedOrigin.map(literal),
      allowed_methods: rule.AllowedMethod,
      allowed_headers: [rule.AllowedHeader],
      expose_headers: rule.ExposeHeader,
      max_age_seconds: rule.MaxAgeSeconds,
    })),
    lifecycle_rule: lifecycle.Rule.map(toLifecycleRule),
    lifecycle: { prevent_destroy: true },
  }
}

function toLifecycleRule({ ID, Prefix, Expiration, AbortMultipartUpload }: LifecycleRule): object {
  return {
    id: ID,
    prefix: Prefix,
    enabled: true,
    ...(Expiration && { expiration: [{ days: Expiration.Days }] }),
    ...(AbortMultipartUpload && { abort_multipart_upload: [{ days: AbortMultipartUpload.Days }] }),
  }
}

// Terraform reads templates in every string.
function literal(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{')
}
