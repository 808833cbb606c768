import type { Access } from './requests'

/** The objects of an STS session and its rights on them. */
export type SessionScope = {
  rule: string
  bucket: string
  prefix: string
  access: Access
  /** True if reading includes listing the prefix. */
  list: boolean
  /** The only ACL that written objects may have. */
  acl: string
  /** True if every request that writes must name the ACL; otherwise a request without an ACL is allowed as well. */
  needsAcl: boolean
  /** The id of the KMS key that encrypts the objects, whose use is a separate right. */
  kmsKeyId?: string
  /** The only IP address that the credentials are valid for. */
  sourceIp?: string
}

/** A statement of a RAM policy (RAM: policy elements). */
export type RamStatement = {
  Effect: 'Allow' | 'Deny'
  Action: string[]
  Resource: string[]
  Condition?: Record<string, Record<string, string[]>>
}

/** A RAM policy (RAM: policy structure and syntax). */
export type RamPolicy = { Version: '1'; Statement: RamStatement[] }

/** The maximum size of a session policy in bytes (STS: AssumeRole, Policy; some documents count characters). */
export const MAX_POLICY_SIZE = 2048

const PUT = ['oss:PutObject']
const WRITE = [...PUT, 'oss:AbortMultipartUpload', 'oss:ListParts']
const READ = ['oss:GetObject']

/** The minimum RAM actions for each access; write includes multipart uploads. */
export const ACTIONS = {
  read: READ,
  write: WRITE,
  'read-write': [...WRITE, ...READ],
} as const satisfies Record<Access, readonly string[]>

/** Returns the statement for KMS keys that access to objects encrypted with them requires. */
export function kmsStatement(access: Access, keyIds: readonly string[]): RamStatement {
  const Action = access === 'read' ? ['kms:Decrypt'] : ['kms:GenerateDataKey', 'kms:Decrypt']
  return { Effect: 'Allow', Action, Resource: keyIds.map((id) => `acs:kms:*:*:key/${id}`) }
}

/** Returns the resource of all objects below a prefix. */
export function toObjects(bucket: string, prefix: string): string {
  return `acs:oss:*:*:${bucket}/${prefix}*`
}

/** Returns the statement that allows listing these prefixes: a right on the bucket, limited by a condition. */
export function listStatement(bucket: string, prefixes: readonly string[]): RamStatement {
  return {
    Effect: 'Allow',
    Action: ['oss:ListObjects'],
    Resource: [`acs:oss:*:*:${bucket}`],
    Condition: {
      StringLike: { 'oss:Prefix': prefixes.flatMap((prefix) => [prefix, `${prefix}*`]) },
    },
  }
}

/**
 * Returns the session policy that limits the delegate role to a scope, as compact JSON. `secure` requires TLS, except for
 * a local OSS. Throws if the policy is longer than `MAX_POLICY_SIZE`.
 */
export function sessionPolicy(scope: SessionScope, options: { secure: boolean }): string {
  const text = toText(scope, options.secure)
  if (Buffer.byteLength(text) > MAX_POLICY_SIZE) {
    throw new Error(
      `the session policy of rule ${scope.rule} is longer than ${MAX_POLICY_SIZE} bytes`,
    )
  }
  return text
}

/** Returns true if the session policy of this scope is short enough for STS. */
export function fitsSessionPolicy(scope: SessionScope): boolean {
  return Buffer.byteLength(toText(scope, true)) <= MAX_POLICY_SIZE
}

function toText(scope: SessionScope, secure: boolean): string {
  const policy: RamPolicy = { Version: '1', Statement: toStatements(scope, secure) }
  return JSON.stringify(policy)
}

function toStatements(scope: SessionScope, secure: boolean): RamStatement[] {
  const { bucket, prefix, access, list, kmsKeyId } = scope
  const allowed: RamStatement[] = [
    ...allowObjects(scope),
    ...(list && access !== 'write' ? [listStatement(bucket, [prefix])] : []),
    ...(kmsKeyId === undefined ? [] : [kmsStatement(access, [kmsKeyId])]),
  ]
  const condition = toCondition(scope, secure)
  return [
    ...allowed.map((statement) => withCondition(statement, condition)),
    ...(access === 'read' || scope.needsAcl
      ? []
      : [denyOtherAcls([toObjects(bucket, prefix)], [scope.acl])]),
  ]
}

const ACL = 'oss:x-oss-object-acl'

// An Allow with an ACL condition does not match a request without an ACL, whose object would be as public as its bucket.
// UploadPart requires the ACL as well, because RAM can't distinguish it from PutObject.
function allowObjects({ bucket, prefix, access, acl, needsAcl }: SessionScope): RamStatement[] {
  const Resource = [toObjects(bucket, prefix)]
  const Action = [...ACTIONS[access]]
  if (access === 'read' || !needsAcl) return [{ Effect: 'Allow', Action, Resource }]
  const Condition = { StringEquals: { [ACL]: [acl] } }
  return [
    { Effect: 'Allow', Action: PUT, Resource, Condition },
    { Effect: 'Allow', Action: Action.filter((action) => !PUT.includes(action)), Resource },
  ]
}

/** Returns the statement that denies objects of other ACLs; a request without an ACL is not denied. */
export function denyOtherAcls(resources: readonly string[], acls: readonly string[]): RamStatement {
  return {
    Effect: 'Deny',
    Action: PUT,
    Resource: [...resources],
    // StringLike matches only if the header is present.
    Condition: { StringLike: { [ACL]: ['*'] }, StringNotEquals: { [ACL]: [...acls] } },
  }
}

function toCondition({ sourceIp }: SessionScope, secure: boolean): RamStatement['Condition'] {
  return {
    ...(secure && { Bool: { 'acs:SecureTransport': ['true'] } }),
    ...(sourceIp !== undefined && { IpAddress: { 'acs:SourceIp': [sourceIp] } }),
  }
}

function withCondition(
  statement: RamStatement,
  condition: RamStatement['Condition'],
): RamStatement {
  const Condition = { ...statement.Condition, ...condition }
  return Object.keys(Condition).length === 0 ? statement : { ...statement, Condition }
}
