import type { BucketContext } from '../cloud'
import { compareUtf8 } from '../store/sorted-keys'
import type { Upload } from '../store/state'
import { firstValue } from '../wire'
import { toXmlTime } from '../xml'
import { xmlAnswer } from '../xml-answer'
import { listEncoder } from './encoding-type'
import { readCount } from './multipart'
import { type Operation, onBucket } from './operation'

const MAX_UPLOADS = 1000

type Entry = { upload: Upload } | { prefix: string }

/** ListMultipartUploads: lists by key, then by upload id. */
export const listMultipartUploads: Operation = {
  name: 'ListMultipartUploads',
  needs: onBucket('oss:ListMultipartUploads'),
  run: (context) => {
    const { query } = context.request
    const value = (name: string) => firstValue(query, name) ?? ''
    const { encode, element } = listEncoder(query)
    const limits = { min: 1, max: MAX_UPLOADS, fallback: MAX_UPLOADS }
    const max = readCount('max-uploads', firstValue(query, 'max-uploads'), limits)
    const uploads = uploadsAfter(context).filter(({ key }) => key.startsWith(value('prefix')))
    const all = fold(uploads, value('prefix'), value('delimiter'))
    const page = all.slice(0, max)
    const isTruncated = all.length > max
    // On the last page it is the last upload, folded or not.
    const last = isTruncated ? page.at(-1) : uploads.map((upload) => ({ upload })).at(-1)
    return xmlAnswer('ListMultipartUploadsResult', {
      ...element,
      Bucket: context.bucket.name,
      KeyMarker: encode(value('key-marker')),
      UploadIdMarker: value('upload-id-marker'),
      NextKeyMarker: last ? encode(keyOf(last)) : '',
      NextUploadIdMarker: last && 'upload' in last ? last.upload.id : '',
      Delimiter: encode(value('delimiter')),
      Prefix: encode(value('prefix')),
      MaxUploads: max,
      IsTruncated: isTruncated,
      Upload: page.flatMap((entry) => ('upload' in entry ? [toElement(entry.upload, encode)] : [])),
      CommonPrefixes: page.flatMap((entry) =>
        'prefix' in entry ? [{ Prefix: encode(entry.prefix) }] : [],
      ),
    })
  },
}

// The id marker is ignored without a key marker.
function uploadsAfter({ request: { query }, bucket }: BucketContext): Upload[] {
  const keyMarker = firstValue(query, 'key-marker') ?? ''
  const idMarker = firstValue(query, 'upload-id-marker') ?? ''
  const isAfter = ({ key, id }: Upload) => {
    const comparison = compareUtf8(key, keyMarker)
    return (
      keyMarker === '' || comparison > 0 || (comparison === 0 && idMarker !== '' && id > idMarker)
    )
  }
  return [...bucket.uploads.values()]
    .filter(isAfter)
    .sort((a, b) => compareUtf8(a.key, b.key) || compareUtf8(a.id, b.id))
}

function fold(uploads: readonly Upload[], prefix: string, delimiter: string): Entry[] {
  const entries: Entry[] = []
  for (const upload of uploads) {
    const at = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length)
    if (at < 0) {
      entries.push({ upload })
      continue
    }
    const folded = upload.key.slice(0, at + delimiter.length)
    const last = entries.at(-1)
    if (!last || !('prefix' in last) || last.prefix !== folded) entries.push({ prefix: folded })
  }
  return entries
}

function keyOf(entry: Entry): string {
  // Every key with a folded prefix sorts before the prefix followed by the highest character.
  return 'upload' in entry ? entry.upload.key : `${entry.prefix}\u{10ffff}`
}

function toElement({ key, id, initiatedAt, headers }: Upload, encode: (name: string) => string) {
  return {
    Key: encode(key),
    UploadId: id,
    StorageClass: headers['x-oss-storage-class'] ?? 'Standard',
    Initiated: toXmlTime(initiatedAt),
  }
}
