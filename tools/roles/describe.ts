import { DENY_LIST_KEY } from '../../shared/env/fetch-deny-list'
import { LEDGER_PREFIX } from '../../shared/events/oss-ledger'
import { OWED_PREFIX } from '../../shared/events/owed'
import { rolePolicies } from '../../shared/rules/role-policy'
import type { Rules } from '../../shared/rules/rules'
import type { RamPolicy, RamStatement } from '../../shared/rules/session-policy'
import { webServerPolicies } from '../../shared/rules/web-server-policy'

/** A trust policy (RAM: edit the trust policy of a role). */
type TrustPolicy = {
  Version: '1'
  Statement: {
    Effect: 'Allow'
    Action: string[]
    Principal: { RAM?: string[]; Service?: string[] }
  }[]
}

/** A role: who may assume it and its permissions. */
export type RoleDocument = { trust: TrustPolicy; policy: RamPolicy }

/** What the roles depend on beside the rules. */
export type RoleOptions = {
  /** The bucket of the rules that name none. */
  bucket: string
  /** 16 digits. */
  account: string
  region: string
  consumer?: string
  denyList?: boolean
  /** One role in place of those of the four functions with a route. */
  webServer?: boolean
}

/** Returns the trust policy and the permissions of every role, by the role's name; a role stands after those that it trusts. */
export function describeRoles(rules: Rules, options: RoleOptions): Record<string, RoleDocument> {
  const { bucket, account, consumer, denyList, webServer } = options
  const arn = (name: string) => `acs:ram::${account}:role/${roleName(name)}`
  const policiesOf = webServer ? webServerPolicies : rolePolicies
  const policies = policiesOf(rules, {
    bucket,
    accountId: account,
    delegateRoleArn: arn('delegate'),
    ledgerPrefix: LEDGER_PREFIX,
    owedPrefix: OWED_PREFIX,
    functionNames: { event: roleName('upload-event'), sweep: roleName('upload-sweep') },
    ...(consumer && { consumer }),
    ...(denyList && { denyListKey: DENY_LIST_KEY }),
  })
  return Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => [
      roleName(name),
      {
        trust: trustOf(
          name === 'delegate'
            ? { RAM: [arn(webServer ? 'web-server' : 'sts')] }
            : { Service: ['fc.aliyuncs.com'] },
        ),
        policy: narrow(name === 'delegate' ? policy : withLog(policy, account), options),
      },
    ]),
  )
}

function roleName(name: string): string {
  return `oss-direct-${name}`
}

// A role of a function replaces the one that Function Compute writes logs with; these are the names that `logConfig: auto` makes.
function withLog({ Version, Statement }: RamPolicy, account: string): RamPolicy {
  const log: RamStatement = {
    Effect: 'Allow',
    Action: ['log:PostLogStoreLogs'],
    Resource: [`acs:log:*:${account}:project/serverless-*/logstore/default-logs`],
  }
  // Those that may do nothing else need no denial of everything any more; what denies other ACLs stays.
  const deniesAll = ({ Effect, Action }: RamStatement) => Effect === 'Deny' && Action.includes('*')
  return { Version, Statement: [...Statement.filter((each) => !deniesAll(each)), log] }
}

/** Names the region and the account where an ARN has them, and requires TLS of requests to OSS, which knows `*` alone as a region. */
function narrow({ Version, Statement }: RamPolicy, { region, account }: RoleOptions): RamPolicy {
  const narrowed = Statement.map((statement) => ({
    ...statement,
    Resource: statement.Resource.map((resource) =>
      resource
        .replace(/^acs:(log|fc|kms):\*:/, `acs:$1:${region}:`)
        .replace(/^(acs:kms:[^:]+):\*:/, `$1:${account}:`),
    ),
    ...(statement.Effect === 'Allow' &&
      statement.Action.every((action) => action.startsWith('oss:')) && {
        Condition: { ...statement.Condition, Bool: { 'acs:SecureTransport': ['true'] } },
      }),
  }))
  return { Version, Statement: narrowed }
}

function trustOf(Principal: { RAM?: string[]; Service?: string[] }): TrustPolicy {
  const Action = ['sts:AssumeRole', ...('RAM' in Principal ? ['sts:SetSourceIdentity'] : [])]
  return { Version: '1', Statement: [{ Effect: 'Allow', Action, Principal }] }
}
