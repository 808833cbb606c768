import { fork } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** One case to time; its result is kept only so that the call is not optimised away. */
export type Case = { name: string; run: () => unknown }

/** Microseconds per operation, by case name. */
export type Timings = Readonly<Record<string, number>>

/** True for a run that takes less time and says less: `npm run bench -- --quick`. */
export const isQuick = process.env.BENCH_QUICK === '1'

const PROCESSES = isQuick ? 1 : 5
const ROUNDS = isQuick ? 81 : 161
// Shorter than the time that a busy machine gives a process at once.
const ROUND_MS = 1
// Of the CPU: a busy machine is slow to optimise, too.
const WARM_UP_CPU_MS = 700
const WARM_UP_COUNT = 16

/**
 * Times cases alternately, each in fresh processes of `script`, which must call `timeAsChild`;
 * returns their medians in microseconds.
 */
export async function measure(script: string, names: readonly string[]): Promise<Timings> {
  const samples = names.map((): number[] => [])
  for (let turn = 0; turn < PROCESSES; turn += 1) {
    for (const [index, name] of names.entries()) samples[index]?.push(await inChild(script, name))
  }
  return Object.fromEntries(names.map((name, index) => [name, median(samples[index] ?? [])]))
}

/**
 * In a process that `measure` started, times its case and resolves to true; resolves to false in
 * any other process.
 */
export async function timeAsChild(cases: readonly Case[]): Promise<boolean> {
  const [, , name] = process.argv
  const selected = cases.find((known) => known.name === name)
  if (selected === undefined) return false
  process.send?.(await timeOf(selected.run))
  process.disconnect()
  return true
}

// A separate process per case: the garbage, freed native memory and compiled code of one would slow
// the next.
function inChild(script: string, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    // Without the options of tsx, which runs this file.
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const
    const child = fork(script, [name], { execArgv: [], stdio: [...stdio] })
    child.once('message', (time) => resolve(Number(time)))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${name}: ended with ${code}, without a time`)))
  })
}

/**
 * Returns microseconds per operation: the 10th percentile of short rounds, because other load on
 * the machine only ever adds time.
 */
export async function timeOf(run: Case['run']): Promise<number> {
  const count = await operationsPerRound(run)
  const samples: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) samples.push(await microseconds(run, count))
  return sorted(samples)[Math.floor(samples.length / 10)] ?? Number.NaN
}

// Long enough for the code to be compiled and optimised.
async function operationsPerRound(run: Case['run']): Promise<number> {
  const warmAt = cpuMs() + WARM_UP_CPU_MS
  let time = Number.NaN
  while (cpuMs() < warmAt) time = await microseconds(run, WARM_UP_COUNT)
  return Math.max(1, Math.round((ROUND_MS * 1000) / time))
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function microseconds(run: Case['run'], count: number): Promise<number> {
  const isAsync = run() instanceof Promise
  const start = process.hrtime.bigint()
  if (isAsync) for (let index = 0; index < count; index++) await run()
  else for (let index = 0; index < count; index++) kept = run()
  return Number(process.hrtime.bigint() - start) / 1000 / count
}

/** The last result of a case: exported, so that its computation cannot be optimised away. */
export let kept: unknown

/** Computes SHA-256 of 300 bytes and one HMAC: the minimum cost of a V4 signature on a machine. */
export function floor(): string {
  const hashed = createHash('sha256').update(FLOOR_TEXT).digest('hex')
  return hashed + createHmac('sha256', FLOOR_TEXT).update(FLOOR_TEXT).digest('hex')
}

const FLOOR_TEXT = 'x'.repeat(300)

/** Runs the garbage collector. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

/** Returns the median of these numbers. */
export function median(values: readonly number[]): number {
  return sorted(values)[Math.floor(values.length / 2)] ?? Number.NaN
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((left, right) => left - right)
}
