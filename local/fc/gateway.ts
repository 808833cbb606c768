import { randomUUID } from 'node:crypto'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { isLoopbackHost, isOwnOrigin } from '../hosts'
import { closeServer, listen, readBody } from '../http'
import { decodePath, type GatewayRequest, headerOf } from './event'
import type { GatewayAnswer } from './gateway-answer'
import { API_PREFIX, type Invocations } from './invocations'
import { type Answered, callTrigger, refuse, type Trigger, type TriggerContext } from './triggers'

/** A path that the local cloud handles without a function. */
export type LocalRoute = {
  method: string
  /** One path, or a pattern of those at which something may be. */
  path: string | RegExp
  /** Resolves to `undefined` where there is nothing at the request's path. */
  answer: (body: Buffer, request: GatewayRequest) => Promise<GatewayAnswer | undefined>
}

export type GatewayLogEntry = {
  method: string
  path: string
  status: number
  code?: string
}

export type GatewayOptions = Omit<TriggerContext, 'requestId' | 'signal'> & {
  host: string
  /** The port; 0 for a free one. */
  port: number
  triggers: readonly Trigger[]
  /** Handles Function Compute's API; without it there is no API. */
  invocations?: Invocations
  /** Wraps the listener that answers requests. */
  guard?: (listener: RequestListener) => RequestListener
  /** Returns true for hosts whose pages may use the cloud's paths; loopback by default. */
  isOwnHost?: (hostname: string) => boolean
  log: (entry: GatewayLogEntry) => void
}

export type Gateway = {
  url: string
  port: number
  /** Adds paths of the local cloud. */
  addRoutes: (routes: readonly LocalRoute[]) => void
  close: () => Promise<void>
}

type State = GatewayOptions & { routes: LocalRoute[] }

// Larger than the triggers' limits, so that the triggers answer when they are exceeded.
const MAX_HEADER_BYTES = 65_536
const CALLBACK_HEADER = 'x-oss-pub-key-url'
const MAX_BODY_BYTES = 32 * 1024 * 1024

/** Starts the gateway of the local Function Compute; rejects if the port is in use. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const state: State = { ...options, routes: [] }
  const { guard = (listener) => listener } = options
  const listener = guard((message, response) => void respond(message, response, state))
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, listener)
  const port = await listen(server, options.port, options.host)
  return {
    url: `http://localhost:${port}`,
    port,
    addRoutes: (routes) => state.routes.push(...routes),
    close: () => closeServer(server),
  }
}

async function respond(message: IncomingMessage, response: ServerResponse, state: State) {
  const requestId = randomUUID()
  const body = await readBody(message, MAX_BODY_BYTES).catch(() => null)
  // The client disconnected before its request was complete.
  if (body === null) return
  const request = toRequest(message, body ?? Buffer.alloc(0))
  const answered = body
    ? await answer(request, { requestId, signal: whenGone(response) }, state)
    : refuse(413, 'RequestEntityTooLarge', 'The request body has more than 32 MB', requestId)
  const { status, headers, code } = answered
  const path = request.url.split('?')[0] ?? ''
  state.log({ method: request.method, path, status, ...(code === undefined ? {} : { code }) })
  const hasBody = status !== 204 && status !== 304
  const length = hasBody ? { 'Content-Length': answered.body.length } : {}
  response.writeHead(status, { ...headers, ...length })
  response.end(answered.body)
}

function toRequest(message: IncomingMessage, body: Buffer): GatewayRequest {
  return {
    method: message.method ?? 'GET',
    url: message.url ?? '/',
    httpVersion: message.httpVersion,
    rawHeaders: message.rawHeaders,
    body,
    sourceIp: (message.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
  }
}

// Aborts when the connection closes before the response is sent.
function whenGone(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort()
  })
  return controller.signal
}

async function answer(
  request: GatewayRequest,
  { requestId, signal }: { requestId: string; signal: AbortSignal },
  state: State,
): Promise<Answered> {
  const path = decodePath(request.url.split('?')[0] ?? '')
  if (state.invocations && path.startsWith(API_PREFIX)) {
    return state.invocations.answer(request, requestId)
  }
  const trigger = state.triggers.find((candidate) => candidate.path === path)
  return trigger
    ? callTrigger(trigger, request, { ...state, requestId, signal })
    : callRoute(path, request, requestId, state)
}

async function callRoute(
  path: string,
  request: GatewayRequest,
  requestId: string,
  state: State,
): Promise<Answered> {
  const routes = state.routes.filter(({ path: own }) =>
    typeof own === 'string' ? own === path : own.test(path),
  )
  const nothing = () => refuse(404, 'DomainRouteNotFound', `There is nothing at ${path}`, requestId)
  if (routes.length === 0) return nothing()
  const cors = localCors(request, state.isOwnHost ?? isLoopbackHost)
  // An application in development on this machine may send requests; pages from the internet may
  // not.
  if (!cors) return refuse(403, 'AccessDenied', 'This page is not of this machine', requestId)
  // Anyone who may store an object chooses the URL of its callback and reads the response.
  if (headerOf(request, CALLBACK_HEADER) !== undefined) {
    return refuse(403, 'AccessDenied', 'No callback of OSS may come here', requestId)
  }
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const route = routes.find((candidate) => candidate.method === method)
  if (route) {
    const answered = await route.answer(request.body, request)
    if (!answered) return nothing()
    return { ...answered, headers: { ...answered.headers, ...cors } }
  }
  const allow = routes.map((candidate) => candidate.method).join(', ')
  if (method === 'OPTIONS') {
    const headers = { ...cors, Allow: allow, 'Access-Control-Allow-Methods': allow }
    return { status: 204, headers, body: Buffer.alloc(0) }
  }
  const refusal = refuse(405, 'MethodNotAllowed', `Not ${request.method}`, requestId)
  return { ...refusal, headers: { ...refusal.headers, Allow: allow } }
}

// Allows the cloud's page and pages of this machine; a request without a page needs no headers;
// `undefined` for all others.
function localCors(
  request: GatewayRequest,
  isOwnHost: (hostname: string) => boolean,
): Record<string, string> | undefined {
  const origin = headerOf(request, 'origin')
  if (origin === undefined) return {}
  if (!isOwnOrigin(origin, isOwnHost)) return undefined
  return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Headers': 'content-type' }
}
