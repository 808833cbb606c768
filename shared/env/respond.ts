import { CODES, Refusal } from '../errors'
import { problem } from '../http/answer'
import { corsHeaders, isPreflight, preflight } from '../http/cors'
import type { HttpRequest, HttpResponse } from '../http/message'
import type { Env, EnvSource } from './env'

/** A handler: returns the response to a request; settings, time and network are in `env`. */
export type Handler = (request: HttpRequest, env: Env) => Promise<HttpResponse>

/** The answer that a refusal makes; a problem document for most. */
export type Refuse = (refusal: Refusal, request: HttpRequest) => HttpResponse

/** A handler, its answer to refusals, and the settings and environment that it answers with. */
export type Responding = {
  answer: Handler
  refuse?: Refuse
  source: EnvSource
  /** Creates the environment of this request; what it throws is answered like a failure of the handler. */
  createEnv: () => Env | Promise<Env>
}

/** Returns the response to any request, with CORS headers: the handler's, a preflight's, or the answer to its refusal. */
export async function respond(request: HttpRequest, responding: Responding): Promise<HttpResponse> {
  const { status, headers, body } = await respondPlainly(request, responding)
  const cors = corsHeaders(request, responding.source.settings.cors)
  return { status, headers: Object.assign({}, headers, cors), body }
}

async function respondPlainly(
  request: HttpRequest,
  { answer, refuse = refuseByProblem, source, createEnv }: Responding,
): Promise<HttpResponse> {
  const { requestId, method, path } = request
  if (isPreflight(request)) return preflight(source.settings.cors)
  try {
    const response = await answer(request, await createEnv())
    source.log('info', 'answered', { requestId, method, path, status: response.status })
    return response
  } catch (error) {
    const refusal = toRefusal(error)
    const response = refuse(refusal, request)
    const facts = { requestId, method, path, status: response.status, reason: refusal.reason }
    if (CODES[refusal.code].status < 500) source.log('info', 'refused', facts)
    else source.log('error', 'failed', { ...facts, cause: describe(refusal.cause) })
    return response
  }
}

function refuseByProblem(refusal: Refusal, { requestId }: HttpRequest): HttpResponse {
  return problem(refusal, requestId)
}

/** Returns the refusal itself, or one of `unexpected` for any other error. */
export function toRefusal(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal('unexpected', {}, { cause: error })
}

/** Returns the stack of an error for the log. */
export function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}
