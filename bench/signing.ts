import { measure, type Timings } from './measure'
import { FLOOR, signingCases } from './signing-cases'

type Budget = {
  name: string
  of: (timings: Timings) => number
  limit: string
  isKept: (value: number) => boolean
}

function ratio(over: string, under: string): Budget['of'] {
  return (timings) => (timings[over] ?? Number.NaN) / (timings[under] ?? Number.NaN)
}

const BUDGETS: readonly Budget[] = [
  {
    name: 'V4 URL, times faster than ali-oss',
    of: ratio('V4 URL: ali-oss', 'V4 URL: ours'),
    limit: '>= 8',
    isKept: (value) => value >= 8,
  },
  {
    name: 'V4 URL, times the floor',
    of: ratio('V4 URL: ours', FLOOR),
    limit: '<= 1.8',
    isKept: (value) => value <= 1.8,
  },
  {
    name: 'V4 form, times faster than ali-oss',
    of: ratio(
      'V4 form: ali-oss, policy and signature alone',
      'V4 form: ours, ticket, callback and all fields',
    ),
    limit: '>= 3',
    isKept: (value) => value >= 3,
  },
  {
    name: 'V1 URL, times faster than ali-oss',
    of: ratio('V1 URL: ali-oss', 'V1 URL: ours'),
    limit: '>= 3',
    isKept: (value) => value >= 3,
  },
  {
    name: 'one part of 1,000, times the floor (10 us where that is 5)',
    of: ratio('part of 1,000: ours', FLOOR),
    limit: '<= 2',
    isKept: (value) => value <= 2,
  },
  {
    name: 'callback, times the floor (60 us where that is 5)',
    of: ratio('callback: ours, signature, body, ticket and proof', FLOOR),
    limit: '<= 12',
    isKept: (value) => value <= 12,
  },
  {
    name: 'callback, times faster than the published sample',
    of: ratio(
      'callback: published sample, signature alone',
      'callback: ours, signature, body, ticket and proof',
    ),
    limit: '>= 4',
    isKept: (value) => value >= 4,
  },
]

async function main(): Promise<void> {
  const measured = await measure(signingCases())
  const name = 'part of 1,000: ours'
  const timings = { ...measured, [name]: (measured[name] ?? Number.NaN) / 1000 }
  for (const [name, time] of Object.entries(timings)) {
    console.log(name.padEnd(60), time.toFixed(2).padStart(9), 'us')
  }
  console.log('')
  for (const { name, of, limit, isKept } of BUDGETS) {
    const value = of(timings)
    console.log(
      name.padEnd(60),
      value.toFixed(2).padStart(9),
      limit.padEnd(8),
      isKept(value) ? 'kept' : 'MISSED',
    )
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
