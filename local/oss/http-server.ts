import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { OBJECT } from './errors/object'
import { type ErrorKind, OssError } from './errors/oss-error'
import { newRequestId } from './ids'
import { errorAnswer } from './xml-answer'

// Closing at once would reset the connection before the client could read why.
const LINGER_MS = 1000
const MAX_HEADER_BYTES = 64 * 1024

type Asked = { request: IncomingMessage; response: ServerResponse; startedAt: number }

/**
 * An HTTP server that reads what OSS reads, and refuses in OSS's words what isn't HTTP, or stops
 * for longer than `idleMs`; `now` in Unix ms.
 */
export function createHttp({ idleMs, now }: { idleMs: number; now: () => number }): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    requireHostHeader: false,
    // A large upload may take as long as it needs while bytes keep coming.
    requestTimeout: 0,
    keepAliveTimeout: idleMs,
    highWaterMark: 256 * 1024,
  })
  const latest = new WeakMap<Socket, Asked>()
  const remember = (request: IncomingMessage, response: ServerResponse) => {
    latest.set(request.socket, { request, response, startedAt: performance.now() })
  }
  const findUnanswered = (socket: Socket) => {
    const asked = latest.get(socket)
    return asked?.response.headersSent ? undefined : asked
  }
  server.on('request', remember).on('checkContinue', remember)
  server.setTimeout(idleMs, (socket: Socket) => {
    const asked = findUnanswered(socket)
    if (asked) refuse(socket, OBJECT.requestTimeout, { asked, now: now() })
    else socket.destroy()
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = latest.get(socket)?.response
    const hasBegun = response?.headersSent && !response.writableFinished
    // The client stopped in the middle of a body.
    const isCutOff = error.code === 'HPE_INVALID_EOF_STATE'
    const kind = isCutOff ? OBJECT.requestTimeout : OBJECT.badRequest
    if (hasBegun) socket.destroy()
    else refuse(socket, kind, { asked: findUnanswered(socket), now: now() })
  })
  return server
}

function refuse(
  socket: Socket,
  kind: ErrorKind,
  { asked, now }: { asked: Asked | undefined; now: number },
): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const requestId = newRequestId()
  const { method = '', headers: { host = '' } = {} } = asked?.request ?? {}
  const answer = errorAnswer(new OssError(kind), { method, requestId, host })
  const { status, body = '' } = answer
  const headers = {
    Server: 'AliyunOSS',
    Date: new Date(now).toUTCString(),
    'x-oss-request-id': requestId,
    'x-oss-server-time': asked ? Math.round(performance.now() - asked.startedAt) : 0,
    ...answer.headers,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} Bad Request\r\n${lines.join('')}\r\n${body}`)
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}
