import rules from '../rules'
import { verifyToken } from '../shared/auth/token'
import { callbackFields, callbackWithTicket } from '../shared/callback/parameter'
import { authContext, clientTarget, decideContext, ticketKeys } from '../shared/env/contexts'
import { type Env, loadEnv } from '../shared/env/env'
import { toFc } from '../shared/env/fc'
import { Refusal } from '../shared/errors'
import { allowMethod, json, readJson } from '../shared/http/answer'
import type { HttpRequest, HttpResponse } from '../shared/http/message'
import { decidePrefixForm, decideUpload } from '../shared/policy/decide'
import { formFields, formPolicy } from '../shared/policy/form-policy'
import type { PrefixFormGrant, UploadGrant } from '../shared/policy/grant'
import { parseFormRequest } from '../shared/policy/parse-request'
import { parseWebFormRequest } from '../shared/policy/parse-web-form'
import { signTicket } from '../shared/policy/signed-ticket'
import { toPrefixFormTicket, toTicket } from '../shared/policy/ticket'
import type { FormRequest } from '../shared/rules/requests'
import { reportsForms } from '../shared/rules/rights'
import { toMalformed } from '../shared/schema/issues'
import { bucketUrl } from '../shared/signing/target'
import { FORM_SIGNERS } from '../shared/signing/version'
import { toIsoTime } from '../shared/time'

/** Returns the signed fields of a form that posts objects directly to OSS, in the shape that the client reads. */
export async function postPolicy(request: HttpRequest, env: Env): Promise<HttpResponse> {
  const { as } = request.query
  if (isDialect(as)) return json(await answerWebForm(as, request, env))
  allowMethod(request, 'POST')
  if (as !== undefined) throw toMalformed('as', AS)
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
  return callbackFields({ url: env.settings.callbackUrl, ticket: ticketOf(grant, env) })
}

function ticketOf(grant: UploadGrant | PrefixFormGrant, env: Env): string {
  const origin = { id: env.uuid(), now: env.now }
  const ticket =
    grant.kind === 'upload' ? toTicket(grant, origin) : toPrefixFormTicket(grant, origin)
  return signTicket(ticket, ticketKeys(env))
}

const VERSIONS = { 'web-v4': 'v4', 'web-v1': 'v1' } as const
const AS = `must be ${Object.keys(VERSIONS).join(' or ')}, in the query of the URL`

function isDialect(as: string | undefined): as is keyof typeof VERSIONS {
  return as !== undefined && Object.hasOwn(VERSIONS, as)
}

async function answerWebForm(
  dialect: keyof typeof VERSIONS,
  { method, query, headers }: HttpRequest,
  env: Env,
): Promise<object> {
  if (method !== 'GET' && method !== 'POST') {
    throw new Refusal('method_not_allowed', { allow: 'GET, POST' })
  }
  const { rules, settings, credentials, now } = env
  const caller = await verifyToken(headers.authorization, authContext(env))
  const { as: _, ...members } = query
  const request = parseWebFormRequest(members)
  const grant =
    request.operation === 'form'
      ? await decideUpload(caller, request, decideContext(env))
      : await decidePrefixForm(caller, request, decideContext(env))
  const upload = rules.get(grant.rule)?.upload
  const callback = callbackWithTicket({ url: settings.callbackUrl, ticket: ticketOf(grant, env) })
  // Loaded only if it is used: most clients read the native shape.
  const { toWebForm } = await import('../shared/dialects/web-form')
  return toWebForm(dialect, {
    grant,
    contentTypes: upload?.contentTypes ?? [],
    waived: upload?.unenforced.form ?? [],
    callback,
    target: clientTarget(env, grant.bucket),
    credentials,
    now,
    sign: FORM_SIGNERS[VERSIONS[dialect]],
  })
}

/** The entry points that Function Compute calls. */
export const { handler, initializer } = toFc(postPolicy, () => loadEnv(rules, 'post-policy'))
