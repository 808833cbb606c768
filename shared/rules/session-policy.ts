import type { Access } from './requests'

/** The objects that an STS session reaches, and what it may do with them. */
export type SessionScope = {
  rule: string
  bucket: string
  prefix: string
  access: Access
  /** Whether reading includes listing the prefix. */
  list: boolean
  /** The only ACL that objects may be written with. */
  acl: string
  /** Whether every request that writes must name the ACL; else one that names none passes, too. */
  needsAcl: boolean
  /** The KMS key that objects are encrypted with, whose use is a right of its own. */
  kmsKeyId?: string
  /** The only address that the credentials work from. */
  sourceIp?: string
}

/** A statement of a RAM policy that we write. */
export type RamStatement = {
  Effect: 'Allow' | 'Deny'
  Action: string[]
  Resource: string[]
  Condition?: Record<string, Record<string, string[]>>
}

/** A RAM policy that we write. */
export type RamPolicy = { Version: '1'; Statement: RamStatement[] }

/** STS: AssumeRole, Policy; one text counts characters, another bytes. */
export const MAX_POLICY_SIZE = 2048

const PUT = ['oss:PutObject']
const WRITE = [...PUT, 'oss:AbortMultipartUpload', 'oss:ListParts']
const READ = ['oss:GetObject']

/** The least RAM actions for each access; write includes multipart uploads. */
export const ACTIONS = {
  read: READ,
  write: WRITE,
  'read-write': [...WRITE, ...READ],
} as const satisfies Record<Access, readonly string[]>

/** The rights on a KMS key that an access to objects encrypted with it needs. */
export function kmsStatement(access: Access, keyIds: readonly string[]): RamStatement {
  const Action = access === 'read' ? ['kms:Decrypt'] : ['kms:GenerateDataKey', 'kms:Decrypt']
  return { Effect: 'Allow', Action, Resource: keyIds.map((id) => `acs:kms:*:*:key/${id}`) }
}

/** The resource of all objects below a prefix. */
export function toObjects(bucket: string, prefix: string): string {
  return `acs:oss:*:*:${bucket}/${prefix}*`
}

/** The right to list a prefix; listing is a right on the bucket, so a condition narrows it. */
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
 * The session policy that narrows the delegate role to a scope, as compact JSON. `secure` asks for
 * TLS; only a local OSS does without.
 */
export function sessionPolicy(scope: SessionScope, options: { secure: boolean }): string {
  const text = toText(scope, options.secure)
  if (Buffer.byteLength(text) > MAX_POLICY_SIZE) {
    throw new Error(`the session policy of rule ${scope.rule} is longer than ${MAX_POLICY_SIZE}`)
  }
  return text
}

/** Whether STS takes the session policy of this scope. */
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
    ...(access === 'read' || scope.needsAcl ? [] : [denyOtherAcls(scope)]),
  ]
}

const ACL = 'oss:x-oss-object-acl'

// An Allow that names an ACL holds for no request without one: without it an object is as public as its bucket. A part
// needs it as well, since RAM can't tell one from a whole object.
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

// StringLike holds for what is there alone, so that a request without the header passes.
function denyOtherAcls({ bucket, prefix, acl }: SessionScope): RamStatement {
  return {
    Effect: 'Deny',
    Action: PUT,
    Resource: [toObjects(bucket, prefix)],
    Condition: { StringLike: { [ACL]: ['*'] }, StringNotEquals: { [ACL]: [acl] } },
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
