import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { OssRequest } from '../wire'

// The sub-resources of OSS, with the noun in the names of their operations.
const SUBRESOURCES: Readonly<Record<string, string>> = {
  accessPoint: 'AccessPoint',
  accessPointPolicy: 'AccessPointPolicy',
  accessmonitor: 'BucketAccessMonitor',
  acl: 'Acl',
  append: 'AppendObject',
  asyncFetch: 'AsyncFetchTask',
  bucketArchiveDirectRead: 'BucketArchiveDirectRead',
  bucketInfo: 'BucketInfo',
  callback_policy: 'BucketCallbackPolicy',
  cleanRestoredObject: 'CleanRestoredObject',
  cname: 'Cname',
  comp: 'CnameToken',
  cors: 'BucketCors',
  delete: 'DeleteMultipleObjects',
  encryption: 'BucketEncryption',
  httpsConfig: 'BucketHttpsConfig',
  inventory: 'BucketInventory',
  lifecycle: 'BucketLifecycle',
  live: 'LiveChannel',
  location: 'BucketLocation',
  logging: 'BucketLogging',
  metaQuery: 'MetaQuery',
  objectMeta: 'ObjectMeta',
  partNumber: 'Part',
  policy: 'BucketPolicy',
  policyStatus: 'BucketPolicyStatus',
  publicAccessBlock: 'BucketPublicAccessBlock',
  qosInfo: 'BucketQosInfo',
  redundancyTransition: 'BucketDataRedundancyTransition',
  referer: 'BucketReferer',
  regionList: 'RegionList',
  replication: 'BucketReplication',
  replicationLocation: 'BucketReplicationLocation',
  replicationProgress: 'BucketReplicationProgress',
  requestPayment: 'BucketRequestPayment',
  requesterQosInfo: 'RequesterQosInfo',
  resourceGroup: 'BucketResourceGroup',
  resourcePool: 'ResourcePool',
  restore: 'RestoreObject',
  seal: 'SealAppendObject',
  stat: 'BucketStat',
  style: 'Style',
  symlink: 'Symlink',
  tagging: 'Tagging',
  transferAcceleration: 'BucketTransferAcceleration',
  uploadId: 'MultipartUpload',
  uploads: 'MultipartUploads',
  versioning: 'BucketVersioning',
  versions: 'ObjectVersions',
  vod: 'VodPlaylist',
  website: 'BucketWebsite',
  worm: 'BucketWorm',
  wormExtend: 'BucketWormExtend',
  wormId: 'BucketWorm',
}

const WHOLE_NAMES = new Set([
  'AppendObject',
  'CleanRestoredObject',
  'DeleteMultipleObjects',
  'RestoreObject',
  'SealAppendObject',
])
const VERBS: Readonly<Record<string, string>> = {
  GET: 'Get',
  HEAD: 'Get',
  PUT: 'Put',
  POST: 'Post',
  DELETE: 'Delete',
}
const PARAMETERS = {
  'x-oss-process': 'Image processing (x-oss-process)',
  'x-oss-async-process': 'Asynchronous processing (x-oss-async-process)',
  versionId: 'Versioning (versionId)',
  'x-oss-ac-source-ip': 'Network restriction (x-oss-ac-source-ip)',
  'x-oss-ac-subnet-mask': 'Network restriction (x-oss-ac-subnet-mask)',
  'x-oss-ac-vpc-id': 'Network restriction (x-oss-ac-vpc-id)',
  'x-oss-ac-forward-allow': 'Network restriction (x-oss-ac-forward-allow)',
} as const

/** Returns true if a query parameter selects an operation. */
export function isSubresource(name: string): boolean {
  return Object.hasOwn(SUBRESOURCES, name)
}

/**
 * Returns the name of what a request needs that is not emulated, or `undefined`; `subresources` are
 * those for which no operation was found.
 */
export function nameUnknown(
  { method, query }: OssRequest,
  level: string,
  subresources: readonly string[] | undefined,
): string | undefined {
  // `comp` mostly qualifies another sub-resource.
  const subresource = subresources?.find((name) => name !== 'comp') ?? subresources?.[0]
  if (subresource !== undefined) return nameOf(method, level, subresource)
  for (const [parameter, name] of Object.entries(PARAMETERS)) {
    if (query.some(([key]) => key === parameter)) return name
  }
  return undefined
}

/** Returns the error for a feature that is not emulated. */
export function notImplemented(name: string): OssError {
  return new OssError(OBJECT.notImplemented, {}, { message: `${name} is not implemented.` })
}

function nameOf(method: string, level: string, subresource: string): string {
  const noun = SUBRESOURCES[subresource] ?? subresource
  if (WHOLE_NAMES.has(noun)) return noun
  const scope =
    noun === 'Acl' || noun === 'Tagging' ? (level === 'object' ? 'Object' : 'Bucket') : ''
  return `${VERBS[method] ?? method}${scope}${noun}`
}
