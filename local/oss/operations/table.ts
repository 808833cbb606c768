import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { OssRequest } from '../wire'
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from './acl'
import { appendObject } from './append-object'
import {
  deleteBucket,
  deletePublicAccessBlock,
  getBucketInfo,
  getBucketLocation,
  getPublicAccessBlock,
  headBucket,
  listBuckets,
  putBucket,
  putPublicAccessBlock,
} from './bucket'
import { deleteBucketCors, getBucketCors, putBucketCors } from './bucket-cors'
import {
  deleteBucketLifecycle,
  getBucketLifecycle,
  getBucketVersioning,
  putBucketLifecycle,
} from './bucket-lifecycle'
import { completeMultipartUpload } from './complete-multipart'
import { copyObject, uploadPartCopy } from './copy-object'
import { deleteMultipleObjects, deleteObject } from './delete-object'
import { getObject, getObjectMeta, headObject } from './get-object'
import { listObjects } from './list-objects'
import { listParts } from './list-parts'
import { listMultipartUploads } from './list-uploads'
import { abortMultipartUpload, initiateMultipartUpload, uploadPart } from './multipart'
import { isSubresource, nameUnknown, notImplemented } from './names'
import type { BareOperation, Operation } from './operation'
import { putObject } from './put-object'
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './tagging'

type Level = 'service' | 'bucket' | 'object'

// Method, level and the sub-resources in the query select an operation.
const OPERATIONS: Readonly<Record<string, Operation | BareOperation>> = {
  'GET service': listBuckets,
  'PUT bucket': putBucket,
  'DELETE bucket': deleteBucket,
  'HEAD bucket': headBucket,
  'GET bucket location': getBucketLocation,
  'GET bucket bucketInfo': getBucketInfo,
  'GET bucket acl': getBucketAcl,
  'PUT bucket acl': putBucketAcl,
  'GET bucket publicAccessBlock': getPublicAccessBlock,
  'PUT bucket publicAccessBlock': putPublicAccessBlock,
  'DELETE bucket publicAccessBlock': deletePublicAccessBlock,
  'GET bucket uploads': listMultipartUploads,
  'POST bucket delete': deleteMultipleObjects,
  'GET bucket': listObjects,
  'GET bucket cors': getBucketCors,
  'PUT bucket cors': putBucketCors,
  'DELETE bucket cors': deleteBucketCors,
  'GET bucket lifecycle': getBucketLifecycle,
  'PUT bucket lifecycle': putBucketLifecycle,
  'DELETE bucket lifecycle': deleteBucketLifecycle,
  'GET bucket versioning': getBucketVersioning,
  'PUT object': putObject,
  'PUT object copy': copyObject,
  'POST object append': appendObject,
  'GET object acl': getObjectAcl,
  'PUT object acl': putObjectAcl,
  'GET object tagging': getObjectTagging,
  'PUT object tagging': putObjectTagging,
  'DELETE object tagging': deleteObjectTagging,
  'GET object': getObject,
  'HEAD object': headObject,
  'HEAD object objectMeta': getObjectMeta,
  'DELETE object': deleteObject,
  'POST object uploads': initiateMultipartUpload,
  'PUT object partNumber uploadId': uploadPart,
  'PUT object partNumber uploadId copy': uploadPartCopy,
  'GET object uploadId': listParts,
  'POST object uploadId': completeMultipartUpload,
  'DELETE object uploadId': abortMultipartUpload,
}

/** The names of all operations; forms and preflights are recognised by other means. */
export const OPERATION_NAMES: readonly string[] = [
  ...Object.values(OPERATIONS).map(({ name }) => name),
  'PostObject',
  'OptionObject',
]

/**
 * Returns the operation of a request, or its error: NotImplemented with a name, or
 * MethodNotAllowed.
 */
export function findOperation(request: OssRequest): Operation | BareOperation | OssError {
  const { method } = request
  const level = levelOf(request)
  const subresources = subresourcesOf(request)
  const operation = OPERATIONS[[method, level, ...subresources].join(' ')]
  const missing = nameUnknown(request, level, operation ? undefined : subresources)
  if (missing !== undefined) return notImplemented(missing)
  if (operation) return operation
  return new OssError(OBJECT.methodNotAllowed, { Method: method, ResourceType: capitalize(level) })
}

function levelOf({ bucket, key }: OssRequest): Level {
  if (bucket === '') return 'service'
  return key === '' ? 'bucket' : 'object'
}

function subresourcesOf({ method, key, query, headers }: OssRequest): string[] {
  const names = query.map(([name]) => name).filter(isSubresource)
  const isCopy = method === 'PUT' && key !== '' && headers['x-oss-copy-source'] !== undefined
  return [...new Set(names)].sort().concat(isCopy ? ['copy'] : [])
}

function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
