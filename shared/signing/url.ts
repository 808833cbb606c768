import { encodeKept, encodePath } from './encode'
import type { HmacKey } from './hash'
import { bucketUrl, type OssTarget } from './target'
import {
  additionalNames,
  type Credentials,
  canonicalRest,
  type EncodedPair,
  encodePairs,
  type Headers,
  joinPairs,
  keptKey,
  type Query,
  signature,
  stringToSign,
  toDay,
  toScope,
  toSignableHeaders,
  toTimestamp,
  V4_ALGORITHM,
} from './v4'

export type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'

/** A request ready to be sent: `headers` is exactly what must go with it. */
export type SignedRequest = { method: Method; url: string; headers: Record<string, string> }

/** What a signed URL is asked for; `now` in Unix seconds. */
export type UrlInput = {
  method: Method
  target: OssTarget
  key: string
  query?: Query
  headers?: Headers
  /** Names of `headers` to be signed beside content-type, content-md5 and x-oss-*. */
  additionalHeaders?: readonly string[]
  expiresSeconds: number
  credentials: Credentials
  now: number
}

/** The longest life that OSS grants a V4 URL: 7 days. */
const MAX_URL_SECONDS = 604_800

/** Signs one request as a V4 URL (OSS: add signatures to URLs, V4). */
export function signUrl(input: UrlInput): SignedRequest {
  const signing = toSigning(input)
  const pairs = [...encodePairs(input.query ?? {}), ...signaturePairs(input, signing)]
  return signCanonical(signing, joinPairs(pairs))
}

/** What one signature needs beside its canonical query. */
export type Signing = {
  method: Method
  /** The key, encoded. */
  path: string
  target: OssTarget
  timestamp: string
  scope: string
  key: HmacKey
  headers: Record<string, string>
  additionalHeaders: readonly string[]
  /** The canonical request below its query. */
  rest: string
}

/** Makes ready what an input's signature needs beside its query. */
export function toSigning(input: UrlInput): Signing {
  const { method, target, credentials } = input
  const timestamp = toTimestamp(input.now)
  const headers = toSignableHeaders(input.headers ?? {})
  const additionalHeaders = additionalNames(input.additionalHeaders ?? [], headers)
  return {
    method,
    path: encodePath(input.key),
    target,
    timestamp,
    scope: toScope(timestamp, target.region),
    key: keptKey(toDay(timestamp), target.region, credentials.accessKeySecret),
    headers,
    additionalHeaders,
    rest: canonicalRest(headers, additionalHeaders),
  }
}

/** Signs a request whose whole query, but for the signature, is canonical already. */
export function signCanonical(signing: Signing, query: string): SignedRequest {
  const { method, path, target, timestamp, scope, key, headers, rest } = signing
  const request = `${method}\n/${target.bucket}/${path}\n${query}\n${rest}`
  const signed = signature(key, stringToSign(timestamp, scope, request))
  return { method, url: `${bucketUrl(target)}${path}?${query}&x-oss-signature=${signed}`, headers }
}

/** The parameters that every V4 URL has beside its signature, encoded. */
export function signaturePairs(input: UrlInput, signing: Signing): EncodedPair[] {
  const { credentials, expiresSeconds } = input
  const isLife = expiresSeconds >= 1 && expiresSeconds <= MAX_URL_SECONDS
  if (!(Number.isInteger(expiresSeconds) && isLife)) {
    throw new RangeError('A signed URL lives 1 to 604800 seconds')
  }
  const { accessKeyId, securityToken } = credentials
  // An empty list or token is an error to OSS, so each is left out.
  const names = signing.additionalHeaders.join('%3B')
  const pairs: EncodedPair[] = names ? [['x-oss-additional-headers', names]] : []
  pairs.push(
    ['x-oss-credential', encodeKept(`${accessKeyId}/${signing.scope}`)],
    ['x-oss-date', signing.timestamp],
    ['x-oss-expires', String(expiresSeconds)],
  )
  if (securityToken) pairs.push(['x-oss-security-token', encodeKept(securityToken)])
  pairs.push(['x-oss-signature-version', V4_ALGORITHM])
  return pairs
}
