import { defaultCors, type GatewayAnswer, toGatewayAnswer } from './answer'
import { type GatewayRequest, headerOf, toEvent, toPairs } from './event'
import type { Functions } from './functions'
import { Dropped } from './pool'

/** An HTTP trigger: the function behind one path of the custom domain. */
export type Trigger = { path: string; methods: readonly string[]; functionName: string }

/** An answer with the code that the log shows. */
export type Answered = GatewayAnswer & { code?: string }

/** What a trigger needs to call its function. */
export type TriggerContext = {
  accountId: string
  requestId: string
  /** Unix ms. */
  now: () => number
  functions: Functions
  /** Aborts when the client is gone. */
  signal?: AbortSignal
  /** Awaited before the function is called: the place to bring the functions up to date. */
  refresh?: () => Promise<void>
}

const MAX_HEADER_BYTES = 8192
const MAX_URL_BYTES = 4096
const MAX_ASYNC_BODY_BYTES = 128 * 1024
const ASYNC_ATTEMPTS = 4
/** What the log shows of a call that was dropped; nobody is there to read the answer. */
export const GONE = { status: 499, code: 'ClientClosedRequest' } as const

/** Calls the function behind a trigger and answers as Function Compute does, its own refusals included. */
export async function callTrigger(
  { methods, functionName }: Trigger,
  request: GatewayRequest,
  context: TriggerContext,
): Promise<Answered> {
  const { requestId, functions, signal } = context
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
  if (isAsync) {
    void runLater(functions, functionName, event, requestId)
    return { status: 202, headers: added, body: Buffer.alloc(0) }
  }
  const result = await functions.invoke(functionName, event, { requestId, signal }).then(
    (returned) => ({ returned }),
    (error: unknown) => ({ error }),
  )
  if ('error' in result) return failed(result.error, requestId)
  const given = toGatewayAnswer(result.returned)
  if (!given) return refuse(502, 'BadResponse', 'The function’s answer is not one', requestId)
  return {
    ...given,
    headers: { ...given.headers, ...defaultCors(origin, given.headers), ...added },
  }
}

// At least once, and again when it fails, as the default of asynchronous calls is.
async function runLater(
  functions: Functions,
  name: string,
  event: Uint8Array,
  requestId: string,
): Promise<void> {
  for (let attempt = 0; attempt < ASYNC_ATTEMPTS; attempt++) {
    const failed = await functions.invoke(name, event, { requestId }).then(
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

// What went wrong stays on the console: the caller of a trigger sees no details.
function failed(error: unknown, requestId: string): Answered {
  if (error instanceof Dropped) return { ...GONE, headers: {}, body: Buffer.alloc(0) }
  return {
    status: 502,
    headers: { 'Content-Type': 'text/plain', 'X-Fc-Request-Id': requestId },
    body: Buffer.from('Internal Server Error'),
    code: 'UnhandledInvocationError',
  }
}

/** A refusal of the gateway itself. */
export function refuse(status: number, code: string, text: string, requestId: string): Answered {
  return {
    status,
    code,
    headers: { 'Content-Type': 'application/json', 'X-Fc-Request-Id': requestId },
    body: Buffer.from(JSON.stringify({ RequestId: requestId, Code: code, Message: text })),
  }
}
