import { createHash } from 'node:crypto'
import { readCallback } from '../callback/parameter'
import { runCallback } from '../callback/run'
import type { BucketContext } from '../cloud'
import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import { combineCrc64 } from '../store/crc64'
import type { ObjectAcl, ObjectRecord, PartRecord } from '../store/records'
import type { Upload } from '../store/state'
import { objectUrl } from '../wire'
import { asList, asRecord, asText, parseXml } from '../xml'
import { xmlAnswer } from '../xml-answer'
import { readBody } from './body'
import { listEncoder } from './encoding-type'
import { findUpload } from './multipart'
import { readObjectAcl, writtenHeaders } from './object-headers'
import { type Operation, onObject } from './operation'
import { checkAcl, checkForbidOverwrite, noteCreated } from './put-object'

const OPERATION = 'CompleteMultipartUpload'
const MIN_PART_BYTES = 100 * 1024

/** The CompleteMultipartUpload operation. */
export const completeMultipartUpload: Operation = {
  name: OPERATION,
  needs: onObject('oss:PutObject', 'write'),
  run: async (context) => {
    const { cloud, request, bucket } = context
    const callback = readCallback(request)
    const { encode, element } = listEncoder(request.query)
    const requested = await readRequestedParts(context)
    // Synchronous from here on, so that nothing can end the upload in between.
    const upload = findUpload(context)
    const acl = chooseAcl(context, upload)
    const parts = requested ? pickParts(upload, requested) : allParts(upload)
    checkSizes(parts)
    checkOverwrite(context, upload)
    const record = { ...joinParts(upload, parts, cloud.now()), acl }
    checkAcl(bucket, acl)
    const former = bucket.objects.get(record.key)
    cloud.store.commit({ type: 'complete', bucket: bucket.name, uploadId: upload.id, record })
    noteCreated(context, { operation: OPERATION, record, former })
    const headers = writtenHeaders(record)
    if (callback) return runCallback(context, callback, { record, operation: OPERATION, headers })
    const answer = xmlAnswer('CompleteMultipartUploadResult', {
      ...element,
      Location: objectUrl(request, record.key),
      Bucket: bucket.name,
      Key: encode(record.key),
      ETag: `"${record.etag}"`,
    })
    return { ...answer, headers: { ...headers, ...answer.headers } }
  },
}

type RequestedPart = { number: number; etag: string }

// `undefined` means all parts: x-oss-complete-all.
async function readRequestedParts({
  body,
  request,
}: BucketContext): Promise<RequestedPart[] | undefined> {
  const text = (await readBody(body, request.headers)).toString('utf8')
  if (request.headers['x-oss-complete-all'] === 'yes') {
    if (text !== '') throw new OssError(OBJECT.completeAllWithBody)
    return undefined
  }
  const list = asRecord(parseXml(text)?.CompleteMultipartUpload)
  const parts = asList(list?.Part).map(toRequestedPart)
  if (!list) throw new OssError(OBJECT.malformedPartList)
  return parts
}

function toRequestedPart(value: unknown): RequestedPart {
  const part = asRecord(value)
  const number = asText(part?.PartNumber) ?? ''
  const etag = asText(part?.ETag)
  if (!/^\d{1,5}$/.test(number) || etag === undefined) {
    throw new OssError(OBJECT.malformedPartList)
  }
  return { number: Number(number), etag: etag.replace(/^"|"$/g, '') }
}

function pickParts(upload: Upload, requested: readonly RequestedPart[]): PartRecord[] {
  if (requested.some(({ number }, i) => number <= (requested[i - 1]?.number ?? 0))) {
    throw new OssError(OBJECT.invalidPartOrder, { UploadId: upload.id })
  }
  return requested.map(({ number, etag }) => {
    const part = upload.parts.get(number)
    if (part?.etag === etag.toUpperCase()) return part
    const details = { UploadId: upload.id, PartNumber: number, ETag: etag }
    throw new OssError(OBJECT.invalidPart, details)
  })
}

function allParts(upload: Upload): PartRecord[] {
  return [...upload.parts.values()].sort((a, b) => a.number - b.number)
}

function checkSizes(parts: readonly PartRecord[]): void {
  const small = parts.slice(0, -1).find(({ size }) => size < MIN_PART_BYTES)
  if (!small) return
  throw new OssError(OBJECT.partTooSmall, {
    MinSizeAllowed: MIN_PART_BYTES,
    ProposedSize: small.size,
    PartNumber: small.number,
  })
}

// The headers of the completion override those of the initiation.
function chooseAcl({ request }: BucketContext, upload: Upload): ObjectAcl {
  const header = request.headers['x-oss-object-acl']
  return header === undefined ? upload.acl : readObjectAcl(header)
}

function checkOverwrite({ request, bucket }: BucketContext, upload: Upload): void {
  const headers = upload.forbidOverwrite ? { 'x-oss-forbid-overwrite': 'true' } : request.headers
  checkForbidOverwrite(bucket, upload.key, headers)
}

function joinParts(upload: Upload, parts: readonly PartRecord[], now: number): ObjectRecord {
  const digest = createHash('md5')
  for (const { etag } of parts) digest.update(Buffer.from(etag, 'hex'))
  return {
    key: upload.key,
    kind: 'Multipart',
    segments: parts.map(({ blob, size }) => ({ blob, size })),
    size: parts.reduce((sum, { size }) => sum + size, 0),
    etag: `${digest.digest('hex').toUpperCase()}-${parts.length}`,
    crc64: parts.reduce((crc, part) => combineCrc64(crc, part.crc64, part.size), '0'),
    headers: upload.headers,
    acl: upload.acl,
    tags: upload.tags,
    modifiedAt: now,
  }
}
