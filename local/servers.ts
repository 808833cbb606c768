import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import type { Clock } from './clock'
import { TRIGGERS } from './deployment'
import type { FunctionKeys } from './fc/function-keys'
import { createFunctions, type Functions } from './fc/functions'
import { type Gateway, startGateway } from './fc/gateway'
import type { Invocations } from './fc/invocations'
import type { OssTrigger } from './fc/oss-trigger'
import { createWebFunction, type WebFunction } from './fc/web-function'
import { asFolderError, makeFolder } from './folders'
import type { Gate } from './gate'
import { createHostCheck, isLoopbackHost, isOwnOrigin } from './hosts'
import type { Inspections } from './inspect'
import type { Journal } from './journal'
import type { LocalCloudOptions, LocalInfo } from './options'
import type { FaultRule } from './oss/faults'
import { type OssServer, startOss } from './oss/server'
import type { Account } from './ram/types'
import { createSlots } from './slots'
import { createFcApi, type DeployedFunction } from './sts/apis/fc'
import { RAM_API } from './sts/apis/ram'
import { type StsServer, startSts } from './sts/server'

/** The context of every step of the start. */
export type StartContext = {
  options: LocalCloudOptions
  clock: Clock
  account: Account
  journal: Journal
  inspections: Inspections
  /** The gate in front of all servers. */
  gate: Gate
  functionKeys: FunctionKeys
  /** The folder for temporary files. */
  folder: string
  onClose: (act: () => unknown) => void
}

/** The result of a start. */
export type Started = {
  info: LocalInfo
  setFaults: (rules: readonly FaultRule[]) => void
}

const DEFAULT_PORT = 9000

/** The region of the local cloud. */
export const REGION = 'cn-hangzhou'

/** The default buckets. */
export const BUCKETS = ['local-bucket']

/** Creates the functions; none is deployed yet. */
export function openFunctions({
  options,
  account,
  clock,
  journal,
  onClose,
}: StartContext): Functions {
  const functions = createFunctions({
    ...{ accountId: account.id, region: REGION, now: clock.now, clock: clock.shared },
    log: journal.note,
    maxInstances: countInstances(options),
  })
  onClose(functions.close)
  return functions
}

/** Creates the function with the web server; none is deployed yet. */
export function openWebFunction({ account, clock, journal, onClose }: StartContext): WebFunction {
  const web = createWebFunction({
    ...{ accountId: account.id, region: REGION, now: clock.now, clock: clock.shared },
    log: journal.note,
  })
  onClose(web.close)
  return web
}

type Deployed = {
  functions: Functions
  web?: WebFunction | undefined
  refresh?: () => Promise<void>
  invocations?: Invocations
}

/** Starts the gateway, with the functions' triggers if the functions can be refreshed. */
export async function openGateway(
  { options, account, clock, journal, gate, onClose }: StartContext,
  { web, ...deployed }: Deployed,
): Promise<Gateway> {
  const { port = DEFAULT_PORT, host = '127.0.0.1' } = options
  const gateway = await startGateway({
    ...{ ...deployed, host, port, now: clock.now, accountId: account.id, log: journal.fc },
    ...(web && { web }),
    guard: gate.guard,
    isOwnHost: createHostCheck(options),
    triggers: deployed.refresh ? TRIGGERS : [],
  })
  onClose(gateway.close)
  return gateway
}

type OssContext = {
  buckets: readonly string[]
  /** The gateway, the default target of callbacks. */
  gateway: Gateway
  trigger?: OssTrigger
}

/** Starts OSS with these buckets. */
export async function openOss(
  context: StartContext,
  { buckets, gateway, trigger }: OssContext,
): Promise<OssServer> {
  const { options, folder, journal, inspections, functionKeys, onClose } = context
  const dataDir = resolve(options.dataDir ?? join(folder, 'data'))
  try {
    makeFolder(dataDir)
    const oss = await startOss({
      ...{ ...commonOptions(context, 1), log: journal.oss, dataDir, region: REGION },
      observe: inspections.observe,
      buckets: [...buckets],
      isFunctionRequest: ({ authorization }) => functionKeys.isNamedIn(authorization),
      isForeignOrigin: (origin) => !isOwnOrigin(origin, createHostCheck(options)),
      admitCallback: createCallbackGate(options, gateway),
      ...(trigger && { onCreated: trigger.onCreated }),
      ...(options.faults && { faults: options.faults }),
    })
    onClose(oss.close)
    return oss
  } catch (error) {
    throw asFolderError(error, dataDir, 'Choose another with --data DIR (dataDir in JavaScript).')
  }
}

/** Starts STS, which answers for RAM and the functions as well. */
export async function openSts(
  context: StartContext,
  functions: () => readonly DeployedFunction[] = () => [],
): Promise<StsServer> {
  const apis = [RAM_API, createFcApi({ functions, region: REGION })]
  const sts = await startSts({ ...commonOptions(context, 2), log: context.journal.sts, apis })
  context.onClose(sts.close)
  return sts
}

function countInstances({ instances }: LocalCloudOptions): number {
  return instances ?? availableParallelism()
}

// The gateway receives at most as many callbacks at once as it has instances: those that wait there
// would use up their 5 s. Other hosts have no limit.
function createCallbackGate(
  options: LocalCloudOptions,
  { port }: Gateway,
): (url: URL) => Promise<(() => void) | undefined> {
  const names = (options.callbackHosts ?? []).map((name) => name.toLowerCase())
  const slots = createSlots(countInstances(options))
  return async ({ protocol, hostname, port: urlPort }) => {
    const calledPort = urlPort || (protocol === 'https:' ? '443' : '80')
    if (isLoopbackHost(hostname) && calledPort === String(port)) return slots.take()
    const isNamed = names.includes(hostname) || names.includes(`${hostname}:${calledPort}`)
    return isNamed ? () => undefined : undefined
  }
}

function commonOptions({ options, account, clock, gate }: StartContext, step: number) {
  const { port = DEFAULT_PORT, host = '127.0.0.1' } = options
  const guard: Gate['guard'] = (listener) => gate.guard(listener, 'xml')
  return { host, account, guard, now: clock.now, port: port === 0 ? 0 : port + step }
}

/** Returns the URLs of the servers and a key to use with them. */
export function toInfo(
  { options, account }: StartContext,
  servers: { gateway: Gateway; oss: OssServer | undefined; sts: StsServer | undefined },
): LocalInfo {
  // A user's key if there is one: the root user may not assume roles.
  const key = account.keys.find(({ user }) => !user.root) ?? account.keys[0]
  if (!key) throw new Error('The account has no key')
  const [bucket = ''] = options.buckets ?? BUCKETS
  return {
    gateway: servers.gateway.url,
    oss: servers.oss?.url ?? '',
    sts: servers.sts?.url ?? '',
    bucket,
    bucketUrl: servers.oss && bucket ? servers.oss.url.replace('://', `://${bucket}.`) : '',
    region: REGION,
    accessKeyId: key.accessKeyId,
    accessKeySecret: key.accessKeySecret,
    roleArn: account.roles[0]?.arn ?? '',
  }
}
