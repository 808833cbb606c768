import type { IncomingMessage } from 'node:http'
import { joinHeaders, readBody } from '../http'
import { StsError } from './errors'

/** Decoded pairs of `name` and `value`, in the order received. */
export type Pairs = readonly (readonly [string, string])[]

/** A parsed request; header names in lower case. */
export type StsRequest = {
  method: string
  path: string
  query: Pairs
  form: Pairs
  headers: Readonly<Record<string, string>>
  body: Buffer
  sourceIp: string
}

const MAX_BODY_BYTES = 65_536

/** Parses a request without its body. */
export function readHead(message: IncomingMessage): StsRequest {
  const [path = '', ...query] = (message.url ?? '/').split('?')
  return {
    method: message.method ?? 'GET',
    path,
    query: parsePairs(query.join('?')),
    form: [],
    headers: joinHeaders(message),
    body: Buffer.alloc(0),
    sourceIp: (message.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
  }
}

/**
 * Reads the body and its parameters; throws a `StsError` if it is too large or of an unsupported
 * type.
 */
export async function readRequest(message: IncomingMessage, head: StsRequest): Promise<StsRequest> {
  const body = await readBody(message, MAX_BODY_BYTES)
  if (!body) throw new StsError('RequestEntityTooLarge')
  return { ...head, body, form: parseForm(body, head.headers['content-type']) }
}

/** Returns the first value of a parameter, the query before the form. */
export function parameter({ query, form }: StsRequest, name: string): string | undefined {
  return [...query, ...form].find(([key]) => key === name)?.[1]
}

/** Percent-encodes everything except letters, digits and `-_.~` (RFC 3986 section 2.3). */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Returns `k=v` pairs, encoded and sorted as both signatures require. */
export function toCanonicalQuery(pairs: Pairs): string {
  return pairs
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function parseForm(body: Buffer, contentType = ''): Pairs {
  if (body.length === 0) return []
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType)) {
    throw new StsError('InvalidParameter.ContentType')
  }
  return parsePairs(body.toString('utf8'))
}

function parsePairs(text: string): Pairs {
  return [...new URLSearchParams(text)]
}
