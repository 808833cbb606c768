import type { BucketContext } from '../cloud'
import { OBJECT } from '../errors/object'
import { type ErrorKind, OssError } from '../errors/oss-error'
import { newUploadId } from '../ids'
import type { PartRecord } from '../store/records'
import type { Upload } from '../store/state'
import type { Blob } from '../store/store'
import { firstValue } from '../wire'
import { xmlAnswer } from '../xml-answer'
import { listEncoder } from './encoding-type'
import { encryptionHeaders } from './encryption'
import { badArgument, readObjectHead, withStorageClass } from './object-headers'
import { type Operation, onObject, toWrite } from './operation'
import { checkAcl, checkForbidOverwrite, receiveBody } from './put-object'

const MAX_PARTS = 10_000

/** The InitiateMultipartUpload operation. */
export const initiateMultipartUpload: Operation = {
  name: 'InitiateMultipartUpload',
  needs: toWrite,
  run: ({ cloud, request, bucket }) => {
    const { key, headers } = request
    const { encode, element } = listEncoder(request.query)
    checkForbidOverwrite(bucket, key, headers)
    const head = readObjectHead(headers)
    checkAcl(bucket, head.acl)
    const upload = {
      id: newUploadId(),
      key,
      ...head,
      headers: withStorageClass(head.headers, bucket),
      initiatedAt: cloud.now(),
      forbidOverwrite: headers['x-oss-forbid-overwrite'] === 'true',
    }
    cloud.store.commit({ type: 'initiate', bucket: bucket.name, upload })
    const answer = xmlAnswer('InitiateMultipartUploadResult', {
      ...element,
      Bucket: bucket.name,
      Key: encode(key),
      UploadId: upload.id,
    })
    return { ...answer, headers: { ...answer.headers, ...encryptionHeaders(head.headers) } }
  },
}

/** UploadPart: uploads a part; the same number again replaces it. */
export const uploadPart: Operation = {
  name: 'UploadPart',
  needs: onObject('oss:PutObject', 'write'),
  run: async (context) => {
    const { cloud, request } = context
    const number = readPartNumber(firstValue(request.query, 'partNumber') ?? '')
    const upload = findUpload(context, OBJECT.noSuchUploadOfPart)
    const blob = await receiveBody(context, context.body)
    const part = toPart(number, blob, cloud.now())
    await commitPart(context, upload.id, part)
    return {
      status: 200,
      headers: {
        etag: `"${part.etag}"`,
        'content-md5': blob.md5.toString('base64'),
        'x-oss-hash-crc64ecma': blob.crc64,
      },
    }
  },
}

/** Returns the record of a part whose bytes are on disk. */
export function toPart(number: number, { blob, size, md5, crc64 }: Blob, now: number): PartRecord {
  const etag = md5.toString('hex').toUpperCase()
  return { number, blob, size, etag, crc64, modifiedAt: now }
}

/** Adds a part to its upload; throws NoSuchUpload if the upload ended while the body arrived. */
export async function commitPart(
  { cloud, bucket }: BucketContext,
  uploadId: string,
  part: PartRecord,
): Promise<void> {
  if (bucket.uploads.has(uploadId)) {
    cloud.store.commit({ type: 'part', bucket: bucket.name, uploadId, part })
    return
  }
  await cloud.store.discard(part.blob)
  throw new OssError(OBJECT.noSuchUploadOfPart, { UploadId: uploadId })
}

/** The AbortMultipartUpload operation. */
export const abortMultipartUpload: Operation = {
  name: 'AbortMultipartUpload',
  needs: onObject('oss:AbortMultipartUpload'),
  run: (context) => {
    const { id } = findUpload(context, OBJECT.noSuchUploadToAbort)
    context.cloud.store.commit({ type: 'abort', bucket: context.bucket.name, uploadId: id })
    return { status: 204 }
  },
}

/**
 * Returns the upload of a request; throws NoSuchUpload if it has ended or belongs to another key.
 */
export function findUpload(
  { request, bucket }: BucketContext,
  missing: ErrorKind = OBJECT.noSuchUpload,
): Upload {
  const id = firstValue(request.query, 'uploadId') ?? ''
  const upload = bucket.uploads.get(id)
  if (upload?.key === request.key) return upload
  throw new OssError(missing, { UploadId: id })
}

/** Parses a part number, 1 to 10,000. */
export function readPartNumber(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= MAX_PARTS) return number
  throw new OssError(OBJECT.partNumber, { ArgumentName: 'partNumber', ArgumentValue: text })
}

/** Parses an integer within bounds; returns `fallback` when absent. */
export function readCount(
  name: string,
  text: string | undefined,
  { min, max, fallback }: { min: number; max: number; fallback: number },
): number {
  if (text === undefined || text === '') return fallback
  const count = /^\d{1,10}$/.test(text) ? Number(text) : -1
  if (count >= min && count <= max) return count
  throw badArgument(name, text)
}
