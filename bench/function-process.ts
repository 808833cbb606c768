import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

// Runs one function in a process, as Function Compute does. Arguments: the task, the bundle, a file
// with the call.

// A function without an HTTP trigger answers an empty string.
type Answer = { statusCode: number; body: string } | ''
type Handler = (event: Buffer, context: object) => Promise<Answer>
type Call = { event: string; context: object }

const CALLS = 10_000
const MIB = 1024 ** 2
const [, , task, bundle, callFile] = process.argv

/** A task of this process. */
export type Task = 'cold' | 'warm' | 'floor' | 'memory' | 'files' | 'growth' | 'allocated'

const TASKS: Readonly<Record<Task, (call: () => Promise<Answer>) => Promise<unknown>>> = {
  // Only the first response; the parent measures the process from start to exit.
  cold: async (call) => check(await call()),
  warm: async (call) => {
    check(await call())
    // Loaded here, so that a cold start does not include it.
    const { timeOf } = await import('./measure')
    return timeOf(call)
  },
  // The speed of the machine, as a reference for the value above.
  floor: async () => {
    const { floor, timeOf } = await import('./measure')
    return timeOf(floor)
  },
  memory: async (call) => {
    const empty = await sizes()
    check(await call())
    return [empty, await sizesAfter(call), await sizesAfter(call)]
  },
  // The files that the first answer reads.
  files: async (call) => {
    check(await call())
    const others = Object.keys(require.cache).filter((file) => file !== __filename)
    return others.map((file) => basename(file)).sort()
  },
  growth: async (call) => {
    check(await call())
    const { heapGrowth, GROWTH_LIMIT_BYTES } = await import('./heap')
    return heapGrowth(call, GROWTH_LIMIT_BYTES)
  },
  allocated: async (call) => {
    check(await call())
    const { allocatedPerCall } = await import('./heap')
    return allocatedPerCall(call)
  },
}

/** Resident size and used heap, in MiB. */
export type Sizes = { resident: number; heap: number }

async function sizesAfter(call: () => Promise<Answer>): Promise<Sizes> {
  for (let count = 0; count < CALLS; count += 1) await call()
  return sizes()
}

async function sizes(): Promise<Sizes> {
  const resident = process.memoryUsage().rss / MIB
  const { collectGarbage } = await import('./measure')
  collectGarbage()
  return { resident, heap: process.memoryUsage().heapUsed / MIB }
}

function check(answer: Answer): void {
  if (answer === '' || answer.statusCode === 200) return
  throw new Error(`Status ${answer.statusCode}: ${answer.body}`)
}

async function main(): Promise<void> {
  const { event, context }: Call = JSON.parse(readFileSync(callFile ?? '', 'utf8'))
  const bytes = Buffer.from(event)
  // The first call loads the bundle, as in a cold start.
  let handler: Handler | undefined
  const result = await TASKS[task as Task](() => {
    handler ??= require(bundle ?? '').handler as Handler
    return handler(bytes, context)
  })
  process.send?.(result ?? null)
  process.exit()
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
