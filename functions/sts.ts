import rules from '../rules'
import { verifyToken } from '../shared/auth/token'
import { plainCallback } from '../shared/callback/parameter'
import { authContext, decideContext, isLocal, ticketKeys } from '../shared/env/contexts'
import { type Env, loadEnv } from '../shared/env/env'
import { toFc } from '../shared/env/fc'
import { allowMethod, json, readJson } from '../shared/http/answer'
import type { HttpRequest, HttpResponse } from '../shared/http/message'
import { decidePrefix } from '../shared/policy/decide'
import type { PrefixGrant } from '../shared/policy/grant'
import { parseStsRequest } from '../shared/policy/parse-request'
import { signTicket } from '../shared/policy/signed-ticket'
import { toTicket } from '../shared/policy/ticket'
import { sessionPolicy } from '../shared/rules/session-policy'
import { toSessionName, toSourceIdentity } from '../shared/rules/subject'
import { assumeRoleOnce } from '../shared/sts/assume-role'
import type { AssumedRole } from '../shared/sts/sts-sdk'
import { toIsoTime } from '../shared/time'

// Clients refresh after 4/5 of the remaining time, before OSS refuses the token.
const REFRESH_AFTER = 0.8

/** Returns STS credentials that are limited to the caller's prefix. */
export async function sts(request: HttpRequest, env: Env): Promise<HttpResponse> {
  allowMethod(request, 'POST')
  const caller = await verifyToken(request.headers.authorization, authContext(env))
  const stsRequest = parseStsRequest(readJson(request))
  const context = { ...decideContext(env), sourceIp: request.sourceIp }
  const grant = await decidePrefix(caller, stsRequest, context)
  const credentials = await lend(grant, env)
  const { endpoint, region } = env.settings.target
  return json({
    credentials,
    bucket: grant.bucket,
    region,
    endpoint,
    prefix: grant.prefix,
    ...(grant.access !== 'read' && { headers: grant.headers, callback: callbackOf(grant, env) }),
    refreshAfter: toIsoTime(refreshAt(credentials, env.now)),
    serverTime: toIsoTime(env.now),
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
export const { handler, initializer } = toFc(sts, () => loadEnv(rules, 'sts'))
