import { collectGarbage } from './measure'

// What a call keeps and allocates. Both are counts of bytes, which other load on the machine does not change.

type Call = () => unknown

/** How much 10,000 calls may let the heap grow: 50 bytes a call, less than any object that a call could keep. */
export const GROWTH_LIMIT_BYTES = 500_000

const CALLS = 10_000
const WARM_UP_CALLS = 2_000
const COUNTED_CALLS = 300

/** The options of Node that `allocatedPerCall` requires: a young generation that no collection empties meanwhile. */
export const FIXED_HEAP = [
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
  // Optimised code allocates less, but when V8 optimises depends on the time.
  '--no-opt',
  '--single-threaded',
]

/**
 * Returns the bytes by which 10,000 calls let the heap grow. Above `limit` it measures once more, because a leak grows
 * again, and compiled code does not.
 */
export async function heapGrowth(call: Call, limit: number): Promise<number> {
  await repeat(call, WARM_UP_CALLS)
  const first = await growthOf(call)
  return first > limit ? growthOf(call) : first
}

async function growthOf(call: Call): Promise<number> {
  const before = await usedBytes()
  await repeat(call, CALLS)
  return (await usedBytes()) - before
}

/** Returns the bytes that one call allocates on the heap, in a process with the options `FIXED_HEAP`. */
export async function allocatedPerCall(call: Call): Promise<number> {
  await repeat(call, COUNTED_CALLS)
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  await repeat(call, COUNTED_CALLS)
  return (process.memoryUsage().heapUsed - before) / COUNTED_CALLS
}

async function repeat(call: Call, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await call()
}

async function usedBytes(): Promise<number> {
  // Twice: objects of OpenSSL are freed after the collection that finds them unused.
  for (let turn = 0; turn < 2; turn += 1) {
    collectGarbage()
    await new Promise(setImmediate)
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
