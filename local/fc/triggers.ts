import { type GatewayRequest, headerOf, toEvent, toPairs } from './event'
import type { Functions } from './functions'
import { defaultCors, type GatewayAnswer, toGatewayAnswer } from './gateway-answer'
import { Dropped } from './pool'
import type { WebFunction } from './web-function'

/** An HTTP trigger: a path of the custom domain and its function. */
export type Trigger = { path: string; methods: readonly string[]; functionName: string }

/** A response with the error code for the log. */
export type Answered = GatewayAnswer & { code?: string }

/** The dependencies of a trigger. */
export type TriggerContext = {
  accountId: string
  requestId: string
  /** Unix ms. */
  now: () => number
  functions: Functions
  /** Answers in place of the functions. */
  web?: WebFunction
  /** Aborts when the client disconnects. */
  signal?: AbortSignal
  /** Awaited before each call, to update the functions. */
  refresh?: () => Promise<void>
}

const MAX_HEADER_BYTES = 8192
const MAX_URL_BYTES = 4096
const MAX_ASYNC_BODY_BYTES = 128 * 1024
const ASYNC_ATTEMPTS = 4
/** The log's status and code of a dropped call; no response is sent. */
const GONE = { status: 499, code: 'ClientClosedRequest' } as const

/** Calls a trigger's function and answers as Function Compute does, including its errors. */
export async function callTrigger(
  { methods, functionName }: Trigger,
  request: GatewayRequest,
  context: TriggerContext,
): Promise<Answered> {
  const { requestId, functions, web, signal } = context
  const origin = headerOf(request, 'origin')
  if (!methods.includes(request.method)) {
    return request.method === 'OPTIONS' && origin !== undefined
      ? preflight(origin, request, methods, requestId)
      : refuse(403, 'AccessDenied', `The trigger does not take ${request.method}`, requestId)
  }
  const isAsync = headerOf(request, 'x-fc-invocation-type')?.toLowerCase() === 'async'
  const refusal = checkLimits(request, isAsync, requestId)
  if (refusal) return refusal
  const host = headerOf(request, 'host') ?? ''
  await context.refresh?.()
  const event = Buffer.from(
    JSON.stringify(toEvent(request, { ...context, host, now: context.now() })),
  )
  const added = { 'X-Fc-Request-Id': requestId }
  const call = (isNeeded?: AbortSignal) =>
    web
      ? web.forward(request, requestId)
      : functions.invoke(functionName, event, { requestId, signal: isNeeded })
  if (isAsync) {
    void runLater(call)
    return { status: 202, headers: added, body: Buffer.alloc(0) }
  }
  const result = await call(signal).then(
    (returned) => ({ returned }),
    (error: unknown) => ({ error }),
  )
  if ('error' in result) return failed(result.error, requestId)
  const answer = toGatewayAnswer(result.returned)
  if (!answer) return refuse(502, 'BadResponse', 'The function’s response is not valid', requestId)
  return {
    ...answer,
    headers: { ...answer.headers, ...defaultCors(origin, answer.headers), ...added },
  }
}

// Retries after failures, as asynchronous invocations do by default.
async function runLater(call: () => Promise<string>): Promise<void> {
  for (let attempt = 0; attempt < ASYNC_ATTEMPTS; attempt++) {
    const failed = await call().then(
      () => false,
      // The functions' log has the reason.
      () => true,
    )
    if (!failed) return
  }
}

function checkLimits(
  { url, rawHeaders, body }: GatewayRequest,
  isAsync: boolean,
  requestId: string,
): Answered | undefined {
  const headerBytes = toPairs(rawHeaders).reduce((sum, pair) => sum + pair.join(': ').length + 2, 0)
  if (headerBytes > MAX_HEADER_BYTES) {
    return refuse(400, 'InvalidArgument', 'The headers have more than 8 KB', requestId)
  }
  if (url.length > MAX_URL_BYTES) {
    return refuse(400, 'InvalidArgument', 'Path and query have more than 4 KB', requestId)
  }
  if (isAsync && body.length > MAX_ASYNC_BODY_BYTES) {
    return refuse(413, 'RequestEntityTooLarge', 'An async body has more than 128 KB', requestId)
  }
  return undefined
}

function preflight(
  origin: string,
  request: GatewayRequest,
  methods: readonly string[],
  requestId: string,
): Answered {
  const headers = {
    'X-Fc-Request-Id': requestId,
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Methods': methods.join(','),
    'Access-Control-Allow-Headers': headerOf(request, 'access-control-request-headers') ?? '',
  }
  return { status: 200, headers, body: Buffer.alloc(0) }
}

// The details are only on the console: the caller of a trigger receives none.
function failed(error: unknown, requestId: string): Answered {
  if (error instanceof Dropped) return { ...GONE, headers: {}, body: Buffer.alloc(0) }
  return {
    status: 502,
    headers: { 'Content-Type': 'text/plain', 'X-Fc-Request-Id': requestId },
    body: Buffer.from('Internal Server Error'),
    code: 'UnhandledInvocationError',
  }
}

/** Returns an error response of the gateway. */
export function refuse(status: number, code: string, text: string, requestId: string): Answered {
  return {
    status,
    code,
    headers: { 'Content-Type': 'application/json', 'X-Fc-Request-Id': requestId },
    body: Buffer.from(JSON.stringify({ RequestId: requestId, Code: code, Message: text })),
  }
}
