import { randomUUID } from 'node:crypto'
import { createDenyListCache, type DenyListCache } from '../auth/deny-list'
import { createTokenCache, type TokenCache } from '../auth/token'
import type { CallbackKeys } from '../callback/keys'
import type { Ledger } from '../events/ledger'
import type { Send } from '../http/message'
import { createSend } from '../http/send'
import { createLog, type Log } from '../log'
import type { Rules } from '../rules/rules'
import { V1_UNBOUND } from '../signing/limits'
import type { Credentials } from '../signing/v4'
import { createSessionCache, type SessionCache } from '../sts/assume-role'
import { checkCallbackRegion } from './callback-region'
import { doesRead, type FunctionName } from './function-settings'
import { parseSettings } from './settings'
import type { Settings } from './to-settings'

/** The settings, time, network and credentials of one request. */
export type Env = {
  settings: Settings
  rules: Rules
  /** The credentials of the function's role. */
  credentials: Credentials
  /** Unix seconds. */
  now: number
  /** Returns the milliseconds since this request started. */
  elapsedMs: () => number
  /** The id of the account that the function runs in. */
  accountId: string
  /** The name that this function is deployed by. */
  functionName: string
  uuid: () => string
  send: Send
  log: Log
  /** The caches that this instance keeps between requests. */
  instance: Instance
}

type Instance = {
  tokens: TokenCache
  sessions: SessionCache
  denyList: DenyListCache
  /** Created only by `upload-callback`. */
  callbackKeys?: CallbackKeys
  /** Created only for `LEDGER=memory`. */
  memoryLedger?: Ledger
}

/** The settings and log of an instance. */
export type EnvSource = {
  settings: Settings
  log: Log
  /** Creates the `Env` of one invocation of Function Compute. */
  at: (context: FcContext) => Env
  /** Creates the `Env` of one request that is answered as this identity. */
  as: (identity: Identity) => Env
}

/** The credentials that a request is answered with, and their account. */
export type Identity = { credentials: Credentials; accountId: string; functionName?: string }

/** The parts of the invocation context that are read here (Function Compute: context). */
export type FcContext = {
  requestId: string
  accountId?: string
  function?: { name?: string }
  credentials?: { accessKeyId?: string; accessKeySecret?: string; securityToken?: string }
}

/** The source of the settings and the destination of log lines; those of the process when absent. */
type Process = {
  environment?: Readonly<Record<string, string | undefined>>
  write?: (line: string) => void
}

/** Loads the settings of this function from the environment; throws one error that lists every issue. */
export function loadEnv(
  rules: Rules,
  name: FunctionName,
  { environment = process.env, write = writeLine }: Process = {},
): EnvSource {
  const settings = parseSettings(environment, name)
  checkCallbackRegion(rules, settings.target.region)
  const log = createLog(settings.logLevel, write)
  if (doesRead(name, 'signatureVersion') && settings.signatureVersion === 'v1') {
    log('warn', 'signature version 1 does not cover', { unbound: V1_UNBOUND.join('; ') })
  }
  const send = createSend()
  const instance: Instance = {
    tokens: createTokenCache(),
    sessions: createSessionCache(),
    denyList: createDenyListCache(),
  }
  const as: EnvSource['as'] = ({ credentials, accountId, functionName = '' }) => ({
    settings,
    rules,
    credentials,
    now: Math.floor(Date.now() / 1000),
    elapsedMs: stopwatch(),
    accountId,
    functionName,
    uuid: randomUUID,
    send,
    log,
    instance,
  })
  const at: EnvSource['at'] = (context) =>
    as({
      credentials: roleCredentials(context),
      accountId: context.accountId ?? '',
      functionName: context.function?.name ?? '',
    })
  return { settings, log, at, as }
}

function stopwatch(): () => number {
  // Not `performance`, whose first use adds 2 ms to a cold start.
  const startedAt = process.hrtime.bigint()
  return () => Number(process.hrtime.bigint() - startedAt) / 1e6
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}

// OSS rejects the key pair without its token as an unknown AccessKey; without a role there are no credentials.
function roleCredentials({ credentials }: FcContext): Credentials {
  const { accessKeyId, accessKeySecret, securityToken } = credentials ?? {}
  if (!accessKeyId || !accessKeySecret || !securityToken) {
    throw new Error('Function Compute provided no role credentials: attach a role to this function')
  }
  return { accessKeyId, accessKeySecret, securityToken }
}
