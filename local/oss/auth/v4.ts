import { createHash, createHmac } from 'node:crypto'
import { encodePath, encodeStrict } from '../encode'
import type { Headers, Query, Signable } from '../wire'

/** What a V4 credential names beside the key id. */
export type Scope = { day: string; region: string; product: string }

/** The algorithm's name, first line of the string to sign. */
export const V4 = 'OSS4-HMAC-SHA256'

/** What V4 signs in place of a body's hash; OSS takes no other. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'

/** The last part of every V4 scope. */
export const TERMINATOR = 'aliyun_v4_request'

/** The canonical request; `additional` are the lower-case names of additional headers, sorted. */
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

/** The string to sign; `timestamp` as the client wrote it. */
export function stringToSignV4(timestamp: string, scope: Scope, canonicalRequest: string): string {
  const hash = createHash('sha256').update(canonicalRequest).digest('hex')
  return [V4, timestamp, scopeText(scope), hash].join('\n')
}

// Requests mostly come in a row from one key, and deriving costs four of their five HMACs.
let latest: { of: string; key: Buffer } = { of: '', key: Buffer.alloc(0) }

/** The key derived for one day, region and product. */
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

/** Lower-case hex of HMAC-SHA256 with the derived key. */
export function signV4(secret: string, scope: Scope, text: string): string {
  return createHmac('sha256', signingKeyV4(secret, scope)).update(text).digest('hex')
}

function scopeText({ day, region, product }: Scope): string {
  return `${day}/${region}/${product}/${TERMINATOR}`
}

function canonicalUri({ bucket, key }: Signable): string {
  return bucket === '' ? '/' : encodePath(`/${bucket}/${key}`)
}

/** Every parameter but the signature, decoded and encoded anew, sorted. */
export function canonicalQueryV4(query: Query): string {
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

/** Whether V4 signs a header whenever it is there. */
export function isAlwaysSigned(name: string): boolean {
  return name === 'content-type' || name === 'content-md5' || name.startsWith('x-oss-')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
