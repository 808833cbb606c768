import type { Budget } from '../budget'
import { Refusal } from '../errors'
import type { Log } from '../log'
import type { Entry } from './ledger'
import { type Missed, type OwedStore, timeOf } from './owed'
import type { Outcome } from './publish'

/** The store, the deliveries and the limits of a sweep; `now` in Unix seconds. */
export type SweepContext = {
  store: OwedStore
  publish: (entry: Entry) => Promise<Outcome>
  /** Has an event of OSS that was missed processed again. */
  repeat: (missed: Missed['missed']) => Promise<void>
  now: number
  /** The time in which deliveries may start. */
  budget: Budget
  /** Returns 0 to 1. */
  random: () => number
  requestId: string
  log: Log
}

/** The counts of a sweep; `overdue` is what has been owed for more than an hour, and `listed` says if all was counted. */
export type Swept = { delivered: number; owed: number; overdue: number; listed: boolean }

/** The number of deliveries that one sweep tries. @internal */
export const MAX_ATTEMPTS = 5000
/** The number of others that a sweep tries which is held up by events that fail. @internal */
export const MAX_OTHERS = 500
const AT_ONCE = 16
const OVERDUE_SECONDS = 3600

/**
 * Delivers what is owed, oldest first, until its attempts or its time are used up, and counts what is left. Where the first
 * half of them went to events of which most failed, it counts the others and tries some of these at random, so that no
 * number of failing events holds up the rest. It holds one page of names, those that it chose at random and the events that
 * it is delivering, however many are owed. Two sweeps at once deliver an event twice at most, with the same id.
 */
export async function sweepOwed(context: SweepContext): Promise<Swept> {
  const { store, now, budget, random } = context
  const swept: Swept = { delivered: 0, owed: 0, overdue: 0, listed: false }
  const others = createSample(random)
  const allMs = timeLeft(budget)
  let attempts = 0
  let failed = 0
  const isHeldUp = () =>
    failed * 2 > attempts && (attempts >= MAX_ATTEMPTS / 2 || timeLeft(budget) < allMs / 2)
  for (let token: string | undefined; timeLeft(budget) > (isHeldUp() ? allMs / 4 : 0); ) {
    const { names, next } = await store.list(token)
    for (const some of batchesOf(names)) {
      const isLeft = timeLeft(budget) > 0 && !isHeldUp()
      const tried = isLeft ? some.slice(0, MAX_ATTEMPTS - attempts) : []
      attempts += tried.length
      const states = await sweepAll(tried, context)
      failed += states.filter((state) => state === 'owed').length
      for (const [index, name] of some.entries()) count(swept, name, states[index] ?? 'owed', now)
      if (isHeldUp()) some.slice(tried.length).forEach(others.add)
    }
    token = next
    swept.listed = token === undefined
    if (swept.listed) break
  }
  for (const some of batchesOf(others.take())) {
    if (timeLeft(budget) === 0) break
    const states = await sweepAll(some, context)
    for (const [index, name] of some.entries()) recount(swept, name, states[index] ?? 'owed', now)
  }
  return swept
}

type State = 'delivered' | 'gone' | 'owed'

function count(swept: Swept, name: string, state: State, now: number): void {
  if (state === 'delivered') swept.delivered++
  if (state !== 'owed') return
  swept.owed++
  if (isOverdue(name, now)) swept.overdue++
}

// It was counted as owed.
function recount(swept: Swept, name: string, state: State, now: number): void {
  if (state === 'delivered') swept.delivered++
  if (state === 'owed') return
  swept.owed--
  if (isOverdue(name, now)) swept.overdue--
}

function isOverdue(name: string, now: number): boolean {
  return now - (timeOf(name) ?? 0) > OVERDUE_SECONDS
}

function timeLeft({ share }: Budget): number {
  try {
    return share(Number.MAX_SAFE_INTEGER)
  } catch {
    // It throws when no time is left.
    return 0
  }
}

function batchesOf(names: readonly string[]): string[][] {
  const count = Math.ceil(names.length / AT_ONCE)
  return Array.from({ length: count }, (_, at) => names.slice(at * AT_ONCE, (at + 1) * AT_ONCE))
}

/** Chooses `MAX_OTHERS` of the added names, each as probably as any other, and their order. */
function createSample(random: () => number) {
  let ranked: { name: string; rank: number }[] = []
  const cut = () => {
    ranked = ranked.sort((one, other) => one.rank - other.rank).slice(0, MAX_OTHERS)
  }
  return {
    add(name: string) {
      ranked.push({ name, rank: random() })
      if (ranked.length === 2 * MAX_OTHERS) cut()
    },
    take(): string[] {
      cut()
      return ranked.map(({ name }) => name)
    },
  }
}

function sweepAll(names: readonly string[], context: SweepContext): Promise<State[]> {
  return Promise.all(names.map((name) => sweepOne(name, context)))
}

async function sweepOne(name: string, context: SweepContext): Promise<State> {
  const { store, log, requestId } = context
  try {
    return await deliver(name, context)
  } catch (error) {
    const reason = error instanceof Refusal ? error.reason : 'unexpected'
    if (reason !== 'ticket_used') {
      log('error', 'event still owed', { requestId, name, reason })
      return 'owed'
    }
    // Its ticket proves another upload, so that this is none.
    await store.remove(name).catch(() => undefined)
    return 'gone'
  }
}

async function deliver(name: string, { store, publish, repeat, ...context }: SweepContext) {
  const owed = await store.read(name)
  // Whoever claimed it has delivered it meanwhile.
  if (owed === undefined) return 'gone'
  if (owed === 'damaged') {
    const { log, requestId } = context
    log('error', 'owed event damaged', { requestId, name })
    return 'owed'
  }
  if ('missed' in owed) {
    await repeat(owed.missed)
    await store.remove(name)
    return 'delivered'
  }
  const { state } = await publish(owed)
  return state === 'published' ? 'delivered' : 'owed'
}
