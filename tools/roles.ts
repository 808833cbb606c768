import { DENY_LIST_KEY } from '../shared/env/fetch-deny-list'
import { LEDGER_PREFIX } from '../shared/events/oss-ledger'
import { OWED_PREFIX } from '../shared/events/owed'
import { rolePolicies } from '../shared/rules/role-policy'
import type { Rules } from '../shared/rules/rules'
import type { RamPolicy, RamStatement } from '../shared/rules/session-policy'
import { webServerPolicies } from '../shared/rules/web-server-policy'
import { type OptionTypes, type Tool, UsageError, type Values } from './command-line'
import { loadRules } from './load-rules'

const HELP = `Prints the RAM roles that the rules need: trust policy and permissions of each.

  oss-direct roles --bucket NAME --account ID [--rules FILE] [--consumer NAME] [--deny-list] [--web-server]

  --bucket NAME   the bucket of the rules that name none
  --account ID    the Alibaba Cloud account, 16 digits
  --rules FILE    the rules; rules.ts by default
  --consumer NAME the function that upload events go to; oss-direct-upload-consumer by default,
                  '' for none
  --deny-list     with the right to read the deny list in the bucket (DENY_LIST=on)
  --web-server    for s.web-server.yaml: one role in place of those of the four functions with a route
  --help          prints this; --version the version

Example:
  oss-direct roles --bucket my-bucket --account 1234567890123456`

/** The trust policy and the permissions of every role, by the role's name. */
export function describeRoles(
  rules: Rules,
  options: {
    bucket: string
    account: string
    consumer?: string
    denyList?: boolean
    webServer?: boolean
  },
): object {
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
        policy: name === 'delegate' ? policy : withLog(policy, account),
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
  // Those that may do nothing else need no denial of everything any more.
  return { Version, Statement: [...Statement.filter(({ Effect }) => Effect === 'Allow'), log] }
}

function trustOf(principal: object): object {
  const Action = ['sts:AssumeRole', ...('RAM' in principal ? ['sts:SetSourceIdentity'] : [])]
  const statement = { Effect: 'Allow', Action, Principal: principal }
  return { Version: '1', Statement: [statement] }
}

const OPTIONS = {
  bucket: { type: 'string' },
  account: { type: 'string' },
  rules: { type: 'string', default: 'rules.ts' },
  consumer: { type: 'string', default: 'oss-direct-upload-consumer' },
  'deny-list': { type: 'boolean' },
  'web-server': { type: 'boolean' },
} as const satisfies OptionTypes

async function printRoles(values: Values): Promise<void> {
  const { bucket, account, rules = '', consumer = '' } = values
  if (!bucket || !account || !/^\d{16}$/.test(account)) {
    throw new UsageError('--bucket and --account (16 digits) are needed')
  }
  const denyList = values['deny-list'] !== undefined
  const webServer = values['web-server'] !== undefined
  const options = { bucket, account, consumer, denyList, webServer }
  const roles = describeRoles(await loadRules(rules), options)
  console.log(JSON.stringify(roles, null, 2))
}

/** The command `oss-direct roles`. */
export const command: Tool = { help: HELP, options: OPTIONS, run: printRoles }
