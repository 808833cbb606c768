import type { IncomingMessage } from 'node:http'
import { joinHeaders, readBody } from '../http'
import { StsError } from './errors'

/** Decoded `name`, `value` pairs in the order they came. */
export type Pairs = readonly (readonly [string, string])[]

/** A request as STS reads it; header names in lower case. */
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

/** Reads a request but for its body. */
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

/** Reads the body, too; throws when it is too large or of a type that STS doesn't take. */
export async function readRequest(message: IncomingMessage, head: StsRequest): Promise<StsRequest> {
  const body = await readBody(message, MAX_BODY_BYTES)
  if (!body) throw new StsError('RequestEntityTooLarge')
  return { ...head, body, form: parseForm(body, head.headers['content-type']) }
}

/** The first value of a parameter, of the query before the form. */
export function parameter({ query, form }: StsRequest, name: string): string | undefined {
  return [...query, ...form].find(([key]) => key === name)?.[1]
}

/** Percent-encodes as RFC 3986 section 2.3 has it: everything but letters, digits and `-_.~`. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** `k=v` pairs, encoded and sorted as both signatures want them. */
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
