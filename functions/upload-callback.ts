import rules from '../rules'
import { createBudget } from '../shared/budget'
import { confirmUpload, type StoredObject, unconfirmed } from '../shared/callback/confirm'
import { type Callback, parseCallback, proveUpload } from '../shared/callback/upload'
import { verifyCallbackSignature } from '../shared/callback/verify'
import { ossAccess } from '../shared/env/contexts'
import { type Env, loadEnv } from '../shared/env/env'
import { toFc } from '../shared/env/fc'
import { callbackKeys, publishContext } from '../shared/env/wiring'
import { Refusal } from '../shared/errors'
import { toUpload, toUploadEvent } from '../shared/events/event'
import { publishUpload } from '../shared/events/publish'
import { toUploaderAnswer } from '../shared/events/uploader-answer'
import { allowMethod, jsonText } from '../shared/http/answer'
import { limitSend } from '../shared/http/limit-send'
import type { HttpRequest, HttpResponse } from '../shared/http/message'
import { isMetadataAllowed } from '../shared/policy/metadata'
import { type Ticket, verifyTicket } from '../shared/policy/ticket'

// OSS waits 5 s for an answer (OSS: Callback); the rest is for the network between us.
const BUDGET_MS = 4000

/** Answers OSS with what it proves of an upload, so that the uploader learns it; 403 for the rest. */
export async function uploadCallback(request: HttpRequest, env: Env): Promise<HttpResponse> {
  allowMethod(request, 'POST')
  const { settings, now, log } = env
  const { requestId } = request
  const budget = createBudget(BUDGET_MS, env.elapsedMs)
  const callbackPath = new URL(settings.callbackUrl).pathname
  await verifyCallbackSignature(request, { callbackPath, keys: callbackKeys(env) })
  const callback = parseCallback(request.body)
  const secrets = settings.ticketSecrets
  const ticket = verifyTicket(callback.ticket, {
    secrets,
    now,
    use: ['url', 'form', 'sts', 'multipart'],
  })
  proveUpload(callback, ticket)
  const stored = await look(callback, ticket, { ...env, send: limitSend(env.send, budget) })
  const rule = env.rules.get(ticket.rule)
  // Forms and STS can add names that the rule does not have; only the stored object shows them.
  if (rule?.upload && !isMetadataAllowed(stored.metadata, rule.upload)) {
    throw new Refusal('object_mismatch')
  }
  const upload = toUpload(callback, ticket, stored)
  const answer = await toUploaderAnswer(upload, rule, { budget, log, requestId })
  const publishing = publishContext(env, { rule, budget, requestId })
  const outcome = await publishUpload({ answer, event: toUploadEvent(upload) }, publishing)
  // Proven either way: what could not be delivered yet waits in the ledger for OSS's trigger.
  return jsonText(outcome.answer)
}

async function look(callback: Callback, ticket: Ticket, env: Env): Promise<StoredObject> {
  if (!env.settings.confirmUploads) return unconfirmed(callback)
  return confirmUpload(callback, ticket, ossAccess(env, ticket.bucket))
}

export const { handler, initializer } = toFc(uploadCallback, () => loadEnv(rules))
