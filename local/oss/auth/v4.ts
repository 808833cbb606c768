import { createHash, createHmac } from 'node:crypto'
import { encodePath, encodeStrict } from '../encode'
import type { Headers, Query, Signable } from '../wire'

/** The scope of a V4 credential. */
export type Scope = { day: string; region: string; product: string }

/** The name of the algorithm, the first line of the string to sign. */
export const V4 = 'OSS4-HMAC-SHA256'

/** The payload hash of V4: OSS accepts no other value. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'

/** The last part of every V4 scope. */
export const TERMINATOR = 'aliyun_v4_request'

/**
 * Returns the canonical request; `additional` are the lower-case names of additional headers,
 * sorted.
 */
export function canonicalRequestV4(request: Signable, additional: readonly string[]): string {
  return [
    request.method,
    canonicalUri(request),
    canonicalQueryV4(request.query),
    canonicalHeadersV4(request.headers, additional),
    additional.join(';'),
    UNSIGNED_PAYLOAD,
  ].join('\n')
}

/** Returns the string to sign; `timestamp` is as the client wrote it. */
export function stringToSignV4(timestamp: string, scope: Scope, canonicalRequest: string): string {
  const hash = createHash('sha256').update(canonicalRequest).digest('hex')
  return [V4, timestamp, scopeText(scope), hash].join('\n')
}

// Consecutive requests mostly use one key, and the derivation takes four of the five HMACs.
let latest: { of: string; key: Buffer } = { of: '', key: Buffer.alloc(0) }

/** Returns the signing key derived for one day, region and product. @internal */
export function signingKeyV4(secret: string, scope: Scope): Buffer {
  const of = `${secret}\n${scopeText(scope)}`
  if (latest.of !== of) latest = { of, key: deriveKey(secret, scope) }
  return latest.key
}

function deriveKey(secret: string, { day, region, product }: Scope): Buffer {
  return [day, region, product, TERMINATOR].reduce(
    (key: Buffer, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`aliyun_v4${secret}`),
  )
}

/** Returns the lower-case hex HMAC-SHA256 of a string with the derived key. */
export function signV4(secret: string, scope: Scope, text: string): string {
  return createHmac('sha256', signingKeyV4(secret, scope)).update(text).digest('hex')
}

function scopeText({ day, region, product }: Scope): string {
  return `${day}/${region}/${product}/${TERMINATOR}`
}

function canonicalUri({ bucket, key }: Signable): string {
  return bucket === '' ? '/' : encodePath(`/${bucket}/${key}`)
}

/** Returns the canonical query: every parameter except the signature, encoded again, sorted. */
function canonicalQueryV4(query: Query): string {
  return query
    .filter(([name]) => name !== 'x-oss-signature')
    .map(([name, value]) => [encodeStrict(name), encodeStrict(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&')
}

function canonicalHeadersV4(headers: Headers, additional: readonly string[]): string {
  return Object.keys(headers)
    .filter((name) => isAlwaysSigned(name) || additional.includes(name))
    .sort()
    .map((name) => `${name}:${headers[name]?.trim()}\n`)
    .join('')
}

/** Returns true for a header that V4 signs whenever it is present. */
export function isAlwaysSigned(name: string): boolean {
  return name === 'content-type' || name === 'content-md5' || name.startsWith('x-oss-')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
