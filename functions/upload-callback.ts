import rules from '../rules'
import { createBudget } from '../shared/budget'
import { proveUpload } from '../shared/callback/prove'
import { type Env, loadEnv } from '../shared/env/env'
import { toFc } from '../shared/env/fc'
import { callbackContext, publishContext } from '../shared/env/wiring'
import { toUploadEvent } from '../shared/events/event'
import { publishUpload } from '../shared/events/publish'
import { toUploaderAnswer } from '../shared/events/uploader-answer'
import { allowMethod, jsonText } from '../shared/http/answer'
import type { HttpRequest, HttpResponse } from '../shared/http/message'

// OSS waits 5 s for a response (OSS: Callback); the difference is for the network.
const BUDGET_MS = 4000

/** Returns the response for OSS to pass to the uploader: the proven upload, or a problem, 403 in most cases. */
export async function uploadCallback(request: HttpRequest, env: Env): Promise<HttpResponse> {
  allowMethod(request, 'POST')
  const budget = createBudget(BUDGET_MS, env.elapsedMs)
  const proven = await proveUpload(request, callbackContext(env, budget))
  const publishing = publishContext(env, { proven, budget, requestId: request.requestId })
  const answer = await toUploaderAnswer(proven, publishing)
  const outcome = await publishUpload({ answer, event: toUploadEvent(proven.upload) }, publishing)
  // The upload is proven in every state: an event that is not delivered stays in the ledger for the trigger and the sweep.
  return jsonText(outcome.answer)
}

/** The entry points that Function Compute calls. */
export const { handler, initializer } = toFc(uploadCallback, () =>
  loadEnv(rules, 'upload-callback'),
)
