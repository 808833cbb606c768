import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** One thing to be timed; what it returns is only kept from being optimised away. */
export type Case = { name: string; run: () => unknown }

/** Microseconds an operation, by case name. */
export type Timings = Readonly<Record<string, number>>

const ROUNDS = 101
const ROUND_MS = 4

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/**
 * Times cases in turns, in rounds so short that some are left alone by whatever else the machine does, and takes the
 * best tenth of each: what disturbs a round only ever adds to it.
 */
export async function measure(cases: readonly Case[]): Promise<Timings> {
  const samples = cases.map((): number[] => [])
  const counts: number[] = []
  for (const { run } of cases) counts.push(await operationsPerRound(run))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { run }] of cases.entries()) {
      // Or one case would pay for the garbage of the case before.
      collectGarbage()
      samples[index]?.push(await microseconds(run, counts[index] ?? 1))
    }
  }
  return Object.fromEntries(cases.map(({ name }, index) => [name, bestTenth(samples[index] ?? [])]))
}

async function operationsPerRound(run: Case['run']): Promise<number> {
  let count = 16
  while ((await microseconds(run, count)) * count < ROUND_MS * 1000) count *= 2
  return count
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

function bestTenth(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 10)] ?? Number.NaN
}
