import type { Caller } from '../auth/caller'
import { encodedCallback } from '../callback/parameter'
import { clientTarget, decideContext, type Env } from '../env/env'
import { decide } from '../policy/decide'
import { downloadOverrides } from '../policy/disposition'
import type { DownloadGrant, UploadGrant } from '../policy/grant'
import { type Lifetime, lifetime, stableLifetime } from '../policy/lifetime'
import { putHeaders } from '../policy/put-headers'
import type { DownloadWish, PutWish } from '../policy/request'
import { signTicket, toTicket } from '../policy/ticket'
import { storableTypes } from '../rules/enforcement'
import type { SignedRequest, UrlOrder } from '../signing/url'
import { SIGNERS } from '../signing/version'
import { toIsoTime } from '../time'

/** A signed request, the key it is for, and when it ends. */
export type UrlAnswer = SignedRequest & { key: string; expiresAt: string }

/** Answers a wish to put, get or head one object. */
export async function answerObject(
  caller: Caller,
  wish: PutWish | DownloadWish,
  env: Env,
): Promise<UrlAnswer> {
  const grant = await decide(caller, wish, decideContext(env))
  const life = lifeOf(grant, env.now)
  const order = grant.kind === 'upload' ? uploadOrder(grant, env) : downloadOrder(grant, env)
  // Not a spread: one with many members costs Node 20 as much as a hash.
  const signed = SIGNERS[env.settings.signatureVersion].url(Object.assign(order, signer(life, env)))
  const { method, url, headers } = signed
  return { method, url, headers, key: grant.key, expiresAt: toIsoTime(life.expiresAt) }
}

/** What every URL that is signed now has in common. */
export function signer({ signedAt, expiresAt }: Lifetime, { credentials }: Env) {
  return { credentials, now: signedAt, expiresSeconds: expiresAt - signedAt }
}

function lifeOf(grant: UploadGrant | DownloadGrant, now: number): Lifetime {
  const limits = { now, expiresAt: grant.expiresAt }
  return grant.kind === 'download' && grant.stable ? stableLifetime(limits) : lifetime(limits)
}

type Order = Omit<UrlOrder, 'credentials' | 'now' | 'expiresSeconds'>

function uploadOrder(grant: UploadGrant, env: Env): Order {
  const { callbackUrl, ticketSecrets } = env.settings
  const ticket = signTicket(toTicket(grant, { id: env.uuid(), now: env.now }), ticketSecrets)
  const { callback, callbackVar } = encodedCallback({ url: callbackUrl, ticket })
  const { headers, additionalHeaders } = putHeaders(grant)
  return {
    method: 'PUT',
    target: clientTarget(env, grant.bucket),
    key: grant.key,
    query: { callback, 'callback-var': callbackVar },
    headers,
    additionalHeaders,
  }
}

function downloadOrder(grant: DownloadGrant, env: Env): Order {
  const { method, key, process } = grant
  const query = method === 'HEAD' ? {} : overridesOf(grant, env)
  const target = clientTarget(env, grant.bucket)
  return { method, target, key, query: { ...query, ...(process && { 'x-oss-process': process }) } }
}

// A rule that says how browsers take its objects has decided about scripts as well.
function overridesOf(grant: DownloadGrant, { rules }: Env): Record<string, string> {
  const rule = rules.get(grant.rule)
  const isDecided = rule?.download?.as !== undefined || grant.process !== undefined
  const contentTypes = isDecided ? [] : storableTypes(rule)
  const { key, as } = grant
  const asked = as !== undefined || grant.downloadName !== undefined
  const downloadName =
    grant.downloadName ?? (asked ? key.slice(key.lastIndexOf('/') + 1) : undefined)
  return downloadOverrides({
    contentTypes,
    ...(as !== undefined && { as }),
    ...(downloadName !== undefined && { downloadName }),
  })
}
