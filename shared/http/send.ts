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
// RFC 9110 section 9.2.2: these may be sent again when a kept connection turns out to be dead.
const REPEATABLE = ['GET', 'HEAD']

/** Our HTTP client on Node's own: one overall time limit, a cap on the answer, no redirects, kept connections. */
export function createSend(): Send {
  // Loading http or https costs a cold start 4 to 5 ms, so each waits for its first use.
  const transports = new Map<string, Transport>()
  return async (request) => {
    const { protocol } = new URL(request.url)
    if (!isKnown(protocol)) throw new Error(`A request can't go over ${protocol}`)
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
    throw new Error(`No whole answer within ${request.timeoutMs} ms`, { cause })
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
    // Node sends the length of an empty POST or PUT by itself.
    const length = bytes.length > 0 ? { 'content-length': bytes.length } : {}
    const outgoing = open(url, { method, agent, signal, headers: { ...headers, ...length } })
    outgoing.once('error', (cause: NodeJS.ErrnoException) => {
      const isStale = outgoing.reusedSocket && cause.code === 'ECONNRESET'
      reject(isStale ? new StaleConnection('A kept connection was closed', { cause }) : cause)
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
  // Leaving this loop early destroys the stream, and with it the connection.
  for await (const chunk of incoming) {
    size += chunk.length
    if (size > maxBytes) throw new Error(`The answer is longer than ${maxBytes} bytes`)
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
