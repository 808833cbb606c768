import { allocatedPerCall, GROWTH_LIMIT_BYTES, heapGrowth } from './heap'
import { timeOf } from './measure'
import { ownCases } from './own-cases'

// Measures all our own signers in one process. Argument: the measure. Sends the bytes or microseconds of each by its name.

const PARTS = 10
const MEASURES = {
  growth: (run: () => unknown) => heapGrowth(run, GROWTH_LIMIT_BYTES),
  allocated: allocatedPerCall,
  times: timeOf,
} as const

/** A measure of this process. */
export type SignerMeasure = keyof typeof MEASURES

async function main(): Promise<void> {
  const measure = MEASURES[process.argv[2] as SignerMeasure]
  const measured: Record<string, number> = {}
  for (const { name, run } of ownCases(PARTS)) measured[name] = await measure(run)
  process.send?.(measured)
  process.disconnect()
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
