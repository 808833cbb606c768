import { setTimeout as wait } from 'node:timers/promises'
import rules from '../rules'
import { createBudget } from '../shared/budget'
import { type CreatedObject, parseOssEvents } from '../shared/callback/oss-events'
import { proveCreated } from '../shared/callback/prove'
import { type Env, loadEnv } from '../shared/env/env'
import { toFcListener } from '../shared/env/fc'
import { proofContext, publishContext } from '../shared/env/wiring'
import { Refusal } from '../shared/errors'
import { toUploadEvent } from '../shared/events/event'
import { publishUpload } from '../shared/events/publish'
import { toUploaderAnswer } from '../shared/events/uploader-answer'

// `s.yaml` gives the function 20 s: room to wait for a callback's lease, and then to deliver.
const BUDGET_MS = 15_000
const POLL_MS = 1000

/** Publishes uploads whose callback did not, or not to the end; rejects while an event is owed. */
export async function uploadEvent(event: unknown, env: Env, requestId: string): Promise<void> {
  const created = parseOssEvents(event)
  if (!created) env.log('warn', 'event ignored', { requestId, why: 'not an event of OSS' })
  await Promise.all((created ?? []).map((object) => publishCreated(object, env, requestId)))
}

async function publishCreated(created: CreatedObject, env: Env, requestId: string): Promise<void> {
  const budget = createBudget(BUDGET_MS, env.elapsedMs)
  const proven = await proveCreated(created, proofContext(env, budget))
  if ('ignored' in proven) {
    const { bucket, key } = created
    env.log('info', 'upload ignored', { requestId, bucket, key, why: proven.ignored })
    return
  }
  const { rule, upload } = proven
  const publishing = publishContext(env, { rule, budget, requestId })
  const answer = await toUploaderAnswer(upload, rule, publishing)
  const publish = () => publishUpload({ answer, event: toUploadEvent(upload) }, publishing)
  let outcome = await publish()
  while (outcome.state === 'pending') {
    await wait(budget.share(POLL_MS))
    outcome = await publish()
  }
  if (outcome.state === 'failed') throw new Refusal('event_owed')
}

export const { handler, initializer } = toFcListener(uploadEvent, () =>
  loadEnv(rules, 'upload-event'),
)
