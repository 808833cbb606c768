import { allocatedPerCall, GROWTH_LIMIT_BYTES, heapGrowth } from './heap'
import { ownCases } from './own-cases'

// Measures the heap of all our own signers in one process. Argument: the measure. Sends the bytes of each by its name.

const PARTS = 10
const MEASURES = {
  growth: (run: () => unknown) => heapGrowth(run, GROWTH_LIMIT_BYTES),
  allocated: allocatedPerCall,
} as const

async function main(): Promise<void> {
  const measure = MEASURES[process.argv[2] as keyof typeof MEASURES]
  const bytes: Record<string, number> = {}
  for (const { name, run } of ownCases(PARTS)) bytes[name] = await measure(run)
  process.send?.(bytes)
  process.disconnect()
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
