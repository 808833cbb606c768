import rules from '../rules'
import type { Caller } from '../shared/auth/caller'
import { verifyToken } from '../shared/auth/token'
import { authContext, type Env, loadEnv } from '../shared/env/env'
import { toFc } from '../shared/env/fc'
import { Refusal } from '../shared/errors'
import { allowMethod, json, problemDocument, readJson } from '../shared/http/answer'
import type { HttpRequest, HttpResponse } from '../shared/http/message'
import { parsePartsWish } from '../shared/policy/parts-request'
import { parseMultipartWish, parseSignedUrlWish } from '../shared/policy/request'
import { toIsoTime } from '../shared/time'
import { limitParts, readBatch, type TakeParts } from '../shared/urls/batch'
import { answerMultipart, answerParts } from '../shared/urls/multipart'
import { answerObject } from '../shared/urls/object'

/** Answers with signed URLs that put, get or head one object or upload it in parts; up to 100 wishes at once. */
export async function signedUrl(request: HttpRequest, env: Env): Promise<HttpResponse> {
  allowMethod(request, 'POST')
  const caller = await verifyToken(request.headers.authorization, authContext(env))
  const body = readJson(request)
  const serverTime = toIsoTime(env.now)
  const wishes = readBatch(body)
  const asked = { env, request, takeParts: limitParts() }
  if (wishes === undefined)
    return json(Object.assign(await answer(caller, body, asked), { serverTime }))
  const answers = wishes.map((wish) => answerOrProblem(caller, wish, asked))
  return json({ results: await Promise.all(answers), serverTime })
}

type Asked = { env: Env; request: HttpRequest; takeParts: TakeParts }
type Answer = (caller: Caller, body: unknown, asked: Asked) => Promise<object>

const answerUrl: Answer = (caller, body, { env }) =>
  answerObject(caller, parseSignedUrlWish(body), env)

const ANSWERS: Readonly<Record<string, Answer>> = {
  multipart: (caller, body, { env }) => answerMultipart(caller, parseMultipartWish(body), env),
  'multipart-parts': (caller, body, asked) => answerParts(caller, parsePartsWish(body), asked),
}

// Whatever is no operation of ours is left to the parser of the plain ones, which says so.
const answer: Answer = async (caller, body, asked) => {
  const name = (body as { operation?: unknown } | null)?.operation
  const known = typeof name === 'string' && Object.hasOwn(ANSWERS, name) ? ANSWERS[name] : undefined
  return (known ?? answerUrl)(caller, body, asked)
}

async function answerOrProblem(caller: Caller, wish: unknown, asked: Asked): Promise<object> {
  try {
    return await answer(caller, wish, asked)
  } catch (error) {
    if (error instanceof Refusal) return problemDocument(error, asked.request.requestId)
    throw error
  }
}

export const { handler, initializer } = toFc(signedUrl, () => loadEnv(rules))
