import type { BucketContext, Context } from '../cloud'
import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { ObjectRecord, PartRecord } from '../store/records'
import { firstValue } from '../wire'
import { toXmlTime } from '../xml'
import { xmlAnswer } from '../xml-answer'
import { findCopySource, parseCopySource } from './copy-source'
import { ENCRYPTION_HEADERS } from './encryption'
import { commitPart, findUpload, readPartNumber, toPart } from './multipart'
import { badArgument, type ObjectHead, readObjectHead, writtenHeaders } from './object-headers'
import { type Operation, toWrite } from './operation'
import { checkAcl, checkForbidOverwrite, commitObject, MAX_OBJECT_BYTES } from './put-object'
import type { ByteRange } from './range'

// The request decides how the copy is stored, whatever the metadata directive.
const NEVER_COPIED = new Set(['x-oss-storage-class', ...ENCRYPTION_HEADERS])

/** CopyObject: copies bytes and, by default, metadata within one account and region. */
export const copyObject: Operation = {
  name: 'CopyObject',
  needs: (context) => [...toRead(context), ...toWrite(context)],
  run: async (context) => {
    const { cloud, request, bucket } = context
    const source = findCopySource(context)
    const head = chooseHead(context, source)
    checkForbidOverwrite(bucket, request.key, request.headers)
    checkAcl(bucket, head.acl)
    if (source.size > MAX_OBJECT_BYTES) throw new OssError(OBJECT.entityTooLarge)
    const record: ObjectRecord = {
      ...source,
      ...head,
      key: request.key,
      kind: source.kind === 'Appendable' ? 'Normal' : source.kind,
      segments: await cloud.store.copy(source.segments),
      modifiedAt: cloud.now(),
    }
    await commitObject(context, record, { headers: request.headers, operation: 'CopyObject' })
    const answer = xmlAnswer('CopyObjectResult', {
      LastModified: toXmlTime(record.modifiedAt),
      ETag: `"${record.etag}"`,
    })
    return { ...answer, headers: { ...writtenHeaders(record), ...answer.headers } }
  },
}

/** UploadPartCopy: copies another object, or a range of it, into a part. */
export const uploadPartCopy: Operation = {
  name: 'UploadPartCopy',
  needs: (context) => [...toRead(context), ...toWrite(context)],
  run: async (context) => {
    const number = readPartNumber(firstValue(context.request.query, 'partNumber') ?? '')
    const upload = findUpload(context, OBJECT.noSuchUploadOfPart)
    const part = await copyPart(context, number)
    await commitPart(context, upload.id, part)
    const etag = `"${part.etag}"`
    const answer = xmlAnswer('CopyPartResult', {
      LastModified: toXmlTime(part.modifiedAt),
      ETag: etag,
    })
    return { ...answer, headers: { ...answer.headers, etag } }
  },
}

async function copyPart(context: BucketContext, number: number): Promise<PartRecord> {
  const { store, now } = context.cloud
  const source = findCopySource(context)
  const { start, end } = readSourceRange(context, source.size)
  if (end - start >= MAX_OBJECT_BYTES) throw new OssError(OBJECT.entityTooLarge)
  const limit = { maxBytes: MAX_OBJECT_BYTES, tooLarge: () => new OssError(OBJECT.entityTooLarge) }
  const body = store.read(source.segments, start, end)
  try {
    return toPart(number, await store.write(body, limit), now())
  } finally {
    body.destroy()
  }
}

function toRead(context: Context) {
  const { bucket, key } = parseCopySource(context)
  return [{ action: 'oss:GetObject', bucket, key, access: 'read' as const }]
}

function readSourceRange({ request }: BucketContext, size: number): ByteRange {
  const header = request.headers['x-oss-copy-source-range']
  if (header === undefined) return { start: 0, end: size - 1 }
  const [, first, last] = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(header) ?? []
  const range = { start: Number(first ?? -1), end: Number(last ?? size - 1) }
  if (range.start < 0 || range.end < range.start || range.end >= size) {
    throw badArgument('x-oss-copy-source-range', header)
  }
  return range
}

// The ACL is never copied; metadata and tags each have a directive.
function chooseHead({ request }: BucketContext, source: ObjectRecord): ObjectHead {
  const { headers } = request
  const requested = readObjectHead(headers)
  const replaces = (name: string) => {
    const directive = headers[name]?.toLowerCase() ?? 'copy'
    if (directive !== 'copy' && directive !== 'replace') throw badArgument(name, directive)
    return directive === 'replace'
  }
  return {
    acl: requested.acl,
    headers: replaces('x-oss-metadata-directive')
      ? requested.headers
      : copyHeaders(source, requested),
    tags: replaces('x-oss-tagging-directive') ? requested.tags : source.tags,
  }
}

function copyHeaders(source: ObjectHead, requested: ObjectHead): ObjectHead['headers'] {
  const isCopied = ([name]: [string, string]) => !NEVER_COPIED.has(name)
  const kept = Object.entries(source.headers).filter(isCopied)
  const own = Object.entries(requested.headers).filter((header) => !isCopied(header))
  return Object.fromEntries([...kept, ...own])
}
