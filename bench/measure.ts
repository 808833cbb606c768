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
const WARM_UP_CPU_MS = isQuick ? 500 : 700
const TIMED_CPU_MS = isQuick ? 200 : 400
const BATCH = 64

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
 * Returns microseconds of CPU time per operation, the collection of its garbage included: other load on the machine only
 * makes a process wait.
 */
export async function timeOf(run: Case['run']): Promise<number> {
  // Long enough for the code to be compiled and optimised.
  await repeat(run, WARM_UP_CPU_MS)
  const { count, ms } = await repeat(run, TIMED_CPU_MS)
  return (ms * 1000) / count
}

async function repeat(run: Case['run'], forMs: number): Promise<{ count: number; ms: number }> {
  const isAsync = run() instanceof Promise
  const startedAt = cpuMs()
  let count = 0
  let ms = 0
  for (; ms < forMs; ms = cpuMs() - startedAt) {
    if (isAsync) for (let index = 0; index < BATCH; index++) await run()
    else for (let index = 0; index < BATCH; index++) kept = run()
    count += BATCH
  }
  return { count, ms }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
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

/** Returns the 10th percentile of these numbers. */
export function tenthPercentile(values: readonly number[]): number {
  return sorted(values)[Math.floor(values.length / 10)] ?? Number.NaN
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((left, right) => left - right)
}
