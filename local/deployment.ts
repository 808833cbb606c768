import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DENY_LIST_KEY } from '../shared/env/fetch-deny-list'
import { FUNCTION_NAMES, variablesOf } from '../shared/env/function-settings'
import { SETTING_NAMES } from '../shared/env/variables'
import { LEDGER_PREFIX } from '../shared/events/oss-ledger'
import { OWED_PREFIX } from '../shared/events/owed'
import { rolePolicies } from '../shared/rules/role-policy'
import type { Rules } from '../shared/rules/rules'
import { SERVED_FUNCTIONS, webServerPolicies } from '../shared/rules/web-server-policy'
import { CONSUMER, WEB_SERVER } from '../tools/build/functions'
import { buildFunctionsOnce } from '../tools/build/functions-cache'
import { findRulesFile } from '../tools/rules-file'
import { describeFunctions } from './describe-functions'
import type { FunctionKeys } from './fc/function-keys'
import type { FunctionSpec, Functions } from './fc/functions'
import type { Trigger } from './fc/triggers'
import type { WebFunction } from './fc/web-function'
import { addRole, roleArn } from './ram/account'
import { issueSession } from './ram/session'
import type { Account } from './ram/types'
import type { DeployedFunction } from './sts/apis/fc'

/** The properties of the local cloud that the deployed functions depend on. */
export type DeployContext = {
  account: Account
  bucket: string
  region: string
  gateway: string
  oss: string
  sts: string
  callbackKey: { url: string; pem: string }
  audience: string
  algorithm: string
  ticketSecret: string
  /** Settings that add to or replace the others. */
  settings: Readonly<Record<string, string>>
  now: () => number
  /** Registers the keys of the functions' sessions. */
  functionKeys: FunctionKeys
}

const API = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

/** The HTTP triggers, as in `s.yaml`. */
export const TRIGGERS: readonly Trigger[] = [
  { path: '/sts', methods: API, functionName: 'sts' },
  { path: '/signed-url', methods: API, functionName: 'signed-url' },
  { path: '/post-policy', methods: API, functionName: 'post-policy' },
  { path: '/upload-callback', methods: ['POST'], functionName: 'upload-callback' },
]

const SERVED: readonly string[] = SERVED_FUNCTIONS
const DELEGATE = 'oss-direct-delegate'
// As in `s.yaml`; 10 for the other functions.
const TIMEOUT_SECONDS: Readonly<Record<string, number>> = { 'upload-event': 20, 'upload-sweep': 60 }
// Function Compute issues its functions' sessions for 36 hours.
const SESSION_SECONDS = 36 * 3600

/** Returns the ARN of the role that `sts` assumes. */
export function delegateArn(account: Account): string {
  return roleArn(account.id, DELEGATE)
}

/**
 * Returns the path of the rules file: the one passed, which must exist, or `rules.ts` in the
 * working directory, or the example of this package.
 */
export function findRules(file: string | undefined): string {
  if (file !== undefined) return findRulesFile(file)
  const own = resolve('rules.ts')
  return existsSync(own) ? own : join(__dirname, '..', 'rules.ts')
}

/** The remedy for a file without rules. */
export const NO_RULES =
  'Name another file with --rules FILE, or start without the functions, which alone need rules, with --only oss,sts.'

/** Returns these buckets and every other bucket that the rules name. */
export function bucketsOf(rules: Rules, buckets: readonly string[]): string[] {
  return [...new Set([...buckets, ...[...rules.values()].flatMap((rule) => rule.bucket ?? [])])]
}

/** Builds the functions with these rules and deploys them, each with its role; returns what is deployed. */
export async function deploy(options: {
  functions: Functions
  /** The web server in place of the functions with a route. */
  web?: WebFunction | undefined
  rules: Rules
  rulesFile: string
  /** The consumer of upload events; the example when absent. */
  consumerFile?: string | undefined
  /** The folder for the bundles. */
  folder: string
  context: DeployContext
}): Promise<DeployedFunction[]> {
  const { functions, web, rules, rulesFile, consumerFile, folder, context } = options
  const { account } = context
  const outDir = join(folder, `functions-${randomUUID()}`)
  const built = await buildFunctionsOnce({
    ...{ outDir, rules, rulesFile, webServer: web !== undefined },
    ...(consumerFile && { consumerFile }),
  })
  const env = toEnvironment(context)
  const before = account.roles
  setRoles(rules, context, web !== undefined)
  const specs = built.map(({ name, file }) => {
    const openSession = () => openRoleSession(name, context)
    return {
      name,
      file,
      env: readBy(name, env),
      openSession,
      timeoutSeconds: TIMEOUT_SECONDS[name] ?? 10,
    }
  })
  try {
    await (web ? deployWeb(web, functions, specs) : functions.deploy(specs))
  } catch (error) {
    account.roles = before
    throw error
  }
  const { bucket, region } = context
  const where = { accountId: account.id, region, bucket, routes: TRIGGERS }
  const isReplaced = ({ name }: FunctionSpec) => web !== undefined && SERVED.includes(name)
  return describeFunctions(
    specs.filter((spec) => !isReplaced(spec)),
    rules,
    where,
  )
}

