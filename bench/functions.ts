import { FUNCTION_BUDGETS } from '../tools/build/budgets'
import { type Budget, printBudgets } from './budget'
import type { Sizes } from './function-process'
import { EMPTY, openRunner, type Runner } from './function-runner'
import { isQuick, median, tenthPercentile } from './measure'
import { OWN } from './own-cases'

// Size, cold start, time per call and memory of the built functions, each in a separate process.
// Run: npm run bench:functions

const WARM_TURNS = isQuick ? 1 : 5
const COLD_STARTS = isQuick ? 5 : 21
const MAX_CALL_US = 60
const MAX_CALL_URLS = 8
const MAX_HEAP_MIB = 2
// The times of an empty Node process and of the floor on the machine that the budgets were set on.
const EMPTY_MS = 32
const FLOOR_US = 5
const MAX_COLD_MS = { 'signed-url': 30, 'post-policy': 30, 'upload-callback': 30, sts: 90 }

type Name = keyof typeof MAX_COLD_MS
const NAMES = Object.keys(MAX_COLD_MS) as Name[]

async function main(): Promise<void> {
  const runner = await openRunner()
  try {
    printBudgets([
      ...sizes(runner),
      ...(await coldStarts(runner)),
      ...(await warmCalls(runner)),
      ...(await memory(runner)),
    ])
  } finally {
    runner.close()
  }
}

function sizes({ built }: Runner): Budget[] {
  return Object.entries(FUNCTION_BUDGETS).map(([name, { bytes }]) => {
    const value = built.find((each) => each.name === name)?.bytes ?? Number.NaN
    return { name: `${name}: bundle, bytes`, value, atMost: bytes, digits: 0 }
  })
}

async function coldStarts({ run }: Runner): Promise<Budget[]> {
  const times = new Map<string, number[]>([EMPTY, ...NAMES].map((name) => [name, []]))
  for (let turn = 0; turn < COLD_STARTS; turn += 1) {
    for (const [name, list] of times) {
      const startedAt = performance.now()
      await run('cold', name)
      list.push(performance.now() - startedAt)
    }
  }
  // Other load on the machine only ever adds time.
  const empty = tenthPercentile(times.get(EMPTY) ?? [])
  const speed = empty / EMPTY_MS
  return NAMES.flatMap((name) => {
    const value = tenthPercentile(times.get(name) ?? []) - empty
    return atSpeed(
      `${name}: cold first answer over empty Node, ms`,
      value,
      speed,
      MAX_COLD_MS[name],
    )
  })
}

async function warmCalls(runner: Runner): Promise<Budget[]> {
  const { run, runSigners, timeStsSdk } = runner
  const times = await inTurns({
    floor: () => run('floor', 'signed-url'),
    url: async () => (await runSigners('times'))[OWN.url4],
    put: () => run('warm', 'signed-url'),
    form: () => run('warm', 'post-policy'),
    callback: () => run('warm', 'upload-callback'),
    sts: () => run('warm', 'sts'),
    sdk: timeStsSdk,
  })
  const { floor, url, put, form, callback, sts, sdk } = times
  const speed = floor / FLOOR_US
  return [
    ...atSpeed('signed-url: event in to response out, us', put, speed, MAX_CALL_US),
    { name: 'signed-url: times its V4 URL', value: put / url, atMost: MAX_CALL_URLS },
    ...atSpeed('post-policy: event in to response out, us', form, speed, MAX_CALL_US),
    ...atSpeed('upload-callback: the same upload again, us', callback, speed, 2 * MAX_CALL_US),
    {
      name: 'sts, session kept: times faster than AssumeRole by the SDK',
      value: sdk / sts,
      atLeast: 5,
    },
  ]
}

// Returns the median of each, all measured alternately.
async function inTurns<Name extends string>(
  measures: Readonly<Record<Name, () => Promise<unknown>>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(measures) as Name[]
  const samples = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let turn = 0; turn < WARM_TURNS; turn += 1) {
    for (const name of names) samples.get(name)?.push(Number(await measures[name]()))
  }
  const medians = names.map((name) => [name, median(samples.get(name) ?? [])])
  return Object.fromEntries(medians)
}

// The measured value, and the value scaled to the machine that the budget was set on.
function atSpeed(name: string, value: number, speed: number, atMost: number): Budget[] {
  return [
    { name, value },
    {
      name: `  at our speed; here it takes ${speed.toFixed(2)} times as long`,
      value: value / speed,
      atMost,
    },
  ]
}

// V8's young generation grows to 48 MiB before a collection; the used heap shows leaks.
async function memory({ run }: Runner): Promise<Budget[]> {
  const budgets: Budget[] = []
  for (const name of ['signed-url', 'post-policy'] as const) {
    const [empty, after, later] = (await run('memory', name)) as [Sizes, Sizes, Sizes]
    const resident = after.resident - empty.resident
    const heap = after.heap - empty.heap
    budgets.push(
      {
        name: `${name}: MiB resident over empty Node after 10,000 calls`,
        value: resident,
      },
      {
        name: `${name}: MiB of heap in use over empty Node after them`,
        value: heap,
        atMost: MAX_HEAP_MIB,
      },
      {
        name: `${name}: MiB of heap more after 10,000 others`,
        value: later.heap - after.heap,
        atMost: 0.5,
      },
    )
  }
  return budgets
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
