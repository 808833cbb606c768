import { isAllowed } from '../ram/evaluate'
import type { Account } from '../ram/types'
import { type AsyncQueue, createAsyncQueue, type Queued } from './async-queue'
import { type GatewayRequest, headerOf } from './event'
import { authenticateFc } from './fc-signature'
import type { Functions } from './functions'
import type { Answered } from './triggers'

/** The path prefix of Function Compute's API. */
export const API_PREFIX = '/2023-03-30/'

/** Function Compute's invocation API, and its queue of asynchronous invocations. */
export type Invocations = {
  /** Answers a request to the API. */
  answer: (request: GatewayRequest, requestId: string) => Promise<Answered>
  /** Queues an invocation, as triggers do. */
  queue: (functionName: string, event: object, delayMs?: number) => void
  /** Returns the queued upload events and their state. */
  events: () => { events: EventRecord[] }
  close: () => void
}

/** An upload event that was sent to a consumer. */
type EventRecord = {
  state: Queued['state']
  function: string
  attempts: number
  queuedAt: string
  nextAt?: string
  lastError?: string
  event: object
}

type InvocationsContext = {
  account: Account
  region: string
  functions: Functions
  /** Unix ms. */
  now: () => number
}

const INVOKE = /^\/2023-03-30\/functions\/([A-Za-z_][\w-]*)\/invocations$/
const MAX_ASYNC_BODY_BYTES = 128 * 1024
// As in `s.yaml`: the function that receives what another failed to process.
const ON_FAILURE: Readonly<Record<string, string>> = { 'upload-event': 'upload-sweep' }

/** Creates the invocation API of these functions (Function Compute 3.0: InvokeFunction). */
export function createInvocations(cloud: InvocationsContext): Invocations {
  const { functions, now } = cloud
  const queue: AsyncQueue = createAsyncQueue({
    invoke: (name, event, requestId) => functions.invoke(name, event, { requestId }),
    onDead: (entry) => {
      const destination = ON_FAILURE[entry.functionName]
      if (destination !== undefined) queue.add(destination, toFailureRecord(entry, cloud))
    },
    now,
  })
  return {
    answer: (request, requestId) => answer(request, requestId, cloud, queue),
    queue: (functionName, event, delayMs = 0) =>
      queue.add(functionName, Buffer.from(JSON.stringify(event)), { delayMs }),
    events: () => ({ events: queue.list().flatMap(toRecord) }),
    close: queue.close,
  }
}

async function answer(
  request: GatewayRequest,
  requestId: string,
  cloud: InvocationsContext,
  queue: AsyncQueue,
): Promise<Answered> {
  const { account, region, functions, now } = cloud
  const [, name] = INVOKE.exec(request.url.split('?')[0] ?? '') ?? []
  if (name === undefined || request.method !== 'POST') {
    return refuse(400, 'InvalidArgument', 'Only InvokeFunction is emulated', requestId)
  }
  const caller = authenticateFc(request, { account, now: now() })
  if ('error' in caller) {
    return refuse(caller.error.status, caller.error.code, caller.error.message, requestId)
  }
  const resource = `acs:fc:${region}:${account.id}:functions/${name}`
  const access = { action: 'fc:InvokeFunction', resource, context: {} }
  if (!isAllowed(caller.principal, access)) {
    return refuse(403, 'AccessDenied', `The caller may not invoke ${name}`, requestId)
  }
  if (!functions.has(name)) {
    return refuse(404, 'FunctionNotFound', `There is no function ${name}`, requestId)
  }
  if (headerOf(request, 'x-fc-invocation-type')?.toLowerCase() !== 'async') {
    return invokeNow(functions, name, request.body, requestId)
  }
  if (request.body.length > MAX_ASYNC_BODY_BYTES) {
    return refuse(413, 'RequestEntityTooLarge', 'An async body has more than 128 KB', requestId)
  }
  queue.add(name, request.body, { id: requestId })
  return { status: 202, headers: { 'X-Fc-Request-Id': requestId }, body: Buffer.alloc(0) }
}

// An error of the function is the response, marked by a header: the API call itself succeeded.
async function invokeNow(
  functions: Functions,
  name: string,
  event: Buffer,
  requestId: string,
): Promise<Answered> {
  const headers = { 'X-Fc-Request-Id': requestId }
  try {
    const body = Buffer.from(await functions.invoke(name, event, { requestId }))
    return {
      status: 200,
      headers: { ...headers, 'Content-Type': 'application/octet-stream' },
      body,
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const body = Buffer.from(JSON.stringify({ errorMessage: message, errorType: 'Error' }))
    const failed = { 'X-Fc-Error-Type': 'UnhandledInvocationError' }
    return {
      status: 200,
      headers: { ...headers, ...failed },
      body,
      code: 'UnhandledInvocationError',
    }
  }
}

// Function Compute: destinations of asynchronous invocations.
function toFailureRecord(entry: Queued, { account, region, now }: InvocationsContext): Buffer {
  const { id, functionName, event, attempts } = entry
  const record = {
    timestamp: now(),
    requestContext: {
      requestId: id,
      functionArn: `acs:fc:${region}:${account.id}:functions/${functionName}/LATEST`,
      condition: 'UnhandledInvocationError',
      approximateInvokeCount: attempts,
    },
    requestPayload: event.toString('utf8'),
    responseContext: { statusCode: 200, functionError: 'UnhandledInvocationError' },
    responsePayload: JSON.stringify({ errorMessage: entry.lastError, errorType: 'Error' }),
  }
  return Buffer.from(JSON.stringify(record))
}

function toRecord(entry: Queued): EventRecord[] {
  const event = parseEvent(entry.event)
  if (!event) return []
  const { state, functionName, attempts, queuedAt, nextAt, lastError } = entry
  const iso = (time: number) => new Date(time).toISOString()
  return [
    {
      state,
      function: functionName,
      attempts,
      queuedAt: iso(queuedAt),
      ...(state === 'queued' && { nextAt: iso(nextAt) }),
      ...(lastError !== undefined && { lastError }),
      event,
    },
  ]
}

// The queue also has trigger events; an upload event is a CloudEvents envelope.
function parseEvent(bytes: Buffer): object | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return Object(value).specversion === '1.0' ? Object(value) : undefined
  } catch {
    // Not JSON, so not an upload event.
    return undefined
  }
}

// The official SDK for Node.js reads the older names of these two fields.
function refuse(status: number, code: string, text: string, requestId: string): Answered {
  const body = {
    RequestId: requestId,
    Code: code,
    Message: text,
    ErrorCode: code,
    ErrorMessage: text,
  }
  const headers = { 'Content-Type': 'application/json', 'X-Fc-Request-Id': requestId }
  return { status, code, headers, body: Buffer.from(JSON.stringify(body)) }
}