async function deployWeb(
  web: WebFunction,
  functions: Functions,
  specs: readonly FunctionSpec[],
): Promise<void> {
  const server = specs.find(({ name }) => name === WEB_SERVER)
  if (!server) throw new Error('The web server was not built')
  const prepared = await web.prepare(server)
  const isOther = ({ name }: FunctionSpec) => name !== WEB_SERVER && !SERVED.includes(name)
  try {
    await functions.deploy(specs.filter(isOther))
  } catch (error) {
    await prepared.stop()
    throw error
  }
  await prepared.use()
}

// As in the cloud, a function receives only the settings that it reads: one that needs more fails
// here first.
function readBy(name: string, env: Readonly<Record<string, string>>): Record<string, string> {
  const own = FUNCTION_NAMES.find((each) => each === name)
  const read: readonly string[] = own === undefined ? [] : variablesOf(own)
  const unread = SETTING_NAMES.filter((setting) => !read.includes(setting))
  return Object.fromEntries(Object.entries(env).filter(([key]) => !unread.includes(key)))
}

/** Returns the functions' settings, as in `s.yaml`. */
function toEnvironment(context: DeployContext): Record<string, string> {
  const { account, bucket, region, gateway, oss, sts, callbackKey } = context
  return {
    OSS_BUCKET: bucket,
    OSS_REGION: region,
    OSS_ENDPOINT: oss,
    OSS_ADDRESSING: 'path',
    AUTH_ISSUER: gateway,
    AUTH_AUDIENCE: context.audience,
    AUTH_JWKS_URL: `${gateway}/local/jwks.json`,
    AUTH_ALGORITHMS: context.algorithm,
    TICKET_SECRETS: context.ticketSecret,
    CALLBACK_URL: `${gateway}/upload-callback`,
    CALLBACK_KEY_URL: callbackKey.url,
    CALLBACK_KEY: callbackKey.pem,
    STS_ENDPOINT: sts,
    STS_ROLE_ARN: delegateArn(account),
    CORS_ORIGINS: '*',
    EVENT_FUNCTION: CONSUMER,
    EVENT_ENDPOINT: gateway,
    LOG_LEVEL: 'info',
    ...context.settings,
  }
}

function roleName(functionName: string): string {
  return `oss-direct-${functionName}`
}

// The delegate role also trusts the account's users, so that AssumeRole can be tried by hand.
function setRoles(
  rules: Rules,
  { account, bucket, settings }: DeployContext,
  isWeb: boolean,
): void {
  const delegateRoleArn = delegateArn(account)
  const roleContext = {
    ...{ bucket, accountId: account.id, delegateRoleArn },
    ...{ ledgerPrefix: LEDGER_PREFIX, owedPrefix: OWED_PREFIX, consumer: CONSUMER },
    functionNames: { event: 'upload-event', sweep: 'upload-sweep' },
    ...(settings.DENY_LIST === 'on' && { denyListKey: DENY_LIST_KEY }),
  }
  const policies = isWeb ? webServerPolicies(rules, roleContext) : rolePolicies(rules, roleContext)
  const users = account.keys.flatMap(({ user }) =>
    user.root ? [] : [`acs:ram::${account.id}:user/${user.name}`],
  )
  addRole(account, { name: roleName(CONSUMER), trusts: ['fc.aliyuncs.com'], policies: [] })
  for (const [name, policy] of Object.entries(policies)) {
    const isDelegate = name === 'delegate'
    addRole(account, {
      name: isDelegate ? DELEGATE : roleName(name),
      trusts: isDelegate ? [roleName(isWeb ? WEB_SERVER : 'sts'), ...users] : ['fc.aliyuncs.com'],
      policies: [policy],
    })
  }
}

function openRoleSession(functionName: string, { account, now, functionKeys }: DeployContext) {
  const role = account.roles.find(({ name }) => name === roleName(functionName))
  if (!role) throw new Error(`The function ${functionName} has no role`)
  const credentials = issueSession(account, {
    role,
    sessionName: functionName,
    durationSeconds: SESSION_SECONDS,
    now: now(),
  })
  functionKeys.add(credentials.accessKeyId)
  return credentials
}
