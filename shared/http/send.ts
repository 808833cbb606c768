import type { ClientRequest, IncomingMessage } from 'node:http'
import type { IncomingResponse, OutgoingRequest, Send } from './message'

type Transport = { request: (url: string, options: object) => ClientRequest; agent: object }

const TRANSPORTS = {
  'http:': () => toTransport(require('node:http')),
  'https:': () => toTransport(require('node:https')),
} as const satisfies Record<string, () => Transport>

type Module = {
  request: Transport['request']
  Agent: new (options: { keepAlive: boolean; maxSockets: number }) => object
}

const MAX_SOCKETS = 50
// RFC 9110 section 9.2.2: these methods are idempotent, so they are sent again if a reused connection was closed.
const REPEATABLE = ['GET', 'HEAD']

/**
 * Creates an HTTP client with one overall timeout, a size limit for responses, no redirects, and connections that are
 * reused.
 */
export function createSend(): Send {
  // Loading http or https adds 4 to 5 ms to a cold start, so each is loaded at its first use.
  const transports = new Map<string, Transport>()
  return async (request) => {
    const { protocol } = new URL(request.url)
    if (!isKnown(protocol)) throw new Error(`Unsupported protocol ${protocol}`)
    const transport = transports.get(protocol) ?? TRANSPORTS[protocol]()
    transports.set(protocol, transport)
    return exchange(transport, request)
  }
}

function isKnown(protocol: string): protocol is keyof typeof TRANSPORTS {
  return Object.hasOwn(TRANSPORTS, protocol)
}

function toTransport({ request, Agent }: Module): Transport {
  return { request, agent: new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS }) }
}

async function exchange(transport: Transport, request: OutgoingRequest): Promise<IncomingResponse> {
  const signal = AbortSignal.timeout(request.timeoutMs)
  try {
    return await attempt(transport, request, signal).catch((error: unknown) => {
      if (!(error instanceof StaleConnection) || !REPEATABLE.includes(request.method)) throw error
      return attempt(transport, request, signal)
    })
  } catch (cause) {
    if (!signal.aborted) throw cause
    throw new Error(`No complete response within ${request.timeoutMs} ms`, { cause })
  }
}

class StaleConnection extends Error {}

function attempt(
  { request: open, agent }: Transport,
  { method, url, headers = {}, body = '', maxBytes }: OutgoingRequest,
  signal: AbortSignal,
): Promise<IncomingResponse> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body)
    // Node itself sends the length of an empty POST or PUT.
    const length = bytes.length > 0 ? { 'content-length': bytes.length } : {}
    const outgoing = open(url, { method, agent, signal, headers: { ...headers, ...length } })
    outgoing.once('error', (cause: NodeJS.ErrnoException) => {
      const isStale = outgoing.reusedSocket && cause.code === 'ECONNRESET'
      reject(isStale ? new StaleConnection('A reused connection was closed', { cause }) : cause)
    })
    outgoing.once('response', (incoming: IncomingMessage) => {
      readAll(incoming, maxBytes).then(resolve, reject)
    })
    outgoing.end(bytes)
  })
}

async function readAll(incoming: IncomingMessage, maxBytes: number): Promise<IncomingResponse> {
  const chunks: Buffer[] = []
  let size = 0
  // Leaving this loop early destroys the stream and its connection.
  for await (const chunk of incoming) {
    size += chunk.length
    if (size > maxBytes) throw new Error(`The response is longer than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return {
    status: incoming.statusCode ?? 0,
    headers: flatten(incoming),
    body: Buffer.concat(chunks),
  }
}

function flatten({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  )
}
