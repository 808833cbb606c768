import { createHmac } from 'node:crypto'
import { memoize, memoizeLatest } from '../memo'
import { encodeKept, encodeValue } from './encode'
import { type HmacKey, hmac, hmacKey, sha256Hex } from './hash'

/** The credentials that sign: the AccessKey of a RAM user, or STS credentials with their token. */
export type Credentials = {
  accessKeyId: string
  accessKeySecret: string
  securityToken?: string
}

/** Header values by name. */
export type Headers = Readonly<Record<string, string>>
/** Decoded query parameters by name; `''` for one without a value. */
export type Query = Readonly<Record<string, string>>

/** The parts of a request that a V4 signature covers; header names in lower case, `uri` and `query` already canonical. */
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

/** Returns the canonical request, stage 1 (OSS: signature V4, CanonicalRequest). */
export function canonicalRequest(parts: SignedParts): string {
  const { method, uri, query, headers, additionalHeaders } = parts
  return `${method}\n${uri}\n${query}\n${canonicalRest(headers, additionalHeaders)}`
}

/** Returns the lines of the canonical request below its query: the same for all requests with these headers. */
export function canonicalRest(headers: Headers, additionalHeaders: readonly string[]): string {
  const payload = headers['x-oss-content-sha256'] ?? UNSIGNED_PAYLOAD
  const block = canonicalHeaders(headers, additionalHeaders)
  return `${block}\n${additionalHeaders.join(';')}\n${payload}`
}

/** Returns the string to sign, stage 2 (OSS: signature V4, StringToSign). */
export function stringToSign(timestamp: string, scope: string, request: string): string {
  return `${V4_ALGORITHM}\n${timestamp}\n${scope}\n${sha256Hex(request)}`
}

/** Derives the key for one day, region and product, stage 3 (OSS: signature V4, SigningKey). */
export function signingKey(secret: string, day: string, region: string, product = 'oss'): Buffer {
  const ofDay = hmacSha256(`aliyun_v4${secret}`, day)
  const ofRegion = hmacSha256(ofDay, region)
  const ofProduct = hmacSha256(ofRegion, product)
  return hmacSha256(ofProduct, TERMINATOR)
}

/** Returns the signature in lower-case hex, stage 4 (OSS: signature V4, Signature). */
export function signature(key: HmacKey, text: string): string {
  return hmac(key, text, 'hex')
}

/** One query parameter with encoded name and value. */
export type EncodedPair = readonly [name: string, value: string]

/** Returns the canonical query: encoded, sorted by encoded name, an empty value as the name alone. */
export function canonicalQuery(query: Query): string {
  return joinPairs(encodePairs(query))
}

/** Encodes the names and values of query parameters. */
export function encodePairs(query: Query): EncodedPair[] {
  const pairs: EncodedPair[] = []
  for (const name in query) {
    // Long, and the same in many URLs.
    const encode = name === 'callback' ? encodeKept : encodeValue
    pairs.push([encodeValue(name), encode(query[name] ?? '')])
  }
  return pairs
}

/** Joins encoded parameters into one canonical query. */
export function joinPairs(pairs: EncodedPair[]): string {
  let query = ''
  for (const [name, value] of pairs.sort(byName)) {
    query += `${query && '&'}${name}${value && '='}${value}`
  }
  return query
}

/**
 * Returns the names of additional headers: lower case, unique, sorted, without those that are always signed; throws if one
 * is absent.
 */
export function additionalNames(names: readonly string[], headers: Headers): string[] {
  const additional = [...new Set(names.map((name) => name.toLowerCase()))].filter(
    (name) => !isAlwaysSigned(name),
  )
  const absent = additional.find((name) => headers[name] === undefined)
  if (absent !== undefined) throw new Error(`An additional header is missing: ${absent}`)
  return additional.sort()
}

/** Returns headers with lower-case names and trimmed values; throws for a line break, which could forge another signed line. */
export function toSignableHeaders(headers: Headers): Record<string, string> {
  const signable: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name] ?? ''
    if (LINE_BREAK.test(value)) throw new Error(`The header ${name} must not contain a line break`)
    signable[name.toLowerCase()] = value.trim()
  }
  return signable
}

/** Returns Unix seconds as a signing time: `20300101T000000Z`. */
export const toTimestamp = memoizeLatest((now: number) =>
  new Date(now * 1000).toISOString().replace(/[-:]|\.\d+/g, ''),
)

/** Returns the day of a timestamp: `20300101`. */
export function toDay(timestamp: string): string {
  return timestamp.slice(0, 8)
}

/** Returns the credential scope: `20300101/cn-hangzhou/oss/aliyun_v4_request`. */
export function toScope(timestamp: string, region: string): string {
  return `${toDay(timestamp)}/${region}/oss/${TERMINATOR}`
}

/** Returns the prepared signing key, cached by day, region and secret. */
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
