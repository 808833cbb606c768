import type { Access } from './requests'

/** The objects that an STS session reaches, and what it may do with them. */
export type SessionScope = {
  rule: string
  bucket: string
  prefix: string
  access: Access
  /** Whether reading includes listing the prefix. */
  list: boolean
  /** Whether objects may be made public. */
  publicAcl: boolean
  /** Whether objects are encrypted with a KMS key, whose use is a right of its own. */
  kms: boolean
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

const WRITE = ['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts']
const READ = ['oss:GetObject']

/** The least RAM actions for each access; write includes multipart uploads. */
export const ACTIONS = {
  read: READ,
  write: WRITE,
  'read-write': [...WRITE, ...READ],
} as const satisfies Record<Access, readonly string[]>

/** What KMS asks of whoever stores or reads an object encrypted with one of its keys. */
export const KMS_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt']

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
  const { bucket, prefix, access, list, kms } = scope
  const allowed: RamStatement[] = [
    { Effect: 'Allow', Action: [...ACTIONS[access]], Resource: [toObjects(bucket, prefix)] },
    ...(list && access !== 'write' ? [listStatement(bucket, [prefix])] : []),
    ...(kms
      ? [{ Effect: 'Allow' as const, Action: KMS_ACTIONS, Resource: ['acs:kms:*:*:*'] }]
      : []),
  ]
  const condition = toCondition(scope, secure)
  return [
    ...allowed.map((statement) => withCondition(statement, condition)),
    ...(access === 'read' || scope.publicAcl ? [] : [denyPublicAcl(toObjects(bucket, prefix))]),
  ]
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

// Names the ACLs instead of excepting the private ones: an upload without the header must pass.
function denyPublicAcl(objects: string): RamStatement {
  return {
    Effect: 'Deny',
    Action: ['oss:PutObject'],
    Resource: [objects],
    Condition: { StringEquals: { 'oss:x-oss-object-acl': ['public-read', 'public-read-write'] } },
  }
}
