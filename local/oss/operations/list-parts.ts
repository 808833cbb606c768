import { firstValue } from '../wire'
import { toXmlTime } from '../xml'
import { xmlAnswer } from '../xml-answer'
import { listEncoder } from './encoding-type'
import { findUpload, readCount } from './multipart'
import { type Operation, onObject } from './operation'

const MAX_LISTED = 1000

/** The ListParts operation. */
export const listParts: Operation = {
  name: 'ListParts',
  needs: onObject('oss:ListParts'),
  run: (context) => {
    const { query } = context.request
    const { encode, element } = listEncoder(query)
    const max = readCount('max-parts', firstValue(query, 'max-parts'), {
      min: 1,
      max: MAX_LISTED,
      fallback: MAX_LISTED,
    })
    const marker = readCount('part-number-marker', firstValue(query, 'part-number-marker'), {
      min: 0,
      max: 2 ** 31,
      fallback: 0,
    })
    const upload = findUpload(context)
    const rest = [...upload.parts.values()]
      .filter(({ number }) => number > marker)
      .sort((a, b) => a.number - b.number)
    const parts = rest.slice(0, max)
    return xmlAnswer('ListPartsResult', {
      ...element,
      Bucket: context.bucket.name,
      Key: encode(upload.key),
      UploadId: upload.id,
      StorageClass: upload.headers['x-oss-storage-class'] ?? 'Standard',
      PartNumberMarker: marker,
      NextPartNumberMarker: parts.at(-1)?.number ?? marker,
      MaxParts: max,
      IsTruncated: rest.length > parts.length,
      Part: parts.map(({ number, modifiedAt, etag, size, crc64 }) => ({
        PartNumber: number,
        LastModified: toXmlTime(modifiedAt),
        ETag: `"${etag}"`,
        Size: size,
        HashCrc64ecma: crc64,
      })),
    })
  },
}
