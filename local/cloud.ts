import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, createClock } from './clock'
import { controlRoutes } from './control'
import { NEEDS_OSS, parseFaults } from './fault-rules'
import { asFolderError } from './folder-error'
import { InputError } from './input'
import { createJournal, type RequestRecord, toJsonLine, toLine } from './journal'
import {
  type LocalCloudOptions,
  type LocalInfo,
  PARTS,
  type Part,
  parseCloudOptions,
} from './options'
import type { FaultRule } from './oss/faults'
import {
  type Base,
  BUCKETS,
  openFunctions,
  openGateway,
  openOss,
  openSts,
  type Started,
  toInfo,
} from './parts'
import { createAccount } from './ram/account'
import type { Account } from './ram/types'
import { startAll } from './whole'

// With these the package's types have names for all that its one function takes and gives.
export type { FaultRule, LocalCloudOptions, LocalInfo, RequestRecord }

/** A running cloud. */
export type LocalCloud = {
  info: LocalInfo
  account: Account
  clock: Clock
  /** Replaces the failures that OSS shows clients. */
  setFaults: (rules: readonly FaultRule[]) => void
  /** What was received lately and what became of it, oldest first. */
  requests: () => readonly RequestRecord[]
  /** Stops everything and removes what was temporary; safe to call twice. */
  close: () => Promise<void>
}

/** Starts OSS, STS and the functions on this machine; what had started is stopped again when it fails. */
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
  onClose: Base['onClose'],
): Promise<Omit<LocalCloud, 'close'>> {
  const only = options.only ?? PARTS
  const clock = createClock(options.clock)
  const account = createAccount(options.seed)
  const journal = createJournal({
    now: clock.now,
    print: options.quiet ? () => undefined : (options.log ?? console.log),
    printNote: options.log ?? ((line) => process.stderr.write(`${line}\n`)),
    format: options.json ? toJsonLine : toLine,
  })
  const folder = makeFolder()
  onClose(() => rmSync(folder, { recursive: true, force: true }))
  const base: Base = { options, clock, account, journal, folder, onClose }
  const started = only.includes('fc') ? await startAll(base) : await startServers(base, only)
  const setFaults: LocalCloud['setFaults'] = (faults) => started.setFaults(parseFaults({ faults }))
  return { ...started, setFaults, account, clock, requests: journal.requests }
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'oss-direct-'))
  } catch (error) {
    throw asFolderError(error, tmpdir(), 'Name another by the environment variable TMPDIR.')
  }
}

async function startServers(base: Base, only: readonly Part[]): Promise<Started> {
  const { buckets = BUCKETS } = base.options
  const gateway = await openGateway(base, { functions: openFunctions(base) })
  const oss = only.includes('oss') ? await openOss(base, buckets) : undefined
  const sts = only.includes('sts') ? await openSts(base) : undefined
  const info = toInfo(base, { gateway, oss, sts })
  const setFaults: Started['setFaults'] = (rules) => {
    if (oss) oss.setFaults(rules)
    else if (rules.length > 0) throw new InputError('The faults are', [NEEDS_OSS])
  }
  gateway.addRoutes(controlRoutes({ ...base, info, setFaults }))
  return { info, setFaults }
}
