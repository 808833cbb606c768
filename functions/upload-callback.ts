import rules from '../rules'
import { verifyTicket } from '../shared/auth/ticket'
import { confirmUpload } from '../shared/callback/confirm'
import { toUpload, uploadId } from '../shared/callback/event'
import { parseCallback, proveUpload } from '../shared/callback/upload'
import { verifyCallbackSignature } from '../shared/callback/verify'
import { type Env, loadEnv, ossAccess } from '../shared/config'
import { allowMethod, jsonText } from '../shared/http/answer'
import { toFc } from '../shared/http/fc'
import type { HttpRequest, HttpResponse } from '../shared/http/message'

/** Answers OSS with what it proves of an upload, so that the uploader learns it; 403 for the rest. */
export async function uploadCallback(request: HttpRequest, env: Env): Promise<HttpResponse> {
  allowMethod(request, 'POST')
  const { settings, instance, now } = env
  const callbackPath = new URL(settings.callbackUrl).pathname
  await verifyCallbackSignature(request, { callbackPath, keys: instance.callbackKeys })
  const callback = parseCallback(request.body)
  const secrets = settings.ticketSecrets
  const ticket = verifyTicket(callback.ticket, { secrets, now, use: ['url', 'form', 'sts'] })
  proveUpload(callback, ticket)
  const stored = await confirmUpload(callback, ossAccess(env, ticket.bucket))
  const upload = toUpload(callback, ticket, stored)
  const { key, size, etag, contentType, rule, sub } = upload
  const id = uploadId(upload)
  const answer = JSON.stringify({ status: 'ok', key, size, etag, contentType })
  const claim = await instance.ledger.claim(id, answer)
  if (!claim.first) return jsonText(claim.answer)
  env.log('info', 'upload proven', { requestId: request.requestId, id, rule, sub, key, size })
  return jsonText(answer)
}

export const { handler, initializer } = toFc(uploadCallback, () => loadEnv(rules))
