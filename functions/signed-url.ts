import rules from '../rules'
import type { Caller } from '../shared/auth/caller'
import { verifyToken } from '../shared/auth/token'
import { authContext, urlContext } from '../shared/env/contexts'
import { type Env, loadEnv } from '../shared/env/env'
import { toFc } from '../shared/env/fc'
import { Refusal } from '../shared/errors'
import { allowMethod, json, problemDocument, readJson } from '../shared/http/answer'
import type { HttpRequest, HttpResponse } from '../shared/http/message'
import {
  parseSignedUrlBody,
  parseSignedUrlRequest,
  type SignedUrlRequest,
} from '../shared/policy/parse-request'
import { toIsoTime } from '../shared/time'
import type { UrlContext } from '../shared/urls/context'
import { describeRules } from '../shared/urls/describe-rules'
import { signList } from '../shared/urls/list'
import {
  limitParts,
  signMultipart,
  signMultipartParts,
  type TakeParts,
} from '../shared/urls/multipart'
import { signDelete, signDownload, signPut } from '../shared/urls/object'

/**
 * Returns signed URLs that upload, download or delete one object, upload it in parts or list a folder, or the rules that
 * the caller may use; up to 100 requests at once.
 */
export async function signedUrl(request: HttpRequest, env: Env): Promise<HttpResponse> {
  allowMethod(request, 'POST')
  const caller = await verifyToken(request.headers.authorization, authContext(env))
  const body = parseSignedUrlBody(readJson(request))
  const context = Object.assign(urlContext(env), { takeParts: limitParts() })
  const serverTime = toIsoTime(env.now)
  if (body.operation !== 'batch') {
    return json(Object.assign(await sign(caller, body, context), { serverTime }))
  }
  const results = body.requests.map((each) =>
    signOrRefuse(caller, each, { context, requestId: request.requestId }),
  )
  return json({ results: await Promise.all(results), serverTime })
}

type Context = UrlContext & { takeParts: TakeParts }

function sign(caller: Caller, request: SignedUrlRequest, context: Context): Promise<object> {
  switch (request.operation) {
    case 'multipart':
      return signMultipart(caller, request, context)
    case 'multipart-parts':
      return signMultipartParts(caller, request, context)
    case 'delete':
      return signDelete(caller, request, context)
    case 'list':
      return signList(caller, request, context)
    case 'rules':
      return describeRules(caller, context)
    case 'put':
      return signPut(caller, request, context)
    default:
      return signDownload(caller, request, context)
  }
}

type Batch = { context: Context; requestId: string }

async function signOrRefuse(caller: Caller, input: unknown, batch: Batch): Promise<object> {
  try {
    return await sign(caller, parseSignedUrlRequest(input), batch.context)
  } catch (error) {
    if (error instanceof Refusal) return problemDocument(error, batch.requestId)
    throw error
  }
}

/** The entry points that Function Compute calls. */
export const { handler, initializer } = toFc(signedUrl, () => loadEnv(rules, 'signed-url'))
