import type { Account, PolicyDocument, Role } from '../../ram/types'
import { StsError } from '../errors'
import { parameter, type StsRequest } from '../request'
import type { Fields } from '../response-body'
import type { ActionContext, ReadApi } from '../server'

/** What RAM says of the account's roles and their policies (RAM 2015-05-01); nothing can be changed by it. */
export const RAM_API: ReadApi = {
  service: 'RAM',
  version: '2015-05-01',
  actions: { GetRole: getRole, ListPoliciesForRole: listPoliciesForRole, GetPolicy: getPolicy },
}

type Attached = { name: string; policy: PolicyDocument }

function getRole(request: StsRequest, context: ActionContext): Fields {
  const { name, arn, trusts, maxSessionSeconds } = findRole('GetRole', request, context)
  const trust = JSON.stringify({ Version: '1', Statement: toStatements(trusts) })
  return {
    Role: {
      ...{ RoleName: name, Arn: arn, MaxSessionDuration: maxSessionSeconds },
      AssumeRolePolicyDocument: trust,
    },
  }
}

function listPoliciesForRole(request: StsRequest, context: ActionContext): Fields {
  const role = findRole('ListPoliciesForRole', request, context)
  const Policy = policiesOf(role).map(({ name }) => ({ PolicyName: name, ...KIND }))
  return { Policies: { Policy } }
}

function getPolicy(request: StsRequest, { account, require }: ActionContext): Fields {
  const wanted = need(request, 'PolicyName')
  require('ram:GetPolicy', `acs:ram:*:${account.id}:policy/${wanted}`)
  const found = allPolicies(account).find(({ name }) => name === wanted)
  if (!found || need(request, 'PolicyType') !== KIND.PolicyType) {
    throw new StsError('EntityNotExist.Policy')
  }
  const PolicyDocument = JSON.stringify(found.policy)
  return {
    Policy: { PolicyName: wanted, ...KIND },
    DefaultPolicyVersion: { PolicyDocument, VersionId: 'v1', IsDefaultVersion: true },
  }
}

const KIND = { PolicyType: 'Custom', DefaultVersion: 'v1' } as const

function findRole(action: string, request: StsRequest, context: ActionContext): Role {
  const { account, require } = context
  const name = need(request, 'RoleName')
  require(`ram:${action}`, `acs:ram:*:${account.id}:role/${name}`)
  const role = account.roles.find((each) => each.name === name.toLowerCase())
  if (!role) throw new StsError('EntityNotExist.Role', `The role not exists: ${name}.`)
  return role
}

// The policies of the local account have no names: the first has that of its role.
function policiesOf({ name, policies }: Role): Attached[] {
  return policies.map((policy, at) => ({ name: at === 0 ? name : `${name}-${at + 1}`, policy }))
}

function allPolicies({ roles }: Account): Attached[] {
  return roles.flatMap(policiesOf)
}

// A principal of RAM may also set a source identity, as in the local STS.
function toStatements(trusts: readonly string[]) {
  const services = trusts.filter((trust) => trust.endsWith('.aliyuncs.com'))
  const principals = trusts.filter((trust) => !services.includes(trust))
  const assume = 'sts:AssumeRole'
  return [
    ...(services.length > 0 ? [allow([assume], { Service: services })] : []),
    ...(principals.length > 0
      ? [allow([assume, 'sts:SetSourceIdentity'], { RAM: principals })]
      : []),
  ]
}

function allow(Action: string[], Principal: Record<string, string[]>) {
  return { Effect: 'Allow', Action, Principal }
}

function need(request: StsRequest, name: string): string {
  const value = parameter(request, name)
  if (value) return value
  throw new StsError('MissingParameter', `${name} is mandatory for this action.`)
}
