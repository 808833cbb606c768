import { parseJson } from '../../shared/text'
import { callCloud, isMissing, toFailure } from '../cloud-api'
import type { Finding } from '../findings'
import type { Deployment } from './aliyun'
import type { RoleDocument } from './describe'
import { findPolicyDrift, findTrustDrift } from './drift'

/** Where RAM and STS answer. */
export type Endpoints = { ram: string; sts: string }

type Attached = { PolicyName?: string; PolicyType?: string }

const RAM_VERSION = '2015-05-01'
const STS_VERSION = '2015-04-01'
const RIGHTS = 'ram:GetRole, ram:ListPoliciesForRole and ram:GetPolicy'
const FIX = 'oss-direct roles --aliyun, and run the script'

/** Compares the roles that are live with those that the rules make. */
export async function examineRoles(
  { account, roles }: Pick<Deployment, 'account' | 'roles'>,
  endpoints: Endpoints,
): Promise<Finding[]> {
  const found = await examineAccount(account, endpoints)
  if (found.state !== 'ok') return [found]
  const groups = await Promise.all(
    Object.entries(roles).map(([name, role]) => examineRole(name, role, endpoints.ram)),
  )
  return [found, ...groups.flat()]
}

// In another account the roles are missing, too: it is named before them.
async function examineAccount(account: string, { sts }: Endpoints): Promise<Finding> {
  const subject = 'account'
  try {
    const call = { endpoint: sts, version: STS_VERSION, action: 'GetCallerIdentity' }
    const { AccountId } = Object(await callCloud(call)) as { AccountId?: unknown }
    if (AccountId === account) return { state: 'ok', subject, what: `is ${account}` }
    const what = `of the key is ${String(AccountId)}, not ${account}`
    return { state: 'wrong', subject, what, fix: 'use a key of the account, or correct --account' }
  } catch (error) {
    return toFailure(error, subject, 'sts:GetCallerIdentity')
  }
}

async function examineRole(name: string, role: RoleDocument, ram: string): Promise<Finding[]> {
  const ask = (action: string, query: Record<string, string>) =>
    callCloud({ endpoint: ram, version: RAM_VERSION, action, query })
  try {
    const [trust, attached] = await Promise.all([
      ask('GetRole', { RoleName: name }).then(readTrust),
      ask('ListPoliciesForRole', { RoleName: name }).then(readAttached),
    ])
    const own = attached.some((each) => isOwn(each, name))
    const policy = own
      ? await ask('GetPolicy', { PolicyName: name, PolicyType: 'Custom' }).then(readPolicy)
      : undefined
    return judge(name, [
      ...findTrustDrift(role.trust, trust),
      ...(policy ? findPolicyDrift(role.policy, policy) : [`has no policy ${name}`]),
      ...attached
        .filter((each) => !isOwn(each, name))
        .map(
          ({ PolicyName, PolicyType }) => `has the policy ${PolicyName} (${PolicyType}) besides`,
        ),
    ])
  } catch (error) {
    if (!isMissing(error)) return [toFailure(error, name, RIGHTS)]
    return judge(name, ['is missing'])
  }
}

function judge(subject: string, drift: readonly string[]): Finding[] {
  if (drift.length === 0) return [{ state: 'ok', subject, what: 'is as the rules make it' }]
  return drift.map((what) => ({ state: 'wrong', subject, what, fix: FIX }))
}

function isOwn({ PolicyName, PolicyType }: Attached, name: string): boolean {
  return PolicyName === name && PolicyType === 'Custom'
}

function readTrust(body: unknown): object {
  const { Role } = Object(body) as { Role?: { AssumeRolePolicyDocument?: string } }
  return Object(parseJson(Role?.AssumeRolePolicyDocument ?? ''))
}

function readAttached(body: unknown): Attached[] {
  const { Policies } = Object(body) as { Policies?: { Policy?: Attached[] } }
  return Policies?.Policy ?? []
}

function readPolicy(body: unknown): object {
  type Body = { DefaultPolicyVersion?: { PolicyDocument?: string } }
  const { DefaultPolicyVersion } = Object(body) as Body
  return Object(parseJson(DefaultPolicyVersion?.PolicyDocument ?? ''))
}
