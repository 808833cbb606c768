import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import { OBJECT } from './errors/object'
import { type ErrorKind, OssError } from './errors/oss-error'
import { newRequestId } from './ids'
import { isHeaderValue } from './wire'
import { errorAnswer } from './xml-answer'

// Closing immediately would reset the connection before the client reads the response.
const LINGER_MS = 1000
const MAX_HEADER_BYTES = 64 * 1024
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/

type PendingRequest = { request: IncomingMessage; response: ServerResponse; startedAt: number }

/**
 * Creates an HTTP server that accepts what OSS accepts; malformed HTTP and a pause longer than
 * `idleMs` get OSS's error responses. `now` returns Unix ms.
 */
export function createHttp({ idleMs, now }: { idleMs: number; now: () => number }): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    requireHostHeader: false,
    // Accepts a chunked body beside a Content-Length, as OSS does: no proxy in front of this server
    // could read such a request differently. `isWellFormed` refuses most of what else this allows.
    insecureHTTPParser: true,
    // A large upload may take as long as it needs while bytes keep coming.
    requestTimeout: 0,
    keepAliveTimeout: idleMs,
    highWaterMark: 256 * 1024,
  })
  const latest = new WeakMap<Socket, PendingRequest>()
  const remember = (request: IncomingMessage, response: ServerResponse) => {
    latest.set(request.socket, { request, response, startedAt: performance.now() })
  }
  const findUnanswered = (socket: Socket) => {
    const pending = latest.get(socket)
    return pending?.response.headersSent ? undefined : pending
  }
  server.on('request', remember).on('checkContinue', remember)
  server.setTimeout(idleMs, (socket: Socket) => {
    const pending = findUnanswered(socket)
    if (pending) refuse(socket, OBJECT.requestTimeout, { pending, now: now() })
    else socket.destroy()
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = latest.get(socket)?.response
    const hasBegun = response?.headersSent && !response.writableFinished
    // The client closed the connection in the middle of a body.
    const isCutOff = error.code === 'HPE_INVALID_EOF_STATE'
    const kind = isCutOff ? OBJECT.requestTimeout : OBJECT.badRequest
    if (hasBegun) socket.destroy()
    else refuse(socket, kind, { pending: findUnanswered(socket), now: now() })
  })
  return server
}

/** Serves requests with well-formed headers and answers 400 to the others. */
export function serveRequests(server: Server, now: () => number, serve: RequestListener): void {
  const check: RequestListener = (request, response) => {
    if (isWellFormed(request)) return serve(request, response)
    const pending = { request, response, startedAt: performance.now() }
    const { status, headers, body } = refusal(OBJECT.badRequest, { pending, now: now() })
    response.writeHead(status, headers).end(body)
  }
  server.on('request', check).on('checkContinue', check)
}

// The checks that Node's lenient parser leaves out (RFC 9110, 5.1 and 5.5; RFC 9112, 6.3).
function isWellFormed({ rawHeaders, headers, httpVersion }: IncomingMessage): boolean {
  const encoding = headers['transfer-encoding']
  return (
    ['1.0', '1.1'].includes(httpVersion) &&
    (encoding === undefined || encoding.toLowerCase() === 'chunked') &&
    rawHeaders.every((text, i) => (i % 2 === 0 ? TOKEN.test(text) : isHeaderValue(text)))
  )
}

function refuse(
  socket: Socket,
  kind: ErrorKind,
  { pending, now }: { pending: PendingRequest | undefined; now: number },
): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const { status, headers, body } = refusal(kind, { pending, now })
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} Bad Request\r\n${lines.join('')}\r\n${body}`)
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

function refusal(
  kind: ErrorKind,
  { pending, now }: { pending: PendingRequest | undefined; now: number },
) {
  const requestId = newRequestId()
  const { method = '', headers: { host = '' } = {} } = pending?.request ?? {}
  const answer = errorAnswer(new OssError(kind), { method, requestId, host })
  const { status, body = '' } = answer
  const headers = {
    Server: 'AliyunOSS',
    Date: new Date(now).toUTCString(),
    'x-oss-request-id': requestId,
    'x-oss-server-time': pending ? Math.round(performance.now() - pending.startedAt) : 0,
    ...answer.headers,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  }
  return { status, headers, body }
}
