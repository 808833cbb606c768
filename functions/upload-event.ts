import { setTimeout as wait } from 'node:timers/promises'
import rules from '../rules'
import { createBudget } from '../shared/budget'
import { headObject, type StoredObject } from '../shared/callback/confirm'
import { type CreatedObject, parseOssEvents } from '../shared/callback/oss-events'
import { ossAccess } from '../shared/env/contexts'
import { type Env, loadEnv } from '../shared/env/env'
import { toFcListener } from '../shared/env/fc'
import { publishContext } from '../shared/env/wiring'
import { Refusal } from '../shared/errors'
import { toTriggerUpload, toUploadEvent } from '../shared/events/event'
import { publishUpload } from '../shared/events/publish'
import { toUploaderAnswer } from '../shared/events/uploader-answer'
import { limitSend } from '../shared/http/limit-send'
import { isMetadataAllowed } from '../shared/policy/metadata'
import { findOwner } from '../shared/policy/owner'
import { isContentTypeAllowed } from '../shared/rules/content-type'
import type { Rule, UploadRule } from '../shared/rules/rule'
import type { Upload } from '../shared/rules/upload'

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
  const { bucket, key } = created
  const budget = createBudget(BUDGET_MS, env.elapsedMs)
  const limited = { ...env, send: limitSend(env.send, budget) }
  const found = await findUpload(created, limited)
  if ('ignored' in found) {
    env.log('info', 'upload ignored', { requestId, bucket, key, why: found.ignored })
    return
  }
  const { rule, upload } = found
  const answer = await toUploaderAnswer(upload, rule, { budget, log: env.log, requestId })
  const entry = { answer, event: toUploadEvent(upload) }
  const publish = () => publishUpload(entry, publishContext(env, { rule, budget, requestId }))
  let outcome = await publish()
  while (outcome.state === 'pending') {
    await wait(budget.share(POLL_MS))
    outcome = await publish()
  }
  if (outcome.state === 'failed') throw new Refusal('event_owed')
}

type Found = { rule: Rule; upload: Upload } | { ignored: string }

async function findUpload(created: CreatedObject, env: Env): Promise<Found> {
  const owner = findOwner(env.rules, created, env.settings.target.bucket)
  if (!owner?.rule.upload) return { ignored: 'under no rule' }
  const { rule, sub } = owner
  const stored = await look(created, env)
  if (stored?.etag !== created.reported.etag) return { ignored: 'deleted or replaced since' }
  if (!isWithin(stored, owner.rule.upload)) return { ignored: 'outside the limits of its rule' }
  const facts = { rule: rule.name, ...(sub !== undefined && { sub }) }
  return { rule, upload: toTriggerUpload(created, facts, stored) }
}

async function look({ bucket, key, reported }: CreatedObject, env: Env) {
  if (!env.settings.confirmUploads) return reported
  return headObject(key, ossAccess(env, bucket)).catch((error: unknown) => {
    if (error instanceof Refusal && error.reason === 'object_mismatch') return undefined
    throw error
  })
}

// A key says nothing of what was granted, so the rule's own limits are held against the object.
function isWithin(stored: StoredObject, upload: UploadRule): boolean {
  const { size, contentType, metadata } = stored
  const { minBytes, maxBytes, isSized, contentTypes } = upload
  return (
    (!isSized || (size >= minBytes && size <= maxBytes)) &&
    isContentTypeAllowed(contentType, contentTypes) &&
    isMetadataAllowed(metadata, upload)
  )
}

export const { handler, initializer } = toFcListener(uploadEvent, () => loadEnv(rules))
