import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Answer } from './cloud'
import { awaitsContinue } from './continue'
import { toHeaderValue } from './wire'

/**
 * Sends a response and resolves once it is sent. A request body that was not read is drained
 * meanwhile, so that a client that is still uploading sees the response instead of a reset.
 */
export async function sendAnswer(
  answer: Answer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, headers = {}, body = '' } = answer
  if (request.socket.destroyed || response.headersSent) return
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, toLatin1(value))
  if (typeof body !== 'string') {
    response.writeHead(status)
    return untilGone(request, pipeline(body, response))
  }
  if (!bodiless(request, status)) response.setHeader('content-length', Buffer.byteLength(body))
  response.writeHead(status)
  // A reader that stopped half-way still has its listener, which would block this body and the next
  // request.
  request.removeAllListeners('readable')
  // A client that did not receive `100 Continue` sends no body; Node closes its connection.
  if (request.complete || awaitsContinue(request)) response.end(body)
  else await drain(request, response, body)
}

/** Sends the head of a response and half of its body, then closes the connection. */
export async function sendTruncated(
  answer: Answer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, headers = {}, body = '' } = answer
  const bytes = typeof body === 'string' ? Buffer.from(body) : await readAll(body)
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, toLatin1(value))
  response.setHeader('content-length', Math.max(bytes.length, 2))
  response.writeHead(status)
  const half = bytes.subarray(0, Math.floor(bytes.length / 2))
  await untilGone(request, new Promise((resolve) => response.write(half, () => resolve())))
  response.destroy()
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function bodiless({ method }: IncomingMessage, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304
}

// A response that is queued on a connection gets no event when the connection closes.
function untilGone(request: IncomingMessage, sending: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    if (request.socket.destroyed) resolve()
    request.once('close', resolve)
    sending.then(resolve, reject)
  })
}

function drain(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      response.end()
      resolve()
    }
    request.once('end', finish).once('close', finish).once('error', finish)
    response.flushHeaders()
    if (body !== '') response.write(body)
    request.resume()
  })
}

// Header values are UTF-8 on the wire; Node writes one byte per character.
function toLatin1(value: string): string {
  return Buffer.from(toHeaderValue(value), 'utf8').toString('latin1')
}
