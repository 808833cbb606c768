import { createHmac } from 'node:crypto'
import type { Headers, Query, Signable } from '../wire'

// The sub-resources and overrides that V1 signs ("Include signatures in the Authorization
// header", CanonicalizedResource), as the union of the lists in the official SDKs.
const SIGNED_PARAMETERS = new Set(
  `acl uploads location cors logging website referer lifecycle delete append tagging objectMeta
  objectInfo group link uploadId partNumber security-token position img style styleName replication
  replicationProgress replicationLocation cname bucketInfo comp qos qosInfo live status vod startTime
  endTime x-oss-process x-oss-async-process processConfiguration symlink stat udf udfName udfImage
  udfImageDesc udfApplication udfApplicationLog restore versions versioning versionId encryption
  policy policyStatus requestPayment x-oss-traffic-limit asyncFetch sequential x-oss-request-payer
  vpcip vip inventory inventoryId continuation-token worm wormId wormExtend callback callback-var
  x-oss-dir x-oss-rename x-oss-delete transferAcceleration metaQuery resourceGroup regionList
  cloudboxes bucketArchiveDirectRead httpsConfig publicAccessBlock redundancyTransition accessPoint
  accessPointPolicy requesterQosInfo qosRequester resourcePoolInfo resourcePool resourcePoolBuckets
  seal`.split(/\s+/),
)
const SIGNED_PREFIXES = ['x-oss-', 'response-']

/** Returns the V1 string to sign; `dateLine` is a date, or the decimal `Expires` of a URL. */
export function stringToSignV1(request: Signable, dateLine: string): string {
  const { method, headers } = request
  const head = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', dateLine]
  return `${head.join('\n')}\n${canonicalHeadersV1(headers)}${canonicalResourceV1(request)}`
}

/** Returns `CanonicalizedOSSHeaders`: every `x-oss-` header, sorted, one per line. */
function canonicalHeadersV1(headers: Headers): string {
  return Object.keys(headers)
    .filter((name) => name.startsWith('x-oss-'))
    .sort()
    .map((name) => `${name}:${headers[name]?.trim()}\n`)
    .join('')
}

/**
 * Returns `CanonicalizedResource`: bucket and key unencoded, then the signed parameters, sorted.
 */
function canonicalResourceV1({ bucket, key, query }: Signable): string {
  const path = bucket === '' ? '/' : `/${bucket}/${key}`
  const parameters = firstOccurrences(query)
    .filter(([name]) => isSignedParameter(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
  return parameters.length === 0 ? path : `${path}?${parameters.join('&')}`
}

/** Returns the base64 HMAC-SHA1 of a string with the secret. */
export function signV1(secret: string, text: string): string {
  return createHmac('sha1', secret).update(text).digest('base64')
}

function firstOccurrences(query: Query): [string, string][] {
  const first = new Map<string, string>()
  for (const [name, value] of query) if (!first.has(name)) first.set(name, value)
  return [...first]
}

function isSignedParameter(name: string): boolean {
  return SIGNED_PARAMETERS.has(name) || SIGNED_PREFIXES.some((prefix) => name.startsWith(prefix))
}
