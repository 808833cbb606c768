import rules from '../rules'
import { signTicket, toTicket } from '../shared/auth/ticket'
import { verifyToken } from '../shared/auth/token'
import { callbackParameter } from '../shared/callback/parameter'
import { authContext, clientTarget, decideContext, type Env, loadEnv } from '../shared/config'
import { allowMethod, json, readJson } from '../shared/http/answer'
import { toFc } from '../shared/http/fc'
import type { HttpRequest, HttpResponse } from '../shared/http/message'
import { decide } from '../shared/policy/decide'
import type { DownloadGrant, UploadGrant } from '../shared/policy/grant'
import { putHeaders } from '../shared/policy/put-headers'
import { parseSignedUrlWish } from '../shared/policy/wish'
import { contentDisposition } from '../shared/signing/disposition'
import { type SignedRequest, signUrl } from '../shared/signing/url'
import { toIsoTime } from '../shared/time'

/** Answers with a signed URL that puts, gets or heads one object, and the headers to send with it. */
export async function signedUrl(request: HttpRequest, env: Env): Promise<HttpResponse> {
  allowMethod(request, 'POST')
  const caller = await verifyToken(request.headers.authorization, authContext(env))
  const wish = parseSignedUrlWish(readJson(request))
  const grant = await decide(caller, wish, decideContext(env))
  const signed = grant.kind === 'upload' ? signUpload(grant, env) : signDownload(grant, env)
  return json({
    ...signed,
    key: grant.key,
    expiresAt: toIsoTime(grant.expiresAt),
    serverTime: toIsoTime(env.now),
  })
}

function signUpload(grant: UploadGrant, env: Env): SignedRequest {
  const { settings, credentials, now } = env
  const ticket = signTicket(toTicket(grant, env.uuid()), settings.ticketSecrets)
  const { callback, callbackVar } = callbackParameter({ url: settings.callbackUrl, ticket })
  return signUrl({
    method: 'PUT',
    target: clientTarget(env, grant.bucket),
    key: grant.key,
    query: { callback, 'callback-var': callbackVar },
    ...putHeaders(grant),
    expiresSeconds: grant.expiresAt - now,
    credentials,
    now,
  })
}

function signDownload(grant: DownloadGrant, env: Env): SignedRequest {
  const { credentials, now } = env
  return signUrl({
    method: grant.method,
    target: clientTarget(env, grant.bucket),
    key: grant.key,
    query: downloadQuery(grant),
    expiresSeconds: grant.expiresAt - now,
    credentials,
    now,
  })
}

function downloadQuery({ as, downloadName, key, method }: DownloadGrant): Record<string, string> {
  if (method === 'HEAD' || (as === undefined && downloadName === undefined)) return {}
  const name = downloadName ?? key.slice(key.lastIndexOf('/') + 1)
  return { 'response-content-disposition': contentDisposition(as ?? 'attachment', name) }
}

export const { handler, initializer } = toFc(signedUrl, () => loadEnv(rules))
