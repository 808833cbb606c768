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

/** The methods of the requests that are signed. */
export type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'

/** A signed request; the client must send exactly these `headers`. */
export type SignedRequest = { method: Method; url: string; headers: Record<string, string> }

/** Input of a URL signature; `now` in Unix seconds. */
export type UrlInput = {
  method: Method
  target: OssTarget
  key: string
  query?: Query
  headers?: Headers
  /** Names of `headers` to be signed in addition to content-type, content-md5 and x-oss-*. */
  additionalHeaders?: readonly string[]
  expiresSeconds: number
  credentials: Credentials
  now: number
}

/** The maximum lifetime of a V4 URL: 7 days (OSS: add signatures to URLs, V4). */
const MAX_URL_SECONDS = 604_800

/** Signs one request as a V4 URL (OSS: add signatures to URLs, V4). */
export function signUrl(input: UrlInput): SignedRequest {
  const signing = toSigning(input)
  const pairs = [...encodePairs(input.query ?? {}), ...signaturePairs(input, signing)]
  return signCanonical(signing, joinPairs(pairs))
}

/** Everything that one URL signature requires except its canonical query. */
export type Signing = {
  method: Method
  /** The percent-encoded key. */
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

/** Prepares the parts of a signature that do not depend on the query. */
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

/** Signs a request whose query is canonical already and complete except for the signature. */
export function signCanonical(signing: Signing, query: string): SignedRequest {
  const { method, path, target, timestamp, scope, key, headers, rest } = signing
  const request = `${method}\n/${target.bucket}/${path}\n${query}\n${rest}`
  const signed = signature(key, stringToSign(timestamp, scope, request))
  return { method, url: `${bucketUrl(target)}${path}?${query}&x-oss-signature=${signed}`, headers }
}

/**
 * Returns the encoded parameters of every V4 URL except its signature; throws a RangeError for a lifetime outside 1 to
 * 604800 s.
 */
export function signaturePairs(input: UrlInput, signing: Signing): EncodedPair[] {
  const { credentials, expiresSeconds } = input
  const isLife = expiresSeconds >= 1 && expiresSeconds <= MAX_URL_SECONDS
  if (!(Number.isInteger(expiresSeconds) && isLife)) {
    throw new RangeError('expiresSeconds must be an integer from 1 to 604800')
  }
  const { accessKeyId, securityToken } = credentials
  // OSS rejects an empty list or token, so each is left out.
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
