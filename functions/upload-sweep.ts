import rules from '../rules'
import { createBudget } from '../shared/budget'
import { parseMissed } from '../shared/callback/oss-events'
import { type Env, loadEnv } from '../shared/env/env'
import { toFcListener } from '../shared/env/fc'
import { owedStore, sweepContext } from '../shared/env/wiring'
import { sweepOwed } from '../shared/events/sweep'

// `s.yaml` sets a timeout of 60 s: no delivery starts after 45 s, and none takes longer than 10 s.
const SWEEP_MS = 45_000
const LIMIT_MS = 55_000

/**
 * Delivers the events that are owed, at each call of its timer. When Function Compute gives up an event of OSS, it calls
 * this function with it: the event is kept, and `upload-event` gets it again at the next sweep.
 */
export async function uploadSweep(event: unknown, env: Env, requestId: string): Promise<void> {
  const limit = createBudget(LIMIT_MS, env.elapsedMs)
  const missed = parseMissed(event)
  if (missed) {
    await owedStore(env, limit).keepMissed(missed, env.now)
    env.log('error', 'event missed', { requestId })
    return
  }
  if (env.settings.ledger !== 'oss') return
  const budget = createBudget(SWEEP_MS, env.elapsedMs)
  const swept = await sweepOwed(sweepContext(env, { budget, limit, requestId }))
  if (swept.delivered + swept.owed === 0) return
  env.log(swept.overdue > 0 ? 'error' : 'info', 'swept', { requestId, ...swept })
}

/** The entry points that Function Compute calls. */
export const { handler, initializer } = toFcListener(uploadSweep, () =>
  loadEnv(rules, 'upload-sweep'),
)
