import type { Answer, BucketContext } from '../cloud'
import type { ObjectRecord } from '../store/records'
import { firstValue } from '../wire'
import { toXmlTime, type XmlValue } from '../xml'
import { xmlAnswer } from '../xml-answer'
import { listEncoder } from './encoding-type'
import { listPage, type Page } from './listing'
import { readCount } from './multipart'
import { badArgument } from './object-headers'
import { type Operation, onBucket } from './operation'

const DEFAULT_KEYS = 100
const MAX_KEYS = 1000
const MAX_NAME_BYTES = 1023
// The longest name in base64.
const MAX_TOKEN_BYTES = 1364

/** ListObjects and, with `list-type=2`, ListObjectsV2. */
export const listObjects: Operation = {
  name: 'ListObjects',
  needs: onBucket('oss:ListObjects', 'read'),
  run: (context) => {
    const type = firstValue(context.request.query, 'list-type')
    if (type === '2') return listV2(context)
    if (type !== undefined && type !== '1') throw badArgument('list-type', type)
    return listV1(context)
  },
}

function listV1(context: BucketContext): Answer {
  const { text, max, encode, element } = readCommon(context)
  const marker = text('marker')
  const page = list(context, { after: marker, max })
  return xmlAnswer('ListBucketResult', {
    Name: context.bucket.name,
    Prefix: encode(text('prefix')),
    Marker: encode(marker),
    MaxKeys: max,
    Delimiter: encode(text('delimiter')),
    ...element,
    IsTruncated: page.isTruncated,
    NextMarker: page.isTruncated ? encode(page.next) : undefined,
    ...toElements(context, page, { encode, withOwner: true }),
  })
}

function listV2(context: BucketContext): Answer {
  const { text, max, encode, element } = readCommon(context)
  const [token, startAfter] = [text('continuation-token'), text('start-after')]
  const page = list(context, { after: token === '' ? startAfter : readToken(token), max })
  return xmlAnswer('ListBucketResult', {
    Name: context.bucket.name,
    Prefix: encode(text('prefix')),
    StartAfter: startAfter === '' ? undefined : encode(startAfter),
    MaxKeys: max,
    Delimiter: encode(text('delimiter')),
    ...element,
    IsTruncated: page.isTruncated,
    ContinuationToken: token === '' ? undefined : token,
    NextContinuationToken: page.isTruncated ? toToken(page.next) : undefined,
    KeyCount: page.entries.length,
    ...toElements(context, page, { encode, withOwner: text('fetch-owner') === 'true' }),
  })
}

function readCommon({ request: { query } }: BucketContext) {
  const text = (name: string) => {
    const value = firstValue(query, name) ?? ''
    const most = name === 'continuation-token' ? MAX_TOKEN_BYTES : MAX_NAME_BYTES
    if (Buffer.byteLength(value) > most) throw badArgument(name, value)
    return value
  }
  const range = { min: 1, max: MAX_KEYS, fallback: DEFAULT_KEYS }
  const max = readCount('max-keys', firstValue(query, 'max-keys'), range)
  return { text, max, ...listEncoder(query) }
}

function list({ request, bucket }: BucketContext, { after, max }: { after: string; max: number }) {
  const prefix = firstValue(request.query, 'prefix') ?? ''
  const delimiter = firstValue(request.query, 'delimiter') ?? ''
  return listPage(bucket.keys.inOrder(), { prefix, delimiter, after, max })
}

function toElements(
  { bucket, cloud }: BucketContext,
  page: Page,
  { encode, withOwner }: { encode: (name: string) => string; withOwner: boolean },
): { Contents: XmlValue; CommonPrefixes: XmlValue } {
  const owner = withOwner ? { ID: cloud.account.id, DisplayName: cloud.account.id } : undefined
  const records = page.entries.map((entry) =>
    'key' in entry ? bucket.objects.get(entry.key) : undefined,
  )
  return {
    Contents: records.flatMap((record) => (record ? [toContents(record, encode, owner)] : [])),
    CommonPrefixes: page.entries.flatMap((entry) =>
      'prefix' in entry ? [{ Prefix: encode(entry.prefix) }] : [],
    ),
  }
}

function toContents(
  record: ObjectRecord,
  encode: (name: string) => string,
  owner: XmlValue,
): XmlValue {
  return {
    Key: encode(record.key),
    LastModified: toXmlTime(record.modifiedAt),
    ETag: `"${record.etag}"`,
    Type: record.kind,
    Size: record.size,
    StorageClass: record.headers['x-oss-storage-class'] ?? 'Standard',
    Owner: owner,
  }
}

function toToken(name: string): string {
  return Buffer.from(name).toString('base64')
}

function readToken(token: string): string {
  const name = Buffer.from(token, 'base64').toString('utf8')
  if (toToken(name) !== token) throw badArgument('continuation-token', token)
  return name
}
