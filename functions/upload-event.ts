import { setTimeout as wait } from 'node:timers/promises'
import rules from '../rules'
import { type Budget, createBudget } from '../shared/budget'
import { type CreatedObject, parseOssEvents } from '../shared/callback/oss-events'
import { proveCreated } from '../shared/callback/prove'
import { type Env, loadEnv } from '../shared/env/env'
import { toFcListener } from '../shared/env/fc'
import { proofContext, publishContext } from '../shared/env/wiring'
import { Refusal } from '../shared/errors'
import { toUploadEvent } from '../shared/events/event'
import { LEASE_SECONDS, type Outcome, publishUpload } from '../shared/events/publish'
import { toUploaderAnswer } from '../shared/events/uploader-answer'

// `s.yaml` sets a timeout of 20 s: enough to wait for the lease of a callback and to deliver.
const BUDGET_MS = 15_000
const POLL_MS = 1000

/**
 * Publishes uploads whose callback is missing or did not finish; rejects while an event is neither delivered nor kept for
 * the sweep.
 */
export async function uploadEvent(event: unknown, env: Env, requestId: string): Promise<void> {
  const created = parseOssEvents(event)
  if (!created) env.log('warn', 'event ignored', { requestId, why: 'not an event of OSS' })
  await Promise.all((created ?? []).map((object) => publishCreated(object, env, requestId)))
}

async function publishCreated(created: CreatedObject, env: Env, requestId: string): Promise<void> {
  const budget = createBudget(BUDGET_MS, env.elapsedMs)
  const proven = await proveCreated(created, proofContext(env, budget))
  const ignore = (why: string) => {
    const { bucket, key } = created
    env.log('info', 'upload ignored', { requestId, bucket, key, why })
  }
  if ('ignored' in proven) return ignore(proven.ignored)
  const publishing = publishContext(env, { proven, budget, requestId })
  const answer = await toUploaderAnswer(proven, publishing)
  const entry = { answer, event: toUploadEvent(proven.upload) }
  const state = await finish(() => publishUpload(entry, publishing), budget)
  if (state === 'failed') throw new Refusal('event_owed')
  if (state === 'unclaimed') ignore('no callback claimed it')
}

// Waits for the callback's claim as long as for its delivery.
async function finish(publish: () => Promise<Outcome>, budget: Budget): Promise<Outcome['state']> {
  let { state } = await publish()
  for (let polls = 0; isOpen(state, polls); polls++) {
    await wait(budget.share(POLL_MS))
    state = (await publish()).state
  }
  return state
}

function isOpen(state: Outcome['state'], polls: number): boolean {
  return state === 'pending' || (state === 'unclaimed' && polls < LEASE_SECONDS)
}

/** The entry points that Function Compute calls. */
export const { handler, initializer } = toFcListener(uploadEvent, () =>
  loadEnv(rules, 'upload-event'),
)
