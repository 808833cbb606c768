import { FUNCTION_BUDGETS } from '../tools/build/budgets'
import { type Budget, printBudgets } from './budget'
import type { Sizes } from './function-process'
import { EMPTY, openRunner, type Runner } from './function-runner'
import { isQuick, median } from './measure'

// Size, cold start, time per call and memory of the built functions, each in a separate process.
// Run: npm run bench:functions

const COLD_STARTS = isQuick ? 5 : 21
const MAX_CALL_US = 60
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
  const empty = median(times.get(EMPTY) ?? [])
  const speed = empty / EMPTY_MS
  return NAMES.flatMap((name) => {
    const value = median(times.get(name) ?? []) - empty
    return atSpeed(
      `${name}: cold first answer over empty Node, ms`,
      value,
      speed,
      MAX_COLD_MS[name],
    )
  })
}

async function warmCalls({ run }: Runner): Promise<Budget[]> {
  const value = Number(await run('warm', 'signed-url'))
  const speed = Number(await run('floor', 'signed-url')) / FLOOR_US
  return atSpeed('signed-url: event in to response out, us', value, speed, MAX_CALL_US)
}

// The measured value, and the value scaled to the machine that the budget was set on.
function atSpeed(name: string, value: number, speed: number, atMost: number): Budget[] {
  return [
    { name, value, atMost },
    { name: `  the same at ${speed.toFixed(2)} times our speed`, value: value / speed, atMost },
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
        atMost: 15,
      },
      { name: `${name}: MiB of heap in use over empty Node after them`, value: heap, atMost: 15 },
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
