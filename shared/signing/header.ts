import { encodePath } from './encode'
import { bucketUrl, type OssTarget } from './target'
import type { Method, SignedRequest } from './url'
import {
  type Credentials,
  canonicalQuery,
  canonicalRequest,
  type Headers,
  keptKey,
  type Query,
  signature,
  stringToSign,
  toDay,
  toScope,
  toSignableHeaders,
  toTimestamp,
  UNSIGNED_PAYLOAD,
  V4_ALGORITHM,
} from './v4'

/** Input of a header signature; `now` in Unix seconds. */
type HeaderInput = {
  method: Method
  target: OssTarget
  key: string
  query?: Query
  headers?: Headers
  credentials: Credentials
  now: number
}

/** Signs one request in its Authorization header (OSS: include V4 signatures in headers). */
export function signHeaders(input: HeaderInput): SignedRequest {
  const { method, target, key, credentials, now } = input
  const timestamp = toTimestamp(now)
  const scope = toScope(timestamp, target.region)
  const headers = toSignableHeaders({
    ...input.headers,
    'x-oss-content-sha256': UNSIGNED_PAYLOAD,
    'x-oss-date': timestamp,
    ...(credentials.securityToken && { 'x-oss-security-token': credentials.securityToken }),
  })
  const path = encodePath(key)
  const query = canonicalQuery(input.query ?? {})
  const uri = `/${target.bucket}/${path}`
  const request = canonicalRequest({ method, uri, query, headers, additionalHeaders: [] })
  const signed = signature(
    keptKey(toDay(timestamp), target.region, credentials.accessKeySecret),
    stringToSign(timestamp, scope, request),
  )
  const credential = `${credentials.accessKeyId}/${scope}`
  return {
    method,
    url: `${bucketUrl(target)}${path}${query && `?${query}`}`,
    headers: {
      ...headers,
      authorization: `${V4_ALGORITHM} Credential=${credential},Signature=${signed}`,
    },
  }
}
