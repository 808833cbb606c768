import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { OssRequest } from '../wire'

// Sub-resources of OSS with the noun that their operations have in the documentation.
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

/** Whether a query parameter of this name says which operation is meant. */
export function isSubresource(name: string): boolean {
  return Object.hasOwn(SUBRESOURCES, name)
}

/**
 * What a request asks for that isn't emulated, by name; `subresources` when no operation was found
 * for them. `undefined` when there is nothing like that.
 */
export function nameUnknown(
  { method, query }: OssRequest,
  level: string,
  subresources: readonly string[] | undefined,
): string | undefined {
  // `comp` mostly says what to do with another one.
  const subresource = subresources?.find((name) => name !== 'comp') ?? subresources?.[0]
  if (subresource !== undefined) return nameOf(method, level, subresource)
  for (const [parameter, name] of Object.entries(PARAMETERS)) {
    if (query.some(([given]) => given === parameter)) return name
  }
  return undefined
}

/** The refusal of what isn't emulated, by this name. */
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
