import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildPage, type PageFile } from '../tools/page'
import { type Clock, createClock } from './clock'
import { controlRoutes } from './control'
import {
  bucketsOf,
  delegateArn,
  deploy,
  findRules,
  loadRules,
  type Surroundings,
  TRIGGERS,
} from './deployment'
import { createFunctions, type Functions } from './fc/functions'
import { type Gateway, type LocalRoute, startGateway } from './fc/gateway'
import { createTokenIssuer } from './idp'
import { createJournal, type Journal, type RequestRecord, toJsonLine, toLine } from './journal'
import { type OssServer, startOss } from './oss/server'
import { type AccountSeed, createAccount } from './ram/account'
import type { Account } from './ram/types'
import { type RulesUpdates, watchRules } from './rules-updates'
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
  /** Keys, users and roles. */
  seed?: AccountSeed
  /** The ISO time to start at. */
  clock?: string
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

export type LocalCloud = {
  info: LocalInfo
  account: Account
  clock: Clock
  /** What was received lately and what became of it, oldest first. */
  requests: () => readonly RequestRecord[]
  /** Stops everything and removes what was temporary; safe to call twice. */
  close: () => Promise<void>
}

const DEFAULT_PORT = 9000
const REGION = 'cn-hangzhou'
const BUCKETS = ['local-bucket']

/** Starts OSS, STS and the functions on this machine; what had started is stopped again when it fails. */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const undo: (() => unknown)[] = []
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= undoAll(undo)
    return closing
  }
  try {
    return { ...(await start(options, (act) => undo.push(act))), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function undoAll(undo: readonly (() => unknown)[]): Promise<void> {
  for (const act of [...undo].reverse()) await act()
}

/** What every part of the start works with. */
type Base = {
  options: LocalCloudOptions
  clock: Clock
  account: Account
  journal: Journal
  /** For everything temporary. */
  folder: string
  onClose: (act: () => unknown) => void
}

async function start(
  options: LocalCloudOptions,
  onClose: Base['onClose'],
): Promise<Omit<LocalCloud, 'close'>> {
  const only = options.only ?? PARTS
  if (only.includes('fc') && only.length < PARTS.length) {
    throw new Error('The functions (fc) need oss and sts as well')
  }
  const clock = createClock(options.clock)
  const account = createAccount(options.seed)
  const journal = createJournal({
    now: clock.now,
    print: options.quiet ? () => undefined : (options.log ?? console.log),
    format: options.json ? toJsonLine : toLine,
  })
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-'))
  onClose(() => rmSync(folder, { recursive: true, force: true }))
  const base: Base = { options, clock, account, journal, folder, onClose }
  const info = only.includes('fc') ? await startAll(base) : await startServers(base, only)
  return { info, account, clock, requests: journal.requests }
}

async function startServers(base: Base, only: readonly Part[]): Promise<LocalInfo> {
  const { buckets = BUCKETS } = base.options
  const gateway = await openGateway(base, { functions: openFunctions(base) })
  const oss = only.includes('oss') ? await openOss(base, buckets) : undefined
  const sts = only.includes('sts') ? await openSts(base) : undefined
  const info = toInfo(base, { gateway, oss, sts })
  gateway.addRoutes(controlRoutes({ ...base, info }))
  return info
}

async function startAll(base: Base): Promise<LocalInfo> {
  const { options, clock, account, folder, journal, onClose } = base
  const { buckets = BUCKETS } = options
  const rulesFile = findRules(options.rules)
  const rules = await loadRules(rulesFile, folder)
  const functions = openFunctions(base)
  let updates: RulesUpdates | undefined
  const refresh = async () => updates?.refresh()
  const gateway = await openGateway(base, { functions, refresh })
  const oss = await openOss(base, bucketsOf(rules, buckets))
  const sts = await openSts(base)
  const info = { ...toInfo(base, { gateway, oss, sts }), roleArn: delegateArn(account) }
  const issuer = await createTokenIssuer({ issuer: gateway.url, now: clock.now })
  gateway.addRoutes(controlRoutes({ ...base, info }))
  gateway.addRoutes([...issuer.routes, ...pageRoutes(await buildPage(oss.url))])
  const surroundings: Surroundings = {
    ...{ account, now: clock.now, bucket: info.bucket, region: info.region },
    ...{ gateway: gateway.url, oss: oss.url, sts: sts.url, callbackKey: oss.callbackKey },
    ...{ audience: issuer.audience, algorithm: issuer.algorithm },
    ticketSecret: randomBytes(32).toString('hex'),
  }
  await deploy({ functions, rules, rulesFile, folder, surroundings })
  if (options.watch) {
    const rebuild = async () => {
      const changed = await loadRules(rulesFile, folder)
      await deploy({ functions, rules: changed, rulesFile, folder, surroundings })
    }
    updates = watchRules({ file: rulesFile, rebuild, log: (text) => journal.note('local', text) })
    onClose(updates.close)
  }
  return info
}

function openFunctions({ account, clock, journal, onClose }: Base): Functions {
  const functions = createFunctions({
    ...{ accountId: account.id, region: REGION, now: clock.now, clock: clock.shared },
    log: journal.note,
  })
  onClose(functions.close)
  return functions
}

async function openGateway(
  { options, account, clock, journal, onClose }: Base,
  deployed: { functions: Functions; refresh?: () => Promise<void> },
): Promise<Gateway> {
  const { port = DEFAULT_PORT, host = '127.0.0.1' } = options
  const gateway = await startGateway({
    ...{ ...deployed, host, port, now: clock.now, accountId: account.id, log: journal.fc },
    triggers: deployed.refresh ? TRIGGERS : [],
  })
  onClose(gateway.close)
  return gateway
}

async function openOss(base: Base, buckets: readonly string[]): Promise<OssServer> {
  const { options, folder, journal, onClose } = base
  const dataDir = resolve(options.dataDir ?? join(folder, 'data'))
  mkdirSync(dataDir, { recursive: true })
  const oss = await startOss({
    ...{ ...commonOptions(base, 1), log: journal.oss, dataDir, region: REGION },
    buckets: [...buckets],
  })
  onClose(oss.close)
  return oss
}

async function openSts(base: Base): Promise<StsServer> {
  const sts = await startSts({ ...commonOptions(base, 2), log: base.journal.sts })
  base.onClose(sts.close)
  return sts
}

function commonOptions({ options, account, clock }: Base, step: number) {
  const { port = DEFAULT_PORT, host = '127.0.0.1' } = options
  return { host, account, now: clock.now, port: port === 0 ? 0 : port + step }
}

function toInfo(
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
    bucket: options.buckets?.[0] ?? 'local-bucket',
    region: REGION,
    accessKeyId: key.accessKeyId,
    accessKeySecret: key.accessKeySecret,
    roleArn: account.roles[0]?.arn ?? '',
  }
}

function pageRoutes(files: Readonly<Record<string, PageFile>>): LocalRoute[] {
  return Object.entries(files).map(([path, { contentType, body }]) => ({
    method: 'GET',
    path,
    answer: async () => ({
      status: 200,
      headers: { 'Content-Type': contentType, 'Cache-Control': 'no-cache' },
      body,
    }),
  }))
}
