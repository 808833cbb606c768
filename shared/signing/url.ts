import { encodePath, encodeValue } from './encode'
import { keepLatest } from './memo'
import { bucketUrl, type OssTarget } from './target'
import {
  additionalNames,
  type Credentials,
  canonicalRequest,
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
export type UrlOrder = {
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
export const MAX_URL_SECONDS = 604_800

/** Signs one request as a V4 URL (OSS: add signatures to URLs, V4). */
export function signUrl(order: UrlOrder): SignedRequest {
  const { method, target, key, credentials, now } = order
  const timestamp = toTimestamp(now)
  const scope = toScope(timestamp, target.region)
  const headers = toSignableHeaders(order.headers ?? {})
  const additionalHeaders = additionalNames(order.additionalHeaders ?? [], headers)
  const path = encodePath(key)
  const query = joinPairs([
    ...encodePairs(order.query ?? {}),
    ...signaturePairs(order, { timestamp, scope, additionalHeaders }),
  ])
  const uri = `/${target.bucket}/${path}`
  const request = canonicalRequest({ method, uri, query, headers, additionalHeaders })
  const signed = signature(
    keptKey(toDay(timestamp), target.region, credentials.accessKeySecret),
    stringToSign(timestamp, scope, request),
  )
  return { method, url: `${bucketUrl(target)}${path}?${query}&x-oss-signature=${signed}`, headers }
}

function signaturePairs(
  { credentials, expiresSeconds }: UrlOrder,
  signing: { timestamp: string; scope: string; additionalHeaders: readonly string[] },
): EncodedPair[] {
  if (
    !(Number.isInteger(expiresSeconds) && expiresSeconds >= 1 && expiresSeconds <= MAX_URL_SECONDS)
  ) {
    throw new RangeError('A signed URL lives 1 to 604800 seconds')
  }
  const { timestamp, scope, additionalHeaders } = signing
  const { accessKeyId, securityToken } = credentials
  // An empty list or token is an error to OSS, so each is left out.
  const names = additionalHeaders.join('%3B')
  const pairs: EncodedPair[] = names ? [['x-oss-additional-headers', names]] : []
  pairs.push(
    ['x-oss-credential', encodeCredential(`${accessKeyId}/${scope}`)],
    ['x-oss-date', timestamp],
    ['x-oss-expires', String(expiresSeconds)],
  )
  if (securityToken) pairs.push(['x-oss-security-token', encodeToken(securityToken)])
  pairs.push(['x-oss-signature-version', V4_ALGORITHM])
  return pairs
}

// These two are long and stay the same from one URL to the next.
const encodeCredential = keepLatest(encodeValue)
const encodeToken = keepLatest(encodeValue)
