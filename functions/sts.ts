import rules from '../rules'
import type { Caller } from '../shared/auth/caller'
import { verifyToken } from '../shared/auth/token'
import { plainCallback } from '../shared/callback/parameter'
import { toAliOss } from '../shared/dialects/ali-oss'
import { toLink } from '../shared/dialects/link'
import { toLinkAnswer } from '../shared/dialects/link-answer'
import { toLinkRefusal } from '../shared/dialects/link-refusal'
import {
  authContext,
  clientTarget,
  decideContext,
  isLocal,
  readDenied,
  ticketKeys,
} from '../shared/env/contexts'
import { type Env, loadEnv } from '../shared/env/env'
import { toFc } from '../shared/env/fc'
import { Refusal } from '../shared/errors'
import { allowMethod, json, problem, readJson } from '../shared/http/answer'
import type { HttpRequest, HttpResponse } from '../shared/http/message'
import { decidePrefix } from '../shared/policy/decide'
import { decideLink } from '../shared/policy/decide-link'
import type { PrefixGrant } from '../shared/policy/grant'
import { signLinkTicket, toLinkTicket } from '../shared/policy/link-ticket'
import { parseStsRequest } from '../shared/policy/parse-request'
import { signTicket } from '../shared/policy/signed-ticket'
import { toTicket } from '../shared/policy/ticket'
import type { StsRequest } from '../shared/rules/requests'
import { sessionPolicy } from '../shared/rules/session-policy'
import { toSessionName, toSourceIdentity } from '../shared/rules/subject'
import { toMalformed } from '../shared/schema/issues'
import { assumeRoleOnce } from '../shared/sts/assume-role'
import type { AssumedRole } from '../shared/sts/sts-sdk'
import { toIsoTime } from '../shared/time'

// Clients refresh after 4/5 of the remaining time, before OSS refuses the token.
const REFRESH_AFTER = 0.8

/** Returns STS credentials that are limited to the caller's prefix, in the shape that the client reads, or a link to them. */
export async function sts(request: HttpRequest, env: Env): Promise<HttpResponse> {
  if (isLink(request)) return json(toLinkAnswer(await lend(await openLink(request, env), env)))
  allowMethod(request, 'POST')
  const toAnswer = chooseAnswer(request.query.as)
  const caller = await verifyToken(request.headers.authorization, authContext(env))
  const stsRequest = parseStsRequest(readJson(request))
  const context = { ...decideContext(env), sourceIp: request.sourceIp }
  const grant = await decidePrefix(caller, stsRequest, context)
  return json(await toAnswer({ caller, stsRequest, grant, env }))
}

function isLink({ method, query }: HttpRequest): boolean {
  return method === 'GET' && query.ticket !== undefined
}

function openLink({ query, sourceIp }: HttpRequest, env: Env): Promise<PrefixGrant> {
  const context = { ...decideContext(env), sourceIp, ticketKeys: ticketKeys(env) }
  return decideLink(query.ticket ?? '', { ...context, readDenied: () => readDenied(env) })
}

/** Returns the answer to a refusal: to a link a 200, since its clients read no answer with a status of 400 or more. */
export function refuseSts(refusal: Refusal, request: HttpRequest): HttpResponse {
  return isLink(request) ? json(toLinkRefusal(refusal)) : problem(refusal, request.requestId)
}

type Granted = { caller: Caller; stsRequest: StsRequest; grant: PrefixGrant; env: Env }

const DIALECTS: Readonly<Record<string, (granted: Granted) => unknown>> = {
  'ali-oss': answerAliOss,
  link: answerLink,
}

function chooseAnswer(as: string | undefined): (granted: Granted) => unknown {
  if (as === undefined) return answerNatively
  const dialect = Object.hasOwn(DIALECTS, as) ? DIALECTS[as] : undefined
  if (dialect) return dialect
  throw toMalformed('as', `must be ${Object.keys(DIALECTS).join(' or ')}, in the query of the URL`)
}

async function answerNatively({ grant, env }: Granted) {
  const credentials = await lend(grant, env)
  const { endpoint, region } = env.settings.target
  return {
    credentials,
    bucket: grant.bucket,
    region,
    endpoint,
    prefix: grant.prefix,
    ...(grant.access !== 'read' && { headers: grant.headers, callback: callbackOf(grant, env) }),
    refreshAfter: toIsoTime(refreshAt(credentials, env.now)),
    serverTime: toIsoTime(env.now),
  }
}

async function answerAliOss({ grant, env }: Granted) {
  const { access, bucket, prefix, headers } = grant
  const upload = access !== 'read' && { headers, callback: callbackOf(grant, env) }
  return toAliOss(await lend(grant, env), { target: clientTarget(env, bucket), prefix, ...upload })
}

function answerLink({ caller, stsRequest, grant, env }: Granted) {
  const { now, settings, rules, uuid } = env
  const { bucket, prefix, access, durationSeconds, headers } = grant
  const rule = rules.get(grant.rule)
  if (rule === undefined) throw new Refusal('rule_unknown')
  const link = toLinkTicket(caller, stsRequest, { id: uuid(), now, rule })
  // Its last credentials end so much later than the link.
  const expiresAt = link.expiresAt + durationSeconds
  return toLink({
    ticket: signLinkTicket(link, ticketKeys(env)),
    expiresAt: link.expiresAt,
    now,
    target: clientTarget(env, bucket),
    prefix,
    ...(access !== 'read' && { headers, callback: callbackOf({ ...grant, expiresAt }, env) }),
    callbackUrl: settings.callbackUrl,
  })
}

async function lend(grant: PrefixGrant, env: Env): Promise<AssumedRole> {
  const { settings, credentials, now, instance } = env
  const input = {
    ...credentials,
    endpoint: settings.sts.endpoint,
    roleArn: settings.sts.roleArn,
    roleSessionName: toSessionName(grant.sub),
    ...(settings.sts.sourceIdentity && { sourceIdentity: toSourceIdentity(grant.sub) }),
    policy: sessionPolicy(grant, { secure: !isLocal(env) }),
    durationSeconds: grant.durationSeconds,
  }
  return assumeRoleOnce(input, { sessions: instance.sessions, now })
}

function callbackOf(grant: PrefixGrant, env: Env) {
  const { settings, uuid, now } = env
  const ticket = signTicket(toTicket(grant, { id: uuid(), now }), ticketKeys(env))
  return plainCallback({ url: settings.callbackUrl, ticket })
}

function refreshAt({ expiration }: AssumedRole, now: number): number {
  return Math.floor(now + (Date.parse(expiration) / 1000 - now) * REFRESH_AFTER)
}

/** The entry points that Function Compute calls. */
export const { handler, initializer } = toFc(sts, () => loadEnv(rules, 'sts'), refuseSts)
