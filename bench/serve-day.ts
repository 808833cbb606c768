import { arrive, type Platform, type RequestTimes, type Simulated, simulate } from './capacity'

// A million uploads a day with a burst of twenty times the average, by the functions and by the web server.

const UPLOADS = 1_000_000
const DAY_SECONDS = 86_400
const BURST = 20
const BURST_SECONDS = 600
const WARM_UP_SECONDS = 60
const AVERAGE = UPLOADS / DAY_SECONDS
const BASE = (UPLOADS - AVERAGE * BURST * BURST_SECONDS) / (DAY_SECONDS - BURST_SECONDS)

// Assumptions; docs/operations.md lists them.
const ROUND_TRIP_MS = 10
// HeadObject, claim, delivery and settling, one after the other; the trigger finds all done after two.
const CALLBACK_TRIPS = 4
const TRIGGER_TRIPS = 2
const CONSUMER_CPU_MS = 1
const REGION_INSTANCES = 100
// Function Compute's price list of August 2026.
const CU_PER_CALL = 75 / 10_000
const CU_PER_VCPU_SECOND = 1
const CU_PER_GB_SECOND = 0.15
const CNY_PER_CU = 0.00011

const SMALL = { vcpu: 0.35, memoryGb: 0.5 }
const LARGE = { vcpu: 1, memoryGb: 1 }
const AT_ONCE = 100

type Group = {
  kinds: RequestTimes[]
  size: typeof SMALL
  concurrency: number
  isAnswering: boolean
}
type Run = Simulated & { group: Group }

/** Prints instances, times and cost of that day, by these times of one core. */
export function printDay({
  signCpuMs,
  callbackCpuMs,
}: {
  signCpuMs: number
  callbackCpuMs: number
}): void {
  const sign = { cpuMs: signCpuMs, waitMs: 0 }
  const callback = { cpuMs: callbackCpuMs, waitMs: ROUND_TRIP_MS * CALLBACK_TRIPS }
  const trigger = { cpuMs: callbackCpuMs, waitMs: ROUND_TRIP_MS * TRIGGER_TRIPS }
  const consumer = { cpuMs: CONSUMER_CPU_MS, waitMs: 0 }
  const alone = (times: RequestTimes, isAnswering: boolean) => ({
    ...{ kinds: [times], size: SMALL, concurrency: 1, isAnswering },
  })
  const listeners = [alone(trigger, false), alone(consumer, false)]
  const server = (size: typeof SMALL) => ({
    ...{ kinds: [sign, callback], size, concurrency: AT_ONCE, isAnswering: true },
  })
  const ways: [string, Group[]][] = [
    ['functions, 0.35 vCPU', [alone(sign, true), alone(callback, true), ...listeners]],
    ['web server, 0.35 vCPU', [server(SMALL), ...listeners]],
    ['web server, 1 vCPU', [server(LARGE), ...listeners]],
  ]
  console.log(`${'instances at the burst'.padEnd(40)}answering  listening   p99, ms   CNY a day`)
  for (const [name, groups] of ways) {
    for (const coldStartMs of [250, 500, 1000]) printRow(name, groups, coldStartMs)
  }
  console.log(`A region has ${REGION_INSTANCES} instances for all functions of an account, or 300.`)
}

function printRow(name: string, groups: readonly Group[], coldStartMs: number): void {
  const burst = groups.map((group) => run(group, coldStartMs, BURST_SECONDS))
  const calm = groups.map((group) => run(group, coldStartMs, 0))
  const answering = burst.filter(({ group }) => group.isAnswering)
  const listening = burst.filter(({ group }) => !group.isAnswering)
  const cells = [
    sum(answering, ({ instances }) => instances).toFixed(0),
    sum(listening, ({ instances }) => instances).toFixed(0),
    Math.max(...answering.map(({ p99Ms }) => p99Ms)).toFixed(0),
    costOf(burst, calm).toFixed(2),
  ]
  const label = `${name}, cold start ${coldStartMs} ms`
  console.log(label.padEnd(40) + cells.map((cell) => cell.padStart(10)).join(' '))
}

function run(group: Group, coldStartMs: number, burstSeconds: number): Run {
  const { kinds, size, concurrency } = group
  const calm = arrive(kinds, { perSecond: BASE, seconds: WARM_UP_SECONDS, seed: 1 })
  const burst = arrive(kinds, { perSecond: AVERAGE * BURST, seconds: burstSeconds, seed: 2 })
  const later = burst.map(({ at, times }) => ({ at: at + WARM_UP_SECONDS * 1000, times }))
  const platform: Platform = { vcpu: size.vcpu, concurrency, coldStartMs }
  return { ...simulate([...calm, ...later], platform), group }
}

// The minute before the burst stands for the rest of the day.
function costOf(burst: readonly Run[], calm: readonly Run[]): number {
  const units = burst.map(({ activeSeconds, group: { kinds, size } }, at) => {
    const before = calm[at]?.activeSeconds ?? 0
    const rest = (before * (DAY_SECONDS - BURST_SECONDS)) / WARM_UP_SECONDS
    const active = activeSeconds - before + rest
    const perSecond = size.vcpu * CU_PER_VCPU_SECOND + size.memoryGb * CU_PER_GB_SECOND
    return kinds.length * UPLOADS * CU_PER_CALL + active * perSecond
  })
  return sum(units, (unit) => unit) * CNY_PER_CU
}

function sum<Item>(items: readonly Item[], pick: (item: Item) => number): number {
  return items.reduce((total, item) => total + pick(item), 0)
}
