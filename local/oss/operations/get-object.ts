import type { BucketContext, Context } from '../cloud'
import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { ObjectRecord } from '../store/records'
import { isHeaderValue, type Query } from '../wire'
import { badArgument, objectHeaders } from './object-headers'
import { type Operation, onObject } from './operation'
import { isNotModified } from './preconditions'
import { readRange } from './range'

const needs = onObject('oss:GetObject', 'read')
const OVERRIDES = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
]

/** The GetObject operation. */
export const getObject: Operation = {
  name: 'GetObject',
  needs,
  run: (context) => {
    const { cloud, request } = context
    const record = findObject(context)
    const overrides = readOverrides(context)
    // Content that OSS serves for display in a browser keeps its type (EC page 0017-00000902).
    if (overrides['content-type'] !== undefined) throw new OssError(OBJECT.overridesType)
    const headers = { ...objectHeaders(record), ...overrides }
    if (isNotModified(record, request.headers))
      return { status: 304, headers: shortHeaders(record) }
    const range = readRange(request.headers, record.size)
    const { start, end } = range ?? { start: 0, end: record.size - 1 }
    const body = record.size === 0 ? '' : cloud.store.read(record.segments, start, end)
    const sized = { ...headers, 'content-length': String(end - start + 1) }
    if (!range) return { status: 200, headers: sized, body }
    return {
      status: 206,
      headers: { ...sized, 'content-range': `bytes ${start}-${end}/${record.size}` },
      body,
    }
  },
}

/** The HeadObject operation. */
export const headObject: Operation = {
  name: 'HeadObject',
  needs,
  run: (context) => {
    const record = findObject(context)
    if (isNotModified(record, context.request.headers)) {
      return { status: 304, headers: shortHeaders(record) }
    }
    return {
      status: 200,
      headers: {
        ...objectHeaders(record),
        ...readOverrides(context),
        'content-length': String(record.size),
      },
    }
  },
}

/** GetObjectMeta: returns a subset of the headers of HeadObject. */
export const getObjectMeta: Operation = {
  name: 'GetObjectMeta',
  needs,
  run: (context) => {
    const record = findObject(context)
    return {
      status: 200,
      headers: { ...shortHeaders(record), 'content-length': String(record.size) },
    }
  },
}

/** Returns the object of a request; throws NoSuchKey if it does not exist. */
export function findObject({ request, bucket }: BucketContext): ObjectRecord {
  const record = bucket.objects.get(request.key)
  if (!record) throw new OssError(OBJECT.noSuchKey, { Key: request.key })
  return record
}

function shortHeaders(record: ObjectRecord): Record<string, string> {
  return {
    etag: `"${record.etag}"`,
    'last-modified': new Date(record.modifiedAt).toUTCString(),
    'x-oss-hash-crc64ecma': record.crc64,
  }
}

function readOverrides({ request, principal }: Context): Record<string, string> {
  const overrides = pickOverrides(request.query)
  const entries = Object.entries(overrides)
  if (!principal && entries.length > 0) throw new OssError(OBJECT.overridesAnonymous)
  const bad = entries.find(([, value]) => !isHeaderValue(value))
  if (bad) throw badArgument(`response-${bad[0]}`, bad[1])
  return overrides
}

function pickOverrides(query: Query): Record<string, string> {
  const overrides: Record<string, string> = {}
  for (const [name, value] of query) {
    const header = name.startsWith('response-') ? name.slice('response-'.length) : ''
    if (OVERRIDES.includes(header) && overrides[header] === undefined) overrides[header] = value
  }
  return overrides
}
