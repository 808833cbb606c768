import type { Access, PrefixGrant } from '../policy/grant'

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
 * The session policy that narrows the delegate role to a grant, as compact JSON. `secure` asks for
 * TLS; only a local OSS does without.
 */
export function sessionPolicy(grant: PrefixGrant, options: { secure: boolean }): string {
  const text = toText(grant, options.secure)
  if (Buffer.byteLength(text) > MAX_POLICY_SIZE) {
    throw new Error(`the session policy of rule ${grant.rule} is longer than ${MAX_POLICY_SIZE}`)
  }
  return text
}

/** Whether STS takes the session policy of this grant. */
export function fitsSessionPolicy(grant: PrefixGrant): boolean {
  return Buffer.byteLength(toText(grant, true)) <= MAX_POLICY_SIZE
}

function toText(grant: PrefixGrant, secure: boolean): string {
  const policy: RamPolicy = { Version: '1', Statement: toStatements(grant, secure) }
  return JSON.stringify(policy)
}

function toStatements(grant: PrefixGrant, secure: boolean): RamStatement[] {
  const { bucket, prefix, access, list, kms } = grant
  const allowed: RamStatement[] = [
    { Effect: 'Allow', Action: [...ACTIONS[access]], Resource: [toObjects(bucket, prefix)] },
    ...(list && access !== 'write' ? [listStatement(bucket, [prefix])] : []),
    ...(kms
      ? [{ Effect: 'Allow' as const, Action: KMS_ACTIONS, Resource: ['acs:kms:*:*:*'] }]
      : []),
  ]
  const condition = toCondition(grant, secure)
  return [
    ...allowed.map((statement) => withCondition(statement, condition)),
    ...(access === 'read' || grant.publicAcl ? [] : [denyPublicAcl(toObjects(bucket, prefix))]),
  ]
}

function toCondition({ sourceIp }: PrefixGrant, secure: boolean): RamStatement['Condition'] {
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
