import { memoize } from '../memo'
import { hmac, hmacKey } from './hash'
import type { Headers, Query } from './v4'

/** The parts of a request that a V1 signature covers; `date` is an HTTP date, or the expiry of a URL in Unix seconds. */
export type SignedPartsV1 = {
  method: string
  bucket: string
  key: string
  query: Query
  headers: Headers
  date: string
}

// OSS: signature V1, CanonicalizedResource, and the lists in OSS's own SDKs.
const SIGNED_NAMES = new Set(
  `acl uploads location cors logging website referer lifecycle delete append tagging objectMeta
  objectInfo group link uploadId partNumber security-token position img style styleName replication
  replicationProgress replicationLocation cname bucketInfo comp qos qosInfo live status vod startTime
  endTime processConfiguration symlink stat udf udfName udfImage udfImageDesc udfApplication
  udfApplicationLog restore versions versioning versionId encryption policy policyStatus
  requestPayment asyncFetch sequential vpcip vip inventory inventoryId continuation-token worm wormId
  wormExtend callback callback-var transferAcceleration metaQuery resourceGroup regionList cloudboxes
  bucketArchiveDirectRead httpsConfig publicAccessBlock redundancyTransition accessPoint
  accessPointPolicy requesterQosInfo qosRequester resourcePoolInfo resourcePool resourcePoolBuckets
  seal`.split(/\s+/),
)

/** Returns the string to sign, stage 1 (OSS: signature V1, StringToSign). */
export function stringToSignV1({ method, date, headers, ...resource }: SignedPartsV1): string {
  const md5 = headers['content-md5'] ?? ''
  const type = headers['content-type'] ?? ''
  const lines = `${method}\n${md5}\n${type}\n${date}\n`
  return `${lines}${canonicalizedHeaders(headers)}${canonicalizedResource(resource)}`
}

/** Returns the signature in base64, stage 2 (OSS: signature V1, Signature). */
export function signatureV1(secret: string, text: string): string {
  return hmac(keyOf(secret), text, 'base64')
}

/** Returns `/bucket/key?acl&uploadId=…`, not encoded (OSS: signature V1, CanonicalizedResource). @internal */
export function canonicalizedResource(resource: {
  bucket: string
  key: string
  query: Query
}): string {
  const { bucket, key, query } = resource
  // Nothing is encoded here, so these two characters could forge a sub-resource that was not granted.
  if (key.includes('?'))
    throw new Error('Signature version 1 does not allow a question mark in a key')
  const names = Object.keys(query).filter(isSignedByV1).sort()
  const forger = names.find((name) => query[name]?.includes('&'))
  if (forger !== undefined) throw new Error(`Signature version 1 does not allow "&" in ${forger}`)
  const pairs = names.map((name) => (query[name] === '' ? name : `${name}=${query[name]}`))
  return `/${bucket}/${key}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`
}

/** Returns true if a V1 signature covers this query parameter. */
function isSignedByV1(name: string): boolean {
  return SIGNED_NAMES.has(name) || name.startsWith('x-oss-') || name.startsWith('response-')
}

function canonicalizedHeaders(headers: Headers): string {
  return Object.keys(headers)
    .filter((name) => name.startsWith('x-oss-'))
    .sort()
    .map((name) => `${name}:${headers[name]}\n`)
    .join('')
}

const keyOf = memoize((secret: string) => hmacKey('sha1', secret))
