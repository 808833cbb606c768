import { toBase64 } from './base64'
import { encodeKept, encodePath, encodeValue } from './encode'
import type { FormInput } from './form'
import { bucketUrl } from './target'
import type { SignedRequest, UrlInput } from './url'
import { signatureV1, stringToSignV1 } from './v1'
import { encodePairs, joinPairs, type Query, toSignableHeaders } from './v4'

/** Signs one request as a V1 URL; additional headers stay unsigned (OSS: add signatures to URLs, V1). */
export function signUrlV1(input: UrlInput): SignedRequest {
  const { method, target, key, credentials, now, expiresSeconds } = input
  if (!(Number.isInteger(expiresSeconds) && expiresSeconds >= 1)) {
    throw new RangeError('expiresSeconds must be an integer of at least 1')
  }
  const { accessKeyId, accessKeySecret, securityToken } = credentials
  const headers = toSignableHeaders(input.headers ?? {})
  const date = String(now + expiresSeconds)
  const query: Query = { ...input.query, ...(securityToken && { 'security-token': securityToken }) }
  const text = stringToSignV1({ method, bucket: target.bucket, key, query, headers, date })
  const pairs = encodePairs(input.query ?? {})
  pairs.push(
    ['OSSAccessKeyId', encodeValue(accessKeyId)],
    ['Expires', date],
    ['Signature', encodeValue(signatureV1(accessKeySecret, text))],
  )
  if (securityToken) pairs.push(['security-token', encodeKept(securityToken)])
  const url = `${bucketUrl(target)}${encodePath(key)}?${joinPairs(pairs)}`
  return { method, url, headers }
}

/** Signs a form; returns its fields, the policy and its V1 signature (OSS: PostObject, V1). */
export function signFormV1(input: FormInput): Record<string, string> {
  const { accessKeyId, accessKeySecret, securityToken } = input.credentials
  const pinned = {
    ...input.fields,
    ...(securityToken && { 'x-oss-security-token': securityToken }),
  }
  const policy = toBase64(input.policyText(pinned))
  const Signature = signatureV1(accessKeySecret, policy)
  return { ...pinned, OSSAccessKeyId: accessKeyId, policy, Signature }
}
