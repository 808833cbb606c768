import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { MAX_JSON_BYTES } from '../shared/http/answer'
import type { HttpRequest } from '../shared/http/message'

/** What the server knows of the network in front of it. */
export type Network = {
  /** True in a function of Function Compute, whose gateway alone can send headers named `x-fc-…`. */
  isFc: boolean
  /** The number of proxies whose entries in `X-Forwarded-For` are trusted. */
  trustedProxies: number
}

/** The maximum size of a request body; a callback of OSS has less. */
export const MAX_BODY_BYTES = MAX_JSON_BYTES
// As much of a larger body is read and discarded, so that its client receives the answer instead of a reset connection.
const MAX_DISCARDED_BYTES = 1024 * 1024
// The gateway's own, with the credentials of the function's role.
const GATEWAY_HEADER = /^x-fc-/

/** Returns the request without its body: repeated parameters and headers are joined by commas, as by Function Compute. */
export function readHead(message: IncomingMessage, network: Network): HttpRequest {
  const [path, query] = splitTarget(message.url ?? '')
  const headers = joinPairs(toPairs(message.rawHeaders))
  const requestId = network.isFc ? headers['x-fc-request-id'] : undefined
  return {
    method: message.method ?? '',
    path,
    query: joinPairs([...new URLSearchParams(query)]),
    headers: withoutGateway(headers),
    body: Buffer.alloc(0),
    requestId: requestId ?? randomUUID(),
    sourceIp: findSourceIp(message, headers['x-forwarded-for'], network),
  }
}

// RFC 9112 section 3.2.2: a server must accept the absolute form, too.
function splitTarget(target: string): [path: string, query: string] {
  const url = target.replace(/^https?:\/\/[^/?#]*/i, '')
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}

function toPairs(rawHeaders: readonly string[]): [string, string][] {
  const names = rawHeaders.filter((_, at) => at % 2 === 0)
  return names.map((name, at) => [name.toLowerCase(), rawHeaders[2 * at + 1] ?? ''])
}

// Null-prototype: a parameter may be called `__proto__`.
function joinPairs(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const joined: Record<string, string> = Object.create(null)
  for (const [name, value] of pairs) {
    joined[name] = name in joined ? `${joined[name]},${value}` : value
  }
  return joined
}

function withoutGateway(headers: Readonly<Record<string, string>>): Record<string, string> {
  return joinPairs(Object.entries(headers).filter(([name]) => !GATEWAY_HEADER.test(name)))
}

// Each proxy appends the address that it saw; those before the trusted ones are the client's word.
function findSourceIp(
  { socket }: IncomingMessage,
  forwardedFor: string | undefined,
  { trustedProxies }: Network,
): string {
  const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim())
  const address = trustedProxies === 0 ? socket.remoteAddress : hops.at(-trustedProxies)
  const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
  return isIP(plain) > 0 ? plain : ''
}

/** Returns true if the headers alone say that the body is too large. */
export function isDeclaredTooLarge({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES
}

/** Resolves to the body, or to `undefined` if it is too large; rejects if the client goes away before its end. */
export async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  // A client that waits for `100 Continue` sends nothing that is worth reading.
  const isWaiting = message.headers.expect !== undefined
  if (isWaiting && isDeclaredTooLarge(message)) return undefined
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk)
    else if (bytes > MAX_DISCARDED_BYTES) break
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks)
}
