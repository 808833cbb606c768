import rules from '../rules'
import { signTicket, toTicket } from '../shared/auth/ticket'
import { verifyToken } from '../shared/auth/token'
import { callbackParameter } from '../shared/callback/parameter'
import { authContext, clientTarget, decideContext, type Env, loadEnv } from '../shared/config'
import { allowMethod, json, readJson } from '../shared/http/answer'
import { toFc } from '../shared/http/fc'
import type { HttpRequest, HttpResponse } from '../shared/http/message'
import { decide } from '../shared/policy/decide'
import { formFields, formPolicy } from '../shared/policy/form-policy'
import type { UploadGrant } from '../shared/policy/grant'
import { parsePostPolicyWish } from '../shared/policy/wish'
import { signForm } from '../shared/signing/form'
import { bucketUrl } from '../shared/signing/target'
import { toIsoTime } from '../shared/time'

/** Answers with the signed fields of a form that posts one object straight to OSS. */
export async function postPolicy(request: HttpRequest, env: Env): Promise<HttpResponse> {
  allowMethod(request, 'POST')
  const caller = await verifyToken(request.headers.authorization, authContext(env))
  const wish = parsePostPolicyWish(readJson(request))
  const grant = await decide(caller, wish, decideContext(env))
  return json({
    method: 'POST',
    url: bucketUrl(clientTarget(env, grant.bucket)),
    fields: signedFields(grant, env),
    key: grant.key,
    maxBytes: grant.maxBytes,
    expiresAt: toIsoTime(grant.expiresAt),
    serverTime: toIsoTime(env.now),
  })
}

function signedFields(grant: UploadGrant, env: Env): Record<string, string> {
  const { settings, credentials, now } = env
  const ticket = signTicket(toTicket(grant, env.uuid()), settings.ticketSecrets)
  const callback = callbackParameter({ url: settings.callbackUrl, ticket })
  return signForm({
    fields: formFields(grant, callback.fields),
    target: clientTarget(env, grant.bucket),
    credentials,
    now,
    policyText: (fields) => formPolicy(fields, grant),
  })
}

export const { handler, initializer } = toFc(postPolicy, () => loadEnv(rules))
