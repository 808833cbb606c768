import type { Budget } from '../budget'
import { Refusal } from '../errors'
import type { Log } from '../log'
import type { Entry } from './ledger'
import { type Missed, type OwedStore, timeOf } from './owed'
import type { Outcome } from './publish'

/** What a sweep needs of the world; `now` in Unix seconds. */
export type SweepContext = {
  store: OwedStore
  publish: (entry: Entry) => Promise<Outcome>
  /** Has an event of OSS that was missed processed again. */
  repeat: (missed: Missed['missed']) => Promise<void>
  now: number
  /** The time in which deliveries may start. */
  budget: Budget
  requestId: string
  log: Log
}

/** The counts of a sweep; `overdue` is what has been owed for more than an hour, and `listed` says if all was counted. */
export type Swept = { delivered: number; owed: number; overdue: number; listed: boolean }

/** The number of deliveries that one sweep tries. @internal */
export const MAX_ATTEMPTS = 5000
const AT_ONCE = 16
const OVERDUE_SECONDS = 3600

/**
 * Delivers what is owed, oldest first, until its attempts or its time are used up, and counts what is left. It holds one
 * page of names and the events that it is delivering, however many are owed. Two sweeps at once deliver an event twice at
 * most, with the same id.
 */
export async function sweepOwed(context: SweepContext): Promise<Swept> {
  const { store, now, budget } = context
  const swept: Swept = { delivered: 0, owed: 0, overdue: 0, listed: false }
  let attempts = 0
  for (let token: string | undefined; hasTime(budget); ) {
    const { names, next } = await store.list(token)
    for (let at = 0; at < names.length; at += AT_ONCE) {
      const some = names.slice(at, at + AT_ONCE)
      const tried = hasTime(budget) ? some.slice(0, MAX_ATTEMPTS - attempts) : []
      attempts += tried.length
      const states = await Promise.all(tried.map((name) => sweepOne(name, context)))
      for (const [index, name] of some.entries()) count(swept, name, states[index] ?? 'owed', now)
    }
    token = next
    if (token === undefined) return { ...swept, listed: true }
  }
  return swept
}

type State = 'delivered' | 'gone' | 'owed'

function count(swept: Swept, name: string, state: State, now: number): void {
  if (state === 'delivered') swept.delivered++
  if (state !== 'owed') return
  swept.owed++
  if (now - (timeOf(name) ?? 0) > OVERDUE_SECONDS) swept.overdue++
}

function hasTime({ share }: Budget): boolean {
  try {
    return share(1) > 0
  } catch {
    // It throws when no time is left.
    return false
  }
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
