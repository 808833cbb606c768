import rules from '../rules'
import { verifyToken } from '../shared/auth/token'
import { callbackFields } from '../shared/callback/parameter'
import { authContext, clientTarget, decideContext, ticketKeys } from '../shared/env/contexts'
import { type Env, loadEnv } from '../shared/env/env'
import { toFc } from '../shared/env/fc'
import { allowMethod, json, readJson } from '../shared/http/answer'
import type { HttpRequest, HttpResponse } from '../shared/http/message'
import { decideUpload } from '../shared/policy/decide'
import { formFields, formPolicy } from '../shared/policy/form-policy'
import type { UploadGrant } from '../shared/policy/grant'
import { parseFormRequest } from '../shared/policy/parse-request'
import { signTicket } from '../shared/policy/signed-ticket'
import { toTicket } from '../shared/policy/ticket'
import type { FormRequest } from '../shared/rules/requests'
import { reportsForms } from '../shared/rules/rights'
import { toMalformed } from '../shared/schema/issues'
import { bucketUrl } from '../shared/signing/target'
import { FORM_SIGNERS } from '../shared/signing/version'
import { toIsoTime } from '../shared/time'

/** Returns the signed fields of a form that posts one object directly to OSS. */
export async function postPolicy(request: HttpRequest, env: Env): Promise<HttpResponse> {
  allowMethod(request, 'POST')
  const caller = await verifyToken(request.headers.authorization, authContext(env))
  const formRequest = parseFormRequest(readJson(request))
  const grant = await decideUpload(caller, formRequest, decideContext(env))
  return json({
    method: 'POST',
    url: bucketUrl(clientTarget(env, grant.bucket)),
    fields: signedFields(grant, formRequest, env),
    key: grant.key,
    maxBytes: grant.maxBytes,
    expiresAt: toIsoTime(grant.expiresAt),
    serverTime: toIsoTime(env.now),
  })
}

type Fields = Record<string, string>

function signedFields(grant: UploadGrant, formRequest: FormRequest, env: Env): Fields {
  const { settings, credentials, now } = env
  const answer = answerByOss(formRequest, env) ?? answerByCallback(grant, env)
  return FORM_SIGNERS[settings.signatureVersion]({
    fields: formFields(grant, answer),
    target: clientTarget(env, grant.bucket),
    credentials,
    now,
    policyText: (fields) => formPolicy(fields, grant),
  })
}

// With a callback these have no effect: OSS forwards the callback's response (OSS: Callback, PostObject).
function answerByOss({ rule, successStatus, redirect }: FormRequest, env: Env): Fields | undefined {
  const { rules, settings } = env
  if (redirect === undefined && successStatus === undefined) return undefined
  if (reportsForms(rules.get(rule))) {
    const path = redirect === undefined ? 'successStatus' : 'redirect'
    throw toMalformed(path, 'requires a form without a callback, which this rule does not allow')
  }
  if (redirect === undefined) return { success_action_status: String(successStatus) }
  if (settings.formRedirects.includes(redirect)) return { success_action_redirect: redirect }
  throw toMalformed('redirect', 'is not one of FORM_REDIRECTS')
}

function answerByCallback(grant: UploadGrant, env: Env): Fields {
  const { settings, uuid, now } = env
  const ticket = signTicket(toTicket(grant, { id: uuid(), now }), ticketKeys(env))
  return callbackFields({ url: settings.callbackUrl, ticket })
}

/** The entry points that Function Compute calls. */
export const { handler, initializer } = toFc(postPolicy, () => loadEnv(rules, 'post-policy'))
