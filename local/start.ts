import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { OWED_PREFIX } from '../shared/events/owed'
import type { Rules } from '../shared/rules/rules'
import { loadRules } from '../tools/load-rules'
import { type Clock, createClock } from './clock'
import { controlRoutes, get } from './control'
import {
  bucketsOf,
  type DeployContext,
  delegateArn,
  deploy,
  findRules,
  NO_RULES,
} from './deployment'
import { NEEDS_OSS, parseFaults } from './fault-rules'
import { createFunctionKeys } from './fc/function-keys'
import { createInvocations } from './fc/invocations'
import { createOssTrigger } from './fc/oss-trigger'
import { startTimer } from './fc/timer'
import { asFolderError } from './folders'
import { createGate } from './gate'
import { createHostCheck } from './hosts'
import { createTokenIssuer } from './idp'
import { InputError } from './input'
import { createInspections, inspectRoutes } from './inspect'
import { createJournal, type RequestRecord, toJsonLine, toLine } from './journal'
import {
  type LocalCloudOptions,
  type LocalInfo,
  parseCloudOptions,
  SERVICES,
  type Service,
} from './options'
import type { FaultRule } from './oss/faults'
import { toOwedRecords } from './owed'
import { pageRoute } from './page'
import { plainRoutes } from './plain/routes'
import { createAccount } from './ram/account'
import type { Account } from './ram/types'
import { summarizeRules } from './rule-summaries'
import { type RulesUpdates, watchRules } from './rules-updates'
import {
  BUCKETS,
  openFunctions,
  openGateway,
  openOss,
  openSts,
  openWebFunction,
  REGION,
  type StartContext,
  type Started,
  toInfo,
} from './servers'
import type { DeployedFunction } from './sts/apis/fc'

// Exported so that the package's types have names for the parameters and results of its function.
export type { FaultRule, LocalCloudOptions, LocalInfo, RequestRecord }

// As in `s.yaml`.
const SWEEP_MS = 60_000

/** A running cloud. */
export type LocalCloud = {
  info: LocalInfo
  account: Account
  clock: Clock
  /** Replaces the faults that OSS applies to requests. */
  setFaults: (rules: readonly FaultRule[]) => void
  /** Returns the latest requests and their outcomes, oldest first. */
  requests: () => readonly RequestRecord[]
  /** Stops everything and removes temporary files; can be called twice. */
  close: () => Promise<void>
}

/**
 * Starts OSS, STS and the functions on this machine; if it fails, everything already started is
 * stopped.
 */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const undo: (() => unknown)[] = []
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= undoAll(undo)
    return closing
  }
  try {
    return { ...(await start(parseCloudOptions(options), (act) => undo.push(act))), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function undoAll(undo: readonly (() => unknown)[]): Promise<void> {
  for (const act of [...undo].reverse()) await act()
}

async function start(
  options: LocalCloudOptions,
  onClose: StartContext['onClose'],
): Promise<Omit<LocalCloud, 'close'>> {
  const only = options.only ?? SERVICES
  const clock = createClock(options.clock)
  const account = createAccount(options.seed)
  const inspections = createInspections()
  const written = createJournal({
    now: clock.now,
    print: options.quiet ? () => undefined : (options.log ?? console.log),
    printNote: options.log ?? ((line) => process.stderr.write(`${line}\n`)),
    format: options.json ? toJsonLine : toLine,
  })
  const note: StartContext['journal']['note'] = (source, text) => {
    inspections.readLog(text)
    written.note(source, text)
  }
  const journal = { ...written, note }
  const folder = makeFolder()
  onClose(() => rmSync(folder, { recursive: true, force: true }))
  const gate = createGate({
    isOwnHost: createHostCheck(options),
    log: (text) => journal.note('local', text),
  })
  const functionKeys = createFunctionKeys()
  const context: StartContext = {
    ...{ options, clock, account, journal, inspections, gate, functionKeys, folder, onClose },
  }
  const started = only.includes('fc') ? await startAll(context) : await startSome(context, only)
  gate.open()
  const setFaults: LocalCloud['setFaults'] = (faults) => started.setFaults(parseFaults({ faults }))
  return { ...started, setFaults, account, clock, requests: journal.requests }
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'oss-direct-'))
  } catch (error) {
    throw asFolderError(error, tmpdir(), 'Set another with the environment variable TMPDIR.')
  }
}

