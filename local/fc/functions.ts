import { randomUUID } from 'node:crypto'
import type { SessionCredentials } from '../ram/types'
import { type Instance, startInstance } from './instance'
import { createPool, Dropped, type Pool } from './pool'
import type { InvocationContext } from './worker-messages'

/** A deployed function. */
export type FunctionSpec = {
  name: string
  /** The bundle; it exports `handler` and optionally `initializer`. */
  file: string
  env: Readonly<Record<string, string>>
  /** Issues a session of the function's role. */
  openSession: () => SessionCredentials
  timeoutSeconds?: number
}

export type FunctionsOptions = {
  accountId: string
  region: string
  /** Unix ms. */
  now: () => number
  /** Shared with the functions' threads; see `WorkerInput`. */
  clock: SharedArrayBuffer
  /** Receives the functions' console output and errors. */
  log: (name: string, line: string) => void
  /** The maximum number of instances of one function. */
  maxInstances: number
}

/** The deployed functions. */
export type Functions = {
  /**
   * Replaces all functions once every new one has started; if one fails, the old ones stay and it
   * rejects.
   */
  deploy: (specs: readonly FunctionSpec[]) => Promise<void>
  /**
   * Resolves to the function's return value as a string. Rejects if it failed, after its log has
   * the details, and with `Dropped` if the signal aborted before it ran.
   */
  invoke: (
    name: string,
    event: Uint8Array,
    invocation: { requestId: string; signal?: AbortSignal | undefined },
  ) => Promise<string>
  /** Returns true if a function of this name is deployed. */
  has: (name: string) => boolean
  close: () => Promise<void>
}

type Deployed = { spec: FunctionSpec; pool: Pool; credentials: SessionCredentials }

const DEFAULT_TIMEOUT_SECONDS = 10
/** A session of a function is replaced this long before its end. */
export const RENEW_BEFORE_MS = 3_600_000

/** Creates an empty set of functions. */
export function createFunctions(options: FunctionsOptions): Functions {
  let deployed = new Map<string, Deployed>()

  async function deploy(specs: readonly FunctionSpec[]): Promise<void> {
    // All sessions first: one that cannot be issued must not leave threads running.
    const ready = specs.map((spec) => ({ spec, credentials: spec.openSession() }))
    const fresh = new Map(ready.map((each) => [each.spec.name, withPool(each, options)] as const))
    const started = await Promise.allSettled([...fresh.values()].map(({ pool }) => pool.warmUp()))
    const failed = started.flatMap((result) =>
      result.status === 'rejected' ? [result.reason] : [],
    )
    if (failed.length > 0) {
      await forEachPool(fresh, (pool) => pool.stop())
      throw new Error([...new Set(failed.map((error: Error) => error.message))].join('\n'))
    }
    const old = deployed
    deployed = fresh
    await forEachPool(old, (pool) => pool.retire())
  }

  const invoke: Functions['invoke'] = async (name, event, { requestId, signal }) => {
    const current = deployed.get(name)
    if (!current) throw new Error(`There is no function ${name}`)
    try {
      const makeContext = () => toContext(current, options, requestId)
      return await current.pool.invoke({ event, makeContext, signal })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (!(error instanceof Dropped)) options.log(name, reason)
      throw error
    }
  }

  const close = () => forEachPool(deployed, (pool) => pool.stop())
  return { deploy, invoke, has: (name) => deployed.has(name), close }
}

function withPool(
  each: Pick<Deployed, 'spec' | 'credentials'>,
  options: FunctionsOptions,
): Deployed {
  const deployed: Deployed = {
    ...each,
    pool: createPool({
      start: () => launch(deployed, options),
      maxInstances: options.maxInstances,
    }),
  }
  return deployed
}

function launch(
  { spec, credentials }: Pick<Deployed, 'spec' | 'credentials'>,
  options: FunctionsOptions,
): Promise<Instance> {
  const { name, file, env } = spec
  const context = contextOf(spec, credentials, options, randomUUID())
  return startInstance({
    file,
    env: { ...fcEnvironment(name, credentials, options), ...env },
    clock: options.clock,
    context,
    log: (line) => options.log(name, line),
  })
}

function toContext(current: Deployed, options: FunctionsOptions, requestId: string) {
  if (current.credentials.expiresAt - options.now() < RENEW_BEFORE_MS) {
    current.credentials = current.spec.openSession()
  }
  return contextOf(current.spec, current.credentials, options, requestId)
}

/** Returns the context of a call of this function. */
export function contextOf(
  { name, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: FunctionSpec,
  { accessKeyId, accessKeySecret, securityToken }: SessionCredentials,
  { accountId, region }: Pick<FunctionsOptions, 'accountId' | 'region'>,
  requestId: string,
): InvocationContext {
  return {
    requestId,
    credentials: { accessKeyId, accessKeySecret, securityToken },
    function: { name, handler: 'index.handler', memory: 512, timeout: timeoutSeconds },
    service: { logProject: '', logStore: '', qualifier: 'LATEST', versionId: '' },
    region,
    accountId,
  }
}

/**
 * Returns the variables that Function Compute sets (Function Compute 3.0: environment variables).
 */
export function fcEnvironment(
  name: string,
  credentials: SessionCredentials,
  { accountId, region }: Pick<FunctionsOptions, 'accountId' | 'region'>,
): Record<string, string> {
  return {
    ALIBABA_CLOUD_ACCESS_KEY_ID: credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: credentials.accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: credentials.securityToken,
    FC_ACCOUNT_ID: accountId,
    FC_FUNCTION_HANDLER: 'index.handler',
    FC_FUNCTION_MEMORY_SIZE: '512',
    FC_FUNCTION_NAME: name,
    FC_REGION: region,
    FC_INSTANCE_ID: `c-${randomUUID()}`,
    FC_FUNCTION_VERSION: 'LATEST',
    TZ: 'UTC',
  }
}

async function forEachPool(
  functions: ReadonlyMap<string, Deployed>,
  act: (pool: Pool) => Promise<void>,
): Promise<void> {
  await Promise.all([...functions.values()].map(({ pool }) => act(pool)))
}
