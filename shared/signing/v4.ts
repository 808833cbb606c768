import { createHmac } from 'node:crypto'
import { memoize, memoizeLatest } from '../memo'
import { encodeKept, encodeValue } from './encode'
import { type HmacKey, hmac, hmacKey, sha256Hex } from './hash'

/** What signs: a RAM user's AccessKey, or STS credentials with their token. */
export type Credentials = {
  accessKeyId: string
  accessKeySecret: string
  securityToken?: string
}

export type Headers = Readonly<Record<string, string>>
export type Query = Readonly<Record<string, string>>

/** What one V4 signature covers; header names in lower case, `uri` and `query` already canonical. */
export type SignedParts = {
  method: string
  uri: string
  query: string
  headers: Headers
  additionalHeaders: readonly string[]
}

/** The only algorithm name of signature V4. */
export const V4_ALGORITHM = 'OSS4-HMAC-SHA256'

/** The only payload hash that OSS accepts: V4 never covers the body. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'

const TERMINATOR = 'aliyun_v4_request'

/** Stage 1: the canonical request (OSS: signature V4, CanonicalRequest). */
export function canonicalRequest(parts: SignedParts): string {
  const { method, uri, query, headers, additionalHeaders } = parts
  return `${method}\n${uri}\n${query}\n${canonicalRest(headers, additionalHeaders)}`
}

/** The lines of the canonical request below its query: the same for all requests with these headers. */
export function canonicalRest(headers: Headers, additionalHeaders: readonly string[]): string {
  const payload = headers['x-oss-content-sha256'] ?? UNSIGNED_PAYLOAD
  const block = canonicalHeaders(headers, additionalHeaders)
  return `${block}\n${additionalHeaders.join(';')}\n${payload}`
}

/** Stage 2: the string to sign (OSS: signature V4, StringToSign). */
export function stringToSign(timestamp: string, scope: string, request: string): string {
  return `${V4_ALGORITHM}\n${timestamp}\n${scope}\n${sha256Hex(request)}`
}

/** Stage 3: the key for one day, region and product (OSS: signature V4, SigningKey). @internal */
export function signingKey(secret: string, day: string, region: string, product = 'oss'): Buffer {
  const ofDay = hmacSha256(`aliyun_v4${secret}`, day)
  const ofRegion = hmacSha256(ofDay, region)
  const ofProduct = hmacSha256(ofRegion, product)
  return hmacSha256(ofProduct, TERMINATOR)
}

/** Stage 4: the signature, in lower-case hex (OSS: signature V4, Signature). */
export function signature(key: HmacKey, text: string): string {
  return hmac(key, text, 'hex')
}

/** One query parameter, name and value already encoded. */
export type EncodedPair = readonly [name: string, value: string]

/** All query parameters in canonical form: encoded, sorted by encoded name, an empty value as the bare name. */
export function canonicalQuery(query: Query): string {
  return joinPairs(encodePairs(query))
}

/** Query parameters with names and values encoded. */
export function encodePairs(query: Query): EncodedPair[] {
  const pairs: EncodedPair[] = []
  for (const name in query) {
    // Long, and the same in one URL after the other.
    const encode = name === 'callback' ? encodeKept : encodeValue
    pairs.push([encodeValue(name), encode(query[name] ?? '')])
  }
  return pairs
}

/** Encoded parameters as one canonical query. */
export function joinPairs(pairs: EncodedPair[]): string {
  let query = ''
  for (const [name, value] of pairs.sort(byName)) {
    query += `${query && '&'}${name}${value && '='}${value}`
  }
  return query
}

/** The names that V4 must list as additional: lower case, unique, sorted, without those always signed. */
export function additionalNames(names: readonly string[], headers: Headers): string[] {
  const wanted = [...new Set(names.map((name) => name.toLowerCase()))].filter(
    (name) => !isAlwaysSigned(name),
  )
  const absent = wanted.find((name) => headers[name] === undefined)
  if (absent !== undefined) throw new Error(`An additional header has no value: ${absent}`)
  return wanted.sort()
}

/** Headers with lower-case names and trimmed values; a line break, which could forge another signed line, throws. */
export function toSignableHeaders(headers: Headers): Record<string, string> {
  const signable: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name] ?? ''
    if (LINE_BREAK.test(value)) throw new Error(`A line break in the header ${name}`)
    signable[name.toLowerCase()] = value.trim()
  }
  return signable
}

/** Unix seconds as OSS writes a signing time: `20300101T000000Z`. */
export const toTimestamp = memoizeLatest((now: number) =>
  new Date(now * 1000).toISOString().replace(/[-:]|\.\d+/g, ''),
)

/** The day of a timestamp: `20300101`. */
export function toDay(timestamp: string): string {
  return timestamp.slice(0, 8)
}

/** The credential scope: `20300101/cn-hangzhou/oss/aliyun_v4_request`. */
export function toScope(timestamp: string, region: string): string {
  return `${toDay(timestamp)}/${region}/oss/${TERMINATOR}`
}

/** The signing key made ready, derived once per secret, day and region and kept, bounded. */
export const keptKey = memoize((day: string, region: string, secret: string) =>
  hmacKey('sha256', signingKey(secret, day, region)),
)

const LINE_BREAK = /[\r\n\0]/

function hmacSha256(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function canonicalHeaders(headers: Headers, additionalHeaders: readonly string[]): string {
  let block = ''
  for (const name of Object.keys(headers).sort()) {
    if (isAlwaysSigned(name) || additionalHeaders.includes(name)) {
      block += `${name}:${headers[name]}\n`
    }
  }
  return block
}

function isAlwaysSigned(name: string): boolean {
  return name.startsWith('x-oss-') || name === 'content-type' || name === 'content-md5'
}

function byName([left]: EncodedPair, [right]: EncodedPair): number {
  return left < right ? -1 : 1
}
