import { createHash } from 'node:crypto'
import { isAllowed } from '../ram/evaluate'
import { parsePolicy } from '../ram/policy'
import { principalArn } from '../ram/principal'
import { presentKeys, requestKeys } from '../ram/request-keys'
import { issueSession } from '../ram/session'
import type { Account, PolicyDocument, Principal, Role } from '../ram/types'
import { type StsCode, StsError } from './errors'
import { parameter, type StsRequest } from './request'

/** The response of AssumeRole, with STS's member names (STS: AssumeRole, response). */
export type AssumedRole = {
  AssumedRoleUser: { Arn: string; AssumedRoleId: string }
  Credentials: {
    AccessKeyId: string
    AccessKeySecret: string
    SecurityToken: string
    Expiration: string
  }
  SourceIdentity?: string
}

const DEFAULT_SECONDS = 3600
const MIN_SECONDS = 900
const MAX_POLICY_SIZE = 2048

const FORMS = {
  RoleArn: /^acs:ram::\d+:role\/[A-Za-z0-9.-]{1,64}$/,
  RoleSessionName: /^[A-Za-z0-9.@_-]{2,64}$/,
  ExternalId: /^[\w+=,.@:/-]{2,1224}$/,
  SourceIdentity: /^(?!acs:|aliyun:|alibabacloud:)[\w+=,.@-]{2,64}$/i,
} as const

/** Issues a role session for the caller; throws a `StsError` for every refusal of AssumeRole. */
export function assumeRole(
  request: StsRequest,
  { account, caller, now }: { account: Account; caller: Principal; now: number },
): AssumedRole {
  const input = parseInput(request)
  if (caller.kind === 'root') {
    throw new StsError('NoPermission', 'Roles may not be assumed by root accounts.')
  }
  const role = findRole(account, input.roleArn)
  const sourceIdentity = toSourceIdentity(caller, input.sourceIdentity)
  const context = presentKeys({
    ...requestKeys({
      sourceIp: request.sourceIp,
      now,
      userAgent: request.headers['user-agent'] ?? '',
      accessKeyId: caller.accessKeyId,
    }),
    'sts:SourceIdentity': sourceIdentity,
  })
  const may = (action: string) => isAllowed(caller, { action, resource: role.arn, context })
  if (!may('sts:AssumeRole') || !isTrusted(account, role, caller, input.externalId)) {
    throw new StsError('NoPermission')
  }
  if (sourceIdentity !== undefined && !may('sts:SetSourceIdentity')) {
    throw new StsError('NoPermission')
  }
  checkDuration(input.durationSeconds, role)
  const { sessionName, durationSeconds, policy } = input
  const credentials = issueSession(account, {
    ...{ role, sessionName, durationSeconds, now },
    ...(policy ? { policy } : {}),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  })
  return {
    AssumedRoleUser: {
      Arn: `${role.arn}/${sessionName}`,
      AssumedRoleId: `${toRoleId(role)}:${sessionName}`,
    },
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      AccessKeySecret: credentials.accessKeySecret,
      SecurityToken: credentials.securityToken,
      Expiration: `${new Date(credentials.expiresAt).toISOString().slice(0, 19)}Z`,
    },
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  }
}

function parseInput(request: StsRequest) {
  return {
    roleArn: needText(request, 'RoleArn'),
    sessionName: needText(request, 'RoleSessionName'),
    externalId: parseText(request, 'ExternalId'),
    sourceIdentity: parseText(request, 'SourceIdentity'),
    durationSeconds: parseDuration(parameter(request, 'DurationSeconds')),
    policy: parsePolicyParameter(parameter(request, 'Policy')),
  }
}

function needText(request: StsRequest, name: keyof typeof FORMS): string {
  const value = parseText(request, name)
  if (value !== undefined) return value
  throw new StsError('MissingParameter', `${name} is mandatory for this action.`)
}

function parseText(request: StsRequest, name: keyof typeof FORMS): string | undefined {
  const value = parameter(request, name)
  const code = `InvalidParameter.${name}` satisfies StsCode
  if (value !== undefined && !FORMS[name].test(value)) throw new StsError(code)
  return value
}

function parseDuration(text: string | undefined): number {
  if (text === undefined) return DEFAULT_SECONDS
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
}

function parsePolicyParameter(text: string | undefined): PolicyDocument | undefined {
  if (text === undefined) return undefined
  if (Buffer.byteLength(text) > MAX_POLICY_SIZE) throw new StsError('InvalidParameter.PolicySize')
  const policy = parsePolicy(text)
  if (!policy) throw new StsError('InvalidParameter.PolicyGrammar')
  return policy
}

function findRole(account: Account, arn: string): Role {
  const role = account.roles.find((candidate) => candidate.arn === arn.toLowerCase())
  if (role) return role
  throw new StsError('EntityNotExist.Role', `The role not exists: ${arn}.`)
}

// A role that trusts the account (`root`) trusts all of its users and roles.
function isTrusted(
  account: Account,
  role: Role,
  caller: Principal,
  externalId: string | undefined,
): boolean {
  const names = [principalArn(account, caller), `acs:ram::${account.id}:root`]
  return (
    role.trusts.some((trust) => names.includes(trust)) &&
    (role.externalId === undefined || role.externalId === externalId)
  )
}

// A source identity is permanent: a session that has one cannot change it in the next role.
function toSourceIdentity(caller: Principal, requested: string | undefined): string | undefined {
  const current = caller.kind === 'session' ? caller.sourceIdentity : undefined
  if (current !== undefined && requested !== undefined && requested !== current) {
    throw new StsError('NoPermission')
  }
  return requested ?? current
}

function checkDuration(seconds: number, { maxSessionSeconds }: Role): void {
  if (seconds >= MIN_SECONDS && seconds <= maxSessionSeconds) return
  throw new StsError(
    'InvalidParameter.DurationSeconds',
    `The Min/Max value of DurationSeconds is 15min/${maxSessionSeconds / 3600}hr.`,
  )
}

// Alibaba Cloud's role ids are numbers of 18 digits; ours are derived from the ARN, so that they
// are stable.
function toRoleId({ arn }: Role): string {
  const number = createHash('sha256').update(arn).digest().readBigUInt64BE()
  return `3${(number % 10n ** 17n).toString().padStart(17, '0')}`
}
