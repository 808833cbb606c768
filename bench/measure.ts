import { fork } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** One thing to be timed; what it returns is only kept from being optimised away. */
export type Case = { name: string; run: () => unknown }

/** Microseconds an operation, by case name. */
export type Timings = Readonly<Record<string, number>>

const PROCESSES = 5
const ROUNDS = 41
const ROUND_MS = 4
const WARM_UP_MS = 600
const WARM_UP_COUNT = 16

/** Times cases in turns, each in fresh processes of `script`, which must call `timeAsChild`; takes their medians. */
export async function measure(script: string, names: readonly string[]): Promise<Timings> {
  const samples = names.map((): number[] => [])
  for (let turn = 0; turn < PROCESSES; turn += 1) {
    for (const [index, name] of names.entries()) samples[index]?.push(await inChild(script, name))
  }
  return Object.fromEntries(names.map((name, index) => [name, median(samples[index] ?? [])]))
}

/** In a process that `measure` started: times the case it was started for and ends. False in any other. */
export async function timeAsChild(cases: readonly Case[]): Promise<boolean> {
  const [, , name] = process.argv
  const asked = cases.find((known) => known.name === name)
  if (asked === undefined) return false
  process.send?.(await timeOf(asked.run))
  process.disconnect()
  return true
}

// What one case leaves behind (garbage, freed native memory, compiled code) would slow the next down.
function inChild(script: string, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(script, [name], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    child.once('message', (time) => resolve(Number(time)))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${name}: ended with ${code}, without a time`)))
  })
}

/**
 * Microseconds an operation: the best tenth of rounds so short that some are left alone by whatever else the machine
 * does. What disturbs a round only ever adds to it.
 */
export async function timeOf(run: Case['run']): Promise<number> {
  const count = await operationsPerRound(run)
  const samples: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) samples.push(await microseconds(run, count))
  return sorted(samples)[Math.floor(samples.length / 10)] ?? Number.NaN
}

// Long enough for the compiler to have done its best.
async function operationsPerRound(run: Case['run']): Promise<number> {
  const warmAt = performance.now() + WARM_UP_MS
  let time = Number.NaN
  while (performance.now() < warmAt) time = await microseconds(run, WARM_UP_COUNT)
  return Math.max(1, Math.round((ROUND_MS * 1000) / time))
}

async function microseconds(run: Case['run'], count: number): Promise<number> {
  const isAsync = run() instanceof Promise
  const start = process.hrtime.bigint()
  if (isAsync) for (let index = 0; index < count; index++) await run()
  else for (let index = 0; index < count; index++) kept = run()
  return Number(process.hrtime.bigint() - start) / 1000 / count
}

/** The last value that a case made: while it can be seen from here, making it can't be skipped. */
export let kept: unknown

/** The least that any V4 signature costs on a machine: SHA-256 of 300 bytes and one HMAC. */
export function floor(): string {
  const hashed = createHash('sha256').update(FLOOR_TEXT).digest('hex')
  return hashed + createHmac('sha256', FLOOR_TEXT).update(FLOOR_TEXT).digest('hex')
}

const FLOOR_TEXT = 'x'.repeat(300)

/** Collects all that is garbage now. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

/** The middle one of these numbers. */
export function median(values: readonly number[]): number {
  return sorted(values)[Math.floor(values.length / 2)] ?? Number.NaN
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((left, right) => left - right)
}