async function startSome(context: StartContext, only: readonly Service[]): Promise<Started> {
  const { buckets = BUCKETS } = context.options
  const gateway = await openGateway(context, { functions: openFunctions(context) })
  const oss = only.includes('oss') ? await openOss(context, { buckets, gateway }) : undefined
  const sts = only.includes('sts') ? await openSts(context) : undefined
  const info = toInfo(context, { gateway, oss, sts })
  const setFaults: Started['setFaults'] = (rules) => {
    if (oss) oss.setFaults(rules)
    else if (rules.length > 0) throw new InputError('The faults are', [NEEDS_OSS])
  }
  gateway.addRoutes(controlRoutes({ ...context, info, setFaults }))
  return { info, setFaults }
}

async function startAll(context: StartContext): Promise<Started> {
  const { options, clock, account, folder, journal, inspections, onClose } = context
  const { buckets = BUCKETS } = options
  const rulesFile = findRules(options.rules)
  const readRules = () => loadRules(rulesFile, { folder, wayOut: NO_RULES })
  let rules = await readRules()
  const functions = openFunctions(context)
  const web = options.server === 'web' ? openWebFunction(context) : undefined
  let updates: RulesUpdates | undefined
  const refresh = async () => updates?.refresh()
  const currentRules = async () => {
    await refresh()
    return rules
  }
  const invocations = createInvocations({ account, functions, region: REGION, now: clock.now })
  onClose(invocations.close)
  const gateway = await openGateway(context, { functions, web, refresh, invocations })
  const trigger = createOssTrigger(invocations.queue)
  const oss = await openOss(context, { buckets: bucketsOf(rules, buckets), gateway, trigger })
  let deployed: readonly DeployedFunction[] = []
  const sts = await openSts(context, () => deployed)
  const info = { ...toInfo(context, { gateway, oss, sts }), roleArn: delegateArn(account) }
  const issuer = await createTokenIssuer({ issuer: gateway.url, now: clock.now })
  const { setFaults } = oss
  gateway.addRoutes(controlRoutes({ ...context, info, setFaults }))
  gateway.addRoutes([...issuer.routes, pageRoute(oss.url)])
  const requestsAbout = inspections.find
  const { now } = clock
  const plain = { gateway: gateway.url, oss: oss.url, issue: issuer.issue, requestsAbout, now }
  gateway.addRoutes(plainRoutes({ ...plain, rules: currentRules }))
  gateway.addRoutes([
    get('/local/events', () => ({
      ...invocations.events(),
      owed: toOwedRecords(oss.keys(info.bucket, OWED_PREFIX)),
    })),
    ...inspectRoutes({ inspections, rules: currentRules, now: clock.now }),
    get('/local/rules', async () => ({ rules: summarizeRules(await currentRules()) })),
  ])
  const deployContext: DeployContext = {
    ...{
      account,
      now: clock.now,
      functionKeys: context.functionKeys,
      bucket: info.bucket,
      region: info.region,
    },
    ...{ gateway: gateway.url, oss: oss.url, sts: sts.url, callbackKey: oss.callbackKey },
    ...{ audience: issuer.audience, algorithm: issuer.algorithm },
    ticketSecret: randomBytes(32).toString('hex'),
    // The functions log a line per request too.
    settings: { ...(options.quiet && { LOG_LEVEL: 'warn' }), ...options.settings },
  }
  const release = async (latest: Rules) => {
    const consumerFile = options.consumer && resolve(options.consumer)
    deployed = await deploy({
      ...{ functions, web, rules: latest, rulesFile, consumerFile, folder },
      context: deployContext,
    })
    trigger.watch(latest, info.bucket)
    rules = latest
  }
  await release(rules)
  const sweep = (time: number) => invocations.queue('upload-sweep', toTimerEvent(time))
  onClose(startTimer({ everyMs: SWEEP_MS, now: clock.now, act: sweep }).close)
  if (options.watch) {
    const rebuild = async () => release(await readRules())
    updates = watchRules({ file: rulesFile, rebuild, log: (text) => journal.note('local', text) })
    onClose(updates.close)
  }
  return { info, setFaults }
}

// Function Compute: timer triggers, event format.
function toTimerEvent(time: number): object {
  return { triggerTime: new Date(time).toISOString(), triggerName: 'timer', payload: '' }
}
