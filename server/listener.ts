import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from 'node:http'
import { withTimeout } from '../shared/budget'
import type { EnvSource, Identity } from '../shared/env/env'
import { type Handler, respond } from '../shared/env/respond'
import { Refusal } from '../shared/errors'
import type { HttpRequest, HttpResponse } from '../shared/http/message'
import { MAX_BODY_BYTES, type Network, readBody, readHead } from './request'
import type { Route } from './routes'

/** What answers requests: the routes, and the settings and identity that they are answered with. */
export type ListenerContext = {
  routes: ReadonlyMap<string, Route>
  source: EnvSource
  network: Network
  identify: (headers: IncomingHttpHeaders) => Promise<Identity>
  /** Returns true once the server is stopping. */
  isStopping: () => boolean
}

const HEALTH_PATH = '/healthz'
// As in `s.yaml`. What a handler calls has time limits of its own; the hooks of rules have none.
const ANSWER_TIMEOUT_MS = 10_000
const PLAIN = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
const NOT_FOUND = {
  type: 'urn:oss-direct:problem:path_not_found',
  title: 'No such path',
  status: 404,
  detail: 'There is nothing at this path.',
  code: 'path_not_found',
}

/** Returns the listener of the server: every request gets an answer, and none of them rejects. */
export function createListener(context: ListenerContext): RequestListener {
  return (message, response) => {
    void answer(message, context).then(
      (answered) => send(answered, { message, response, isLast: context.isStopping() }),
      // The client went away before the end of its request, so there is nobody to answer.
      () => response.destroy(),
    )
  }
}

async function answer(message: IncomingMessage, context: ListenerContext): Promise<HttpResponse> {
  const request = readHead(message, context.network)
  if (request.path === HEALTH_PATH) return health(context)
  const body = await readBody(message)
  const route = context.routes.get(request.path)
  if (!route) return notFound(request)
  const { source, identify } = context
  return respond(body ? { ...request, body } : request, {
    ...route,
    answer: body ? limitTime(route.answer) : refuseSize(route),
    source,
    createEnv: async () => source.as(await identify(message.headers)),
  })
}

function limitTime(answer: Handler): Handler {
  return (request, env) => withTimeout(ANSWER_TIMEOUT_MS, answer(request, env))
}

function refuseSize({ tooLarge = 'request_too_large' }: Route): Handler {
  return async () => {
    throw new Refusal(tooLarge, { maxBytes: MAX_BODY_BYTES })
  }
}

function health({ isStopping }: ListenerContext): HttpResponse {
  return isStopping()
    ? { status: 503, headers: PLAIN, body: 'stopping\n' }
    : { status: 200, headers: PLAIN, body: 'ok\n' }
}

function notFound({ requestId }: HttpRequest): HttpResponse {
  return {
    status: NOT_FOUND.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    body: JSON.stringify({ ...NOT_FOUND, requestId }),
  }
}

type Exchange = { message: IncomingMessage; response: ServerResponse; isLast: boolean }

function send(
  { status, headers, body }: HttpResponse,
  { message, response, isLast }: Exchange,
): void {
  // The rest of a request that was not read to its end would be read as the next one.
  const isClosing = isLast || !message.complete
  response.writeHead(status, {
    ...headers,
    ...(status !== 204 && { 'content-length': Buffer.byteLength(body) }),
    ...(isClosing && { connection: 'close' }),
  })
  response.end(body)
}
