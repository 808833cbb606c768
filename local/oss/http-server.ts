import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { OBJECT } from './errors/object'
import { newRequestId } from './ids'
import { toXml } from './xml'

// Closing at once would reset the connection before the client could read why.
const LINGER_MS = 1000
const MAX_HEADER_BYTES = 64 * 1024

/** An HTTP server that reads what OSS reads, and refuses in OSS's words what isn't HTTP. */
export function createHttp(idleMs: number): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    requireHostHeader: false,
    // A large upload may take as long as it needs while bytes keep coming.
    requestTimeout: 0,
    keepAliveTimeout: idleMs,
    highWaterMark: 256 * 1024,
  })
  const latest = new WeakMap<Socket, ServerResponse>()
  const remember = ({ socket }: IncomingMessage, response: ServerResponse) => {
    latest.set(socket, response)
  }
  server.on('request', remember).on('checkContinue', remember)
  server.setTimeout(idleMs, (socket: Socket) => {
    const response = latest.get(socket)
    if (response && !response.headersSent) refuse(socket, OBJECT.requestTimeout)
    else socket.destroy()
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = latest.get(socket)
    const hasBegun = response?.headersSent && !response.writableFinished
    // The client stopped in the middle of a body.
    const isCutOff = error.code === 'HPE_INVALID_EOF_STATE'
    if (hasBegun) socket.destroy()
    else refuse(socket, isCutOff ? OBJECT.requestTimeout : OBJECT.badRequest)
  })
  return server
}

function refuse(
  socket: Socket,
  [status, code, message]: typeof OBJECT.requestTimeout | typeof OBJECT.badRequest,
): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const requestId = newRequestId()
  const body = toXml('Error', { Code: code, Message: message, RequestId: requestId })
  const head = [
    `HTTP/1.1 ${status} Bad Request`,
    'Server: AliyunOSS',
    `x-oss-request-id: ${requestId}`,
    'Content-Type: application/xml',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}
