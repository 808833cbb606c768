import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Clock } from './clock'
import { TRIGGERS } from './deployment'
import { createFunctions, type Functions } from './fc/functions'
import { type Gateway, startGateway } from './fc/gateway'
import type { Invocations } from './fc/invocations'
import type { OssTrigger } from './fc/oss-trigger'
import type { Journal } from './journal'
import type { FaultRule } from './oss/faults'
import { type OssServer, startOss } from './oss/server'
import type { AccountSeed } from './ram/account'
import type { Account } from './ram/types'
import { type StsServer, startSts } from './sts/server'

/** The parts of the cloud: `fc` is the functions, the page and the token issuer. */
export const PARTS = ['oss', 'sts', 'fc'] as const

export type Part = (typeof PARTS)[number]

export type LocalCloudOptions = {
  /** The gateway's; OSS and STS get the next two. 0 for any three that are free. */
  port?: number
  host?: string
  /** What to start, all when absent; `fc` needs the other two. */
  only?: readonly Part[]
  /** Where objects are kept; a folder of its own that `close` removes when absent. */
  dataDir?: string
  /** Made at the start; the first is the functions' own. */
  buckets?: readonly string[]
  rules?: string
  /** The function that upload events go to; the example when absent. */
  consumer?: string
  /** Settings of the functions beside or instead of the usual ones. */
  settings?: Readonly<Record<string, string>>
  /** Keys, users and roles. */
  seed?: AccountSeed
  /** The ISO time to start at. */
  clock?: string
  /** Failures that OSS is to show clients. */
  faults?: readonly FaultRule[]
  /** Rebuilds the functions when the rules file changes. */
  watch?: boolean
  /** Prints no line for each request. */
  quiet?: boolean
  /** Prints JSON objects instead of lines for a reader. */
  json?: boolean
  /** Takes the lines, instead of the console. */
  log?: (line: string) => void
}

/** What `/local/info` answers: base URLs without a trailing slash, `''` for a part left out. */
export type LocalInfo = {
  gateway: string
  oss: string
  sts: string
  bucket: string
  region: string
  /** The account's own key, with every right on the buckets. */
  accessKeyId: string
  accessKeySecret: string
  /** A role that this key may assume. */
  roleArn: string
}

/** What every part of the start works with. */
export type Base = {
  options: LocalCloudOptions
  clock: Clock
  account: Account
  journal: Journal
  /** For everything temporary. */
  folder: string
  onClose: (act: () => unknown) => void
}

/** What a start gives, beside what it was given. */
export type Started = {
  info: LocalInfo
  setFaults: (rules: readonly FaultRule[]) => void
}

const DEFAULT_PORT = 9000

/** The region that everything is in. */
export const REGION = 'cn-hangzhou'

/** The buckets that are made when no others are named. */
export const BUCKETS = ['local-bucket']

/** The functions, none deployed yet. */
export function openFunctions({ account, clock, journal, onClose }: Base): Functions {
  const functions = createFunctions({
    ...{ accountId: account.id, region: REGION, now: clock.now, clock: clock.shared },
    log: journal.note,
  })
  onClose(functions.close)
  return functions
}

/** The gateway, with the triggers of the functions when they can be refreshed. */
export async function openGateway(
  { options, account, clock, journal, onClose }: Base,
  deployed: { functions: Functions; refresh?: () => Promise<void>; invocations?: Invocations },
): Promise<Gateway> {
  const { port = DEFAULT_PORT, host = '127.0.0.1' } = options
  const gateway = await startGateway({
    ...{ ...deployed, host, port, now: clock.now, accountId: account.id, log: journal.fc },
    triggers: deployed.refresh ? TRIGGERS : [],
  })
  onClose(gateway.close)
  return gateway
}

/** OSS, with these buckets. */
export async function openOss(
  base: Base,
  buckets: readonly string[],
  trigger?: OssTrigger,
): Promise<OssServer> {
  const { options, folder, journal, onClose } = base
  const dataDir = resolve(options.dataDir ?? join(folder, 'data'))
  mkdirSync(dataDir, { recursive: true })
  const oss = await startOss({
    ...{ ...commonOptions(base, 1), log: journal.oss, dataDir, region: REGION },
    buckets: [...buckets],
    ...(trigger && { onCreated: trigger.onCreated }),
    ...(options.faults && { faults: options.faults }),
  })
  onClose(oss.close)
  return oss
}

/** STS. */
export async function openSts(base: Base): Promise<StsServer> {
  const sts = await startSts({ ...commonOptions(base, 2), log: base.journal.sts })
  base.onClose(sts.close)
  return sts
}

function commonOptions({ options, account, clock }: Base, step: number) {
  const { port = DEFAULT_PORT, host = '127.0.0.1' } = options
  return { host, account, now: clock.now, port: port === 0 ? 0 : port + step }
}

/** Where these servers are, and the key to use with them. */
export function toInfo(
  { options, account }: Base,
  servers: { gateway: Gateway; oss: OssServer | undefined; sts: StsServer | undefined },
): LocalInfo {
  // Of a user where there is one: the root may not assume roles.
  const key = account.keys.find(({ user }) => !user.root) ?? account.keys[0]
  if (!key) throw new Error('The account has no key')
  return {
    gateway: servers.gateway.url,
    oss: servers.oss?.url ?? '',
    sts: servers.sts?.url ?? '',
    bucket: (options.buckets ?? BUCKETS)[0] ?? '',
    region: REGION,
    accessKeyId: key.accessKeyId,
    accessKeySecret: key.accessKeySecret,
    roleArn: account.roles[0]?.arn ?? '',
  }
}
