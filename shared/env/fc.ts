import { problem } from '../http/answer'
import type { HttpRequest, HttpResponse } from '../http/message'
import { toMalformed } from '../schema/issues'
import { isObject } from '../schema/schema'
import { parseJson } from '../text'
import type { Env, EnvSource, FcContext } from './env'
import { describe, type Handler, type Refuse, respond, toRefusal } from './respond'

/** The result of a function with an HTTP trigger (Function Compute 3.0, HTTP triggers). */
export type FcResponse = {
  statusCode: number
  headers: Readonly<Record<string, string>>
  isBase64Encoded: boolean
  body: string
}

/**
 * Creates the two entry points of a deployed function. `initializer` loads the settings and fails with all issues at
 * once; `handler` loads them itself if no initializer did, and responds to any event: one that is not a request of the
 * gateway gets a 400.
 */
export function toFc(answer: Handler, load: () => EnvSource, refuse?: Refuse) {
  const { read, initializer } = toInitializer(load)
  async function handler(event: Buffer, context: FcContext): Promise<FcResponse> {
    const source = read()
    const request = fromFc(event, context.requestId)
    if (!request) return toFcResponse(notARequest(context.requestId))
    const createEnv = () => source.at(context)
    return toFcResponse(
      await respond(request, { answer, source, createEnv, ...(refuse && { refuse }) }),
    )
  }
  return { handler, initializer }
}

/** A function with another trigger: receives the event's JSON object, `undefined` for anything else. */
export type Listener = (event: unknown, env: Env, requestId: string) => Promise<void>

/**
 * Creates the two entry points of a function that is invoked asynchronously. The handler rejects if `listen` does, so that
 * Function Compute retries the invocation.
 */
export function toFcListener(listen: Listener, load: () => EnvSource) {
  const { read, initializer } = toInitializer(load)
  async function handler(event: Buffer, context: FcContext): Promise<string> {
    const source = read()
    const { requestId } = context
    try {
      await listen(parseObject(event), source.at(context), requestId)
      return ''
    } catch (error) {
      const { reason, cause } = toRefusal(error)
      source.log('error', 'failed', { requestId, reason, cause: describe(cause) })
      throw new Error(reason)
    }
  }
  return { handler, initializer }
}

type InitializerCallback = (error: unknown, result?: string) => void

// Function Compute documents CommonJS initializers with a callback alone: one that returns a promise may end at its time-out.
function toInitializer(load: () => EnvSource) {
  let source: EnvSource | undefined
  function read(): EnvSource {
    source ??= load()
    return source
  }
  function initializer(_context?: unknown, done?: InitializerCallback): void {
    try {
      read()
    } catch (error) {
      if (!done) throw error
      done(error)
      return
    }
    done?.(null, '')
  }
  return { read, initializer }
}

function notARequest(requestId: string): HttpResponse {
  return problem(toMalformed('', 'must be an HTTP trigger event of version v1'), requestId)
}

/**
 * Returns the request of an HTTP trigger event of version v1, `undefined` for any other event. Header names have any
 * case; the event does not contain the raw query (Function Compute 3.0, HTTP triggers).
 * @internal
 */
export function fromFc(event: Buffer, requestId: string): HttpRequest | undefined {
  const parsed = parseObject(event)
  const context = asObject(parsed?.requestContext)
  const http = asObject(context?.http)
  if (parsed?.version !== 'v1' || typeof http?.method !== 'string') return undefined
  if (typeof parsed.rawPath !== 'string') return undefined
  const body = typeof parsed.body === 'string' ? parsed.body : ''
  return {
    method: http.method.toUpperCase(),
    path: parsed.rawPath,
    query: toStrings(parsed.queryParameters, (name) => name),
    headers: toStrings(parsed.headers, (name) => name.toLowerCase()),
    body: Buffer.from(body, parsed.isBase64Encoded === true ? 'base64' : 'utf8'),
    requestId: typeof context?.requestId === 'string' ? context.requestId : requestId,
    sourceIp: typeof http.sourceIp === 'string' ? http.sourceIp : '',
  }
}

/** Returns the response for the gateway; without `statusCode` it would send a 200 (Function Compute 3.0, HTTP triggers). */
function toFcResponse({ status, headers, body }: HttpResponse): FcResponse {
  return { statusCode: status, headers, isBase64Encoded: false, body }
}

function parseObject(event: Buffer): Record<string, unknown> | undefined {
  return asObject(parseJson(event.toString('utf8')))
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return isObject(value) ? value : undefined
}

// Null-prototype: a header may be called `__proto__`.
function toStrings(map: unknown, toName: (name: string) => string): Record<string, string> {
  const strings: Record<string, string> = Object.create(null)
  for (const [key, value] of Object.entries(asObject(map) ?? {})) {
    if (typeof value !== 'string') continue
    const name = toName(key)
    strings[name] = name in strings ? `${strings[name]},${value}` : value
  }
  return strings
}
