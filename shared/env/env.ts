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
import { doesRead, type FunctionName } from './function-settings'
import { parseSettings } from './settings'
import type { Settings } from './to-settings'

/** The outside world of one request. */
export type Env = {
  settings: Settings
  rules: Rules
  /** Of the function's own role. */
  credentials: Credentials
  /** Unix seconds. */
  now: number
  /** ms since this request came. */
  elapsedMs: () => number
  /** Of the account that the function runs in. */
  accountId: string
  uuid: () => string
  send: Send
  log: Log
  /** What this instance remembers between requests. */
  instance: Instance
}

type Instance = {
  tokens: TokenCache
  sessions: SessionCache
  denyList: DenyListCache
  /** Made by the one function that asks for them. */
  callbackKeys?: CallbackKeys
  /** Made only where the settings ask for it. */
  memoryLedger?: Ledger
}

/** What is the same for all requests of an instance, and how the `Env` of one of them is made. */
export type EnvSource = { settings: Settings; log: Log; at: (context: FcContext) => Env }

/** The parts of Function Compute's invocation context that we read. */
export type FcContext = {
  requestId: string
  accountId?: string
  credentials?: { accessKeyId?: string; accessKeySecret?: string; securityToken?: string }
}

/** What a function's settings and log lines come from and go to; the process itself when absent. */
type Process = {
  environment?: Readonly<Record<string, string | undefined>>
  write?: (line: string) => void
}

/** Reads the settings of this function from the environment; throws one error that lists every issue. */
export function loadEnv(
  rules: Rules,
  name: FunctionName,
  { environment = process.env, write = writeLine }: Process = {},
): EnvSource {
  const settings = parseSettings(environment, name)
  const log = createLog(settings.logLevel, write)
  if (doesRead(name, 'signatureVersion') && settings.signatureVersion === 'v1') {
    log('warn', 'signature version 1 leaves open', { unbound: V1_UNBOUND.join('; ') })
  }
  const send = createSend()
  const instance: Instance = {
    tokens: createTokenCache(),
    sessions: createSessionCache(),
    denyList: createDenyListCache(),
  }
  return {
    settings,
    log,
    at: (context) => ({
      settings,
      rules,
      credentials: roleCredentials(context),
      now: Math.floor(Date.now() / 1000),
      elapsedMs: stopwatch(),
      accountId: context.accountId ?? '',
      uuid: randomUUID,
      send,
      log,
      instance,
    }),
  }
}

function stopwatch(): () => number {
  // Not `performance`, whose first use costs a cold start 2 ms.
  const startedAt = process.hrtime.bigint()
  return () => Number(process.hrtime.bigint() - startedAt) / 1e6
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}

// Without its token the key pair looks like an unknown AccessKey; without a role there is none.
function roleCredentials({ credentials }: FcContext): Credentials {
  const { accessKeyId, accessKeySecret, securityToken } = credentials ?? {}
  if (!accessKeyId || !accessKeySecret || !securityToken) {
    throw new Error('Function Compute gave no role credentials: attach a role to this function')
  }
  return { accessKeyId, accessKeySecret, securityToken }
}
