import { authorize } from '../authorize'
import type { Answer, BucketContext } from '../cloud'
import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import { checkKey } from '../wire'
import { asList, asRecord, asText } from '../xml'
import { xmlAnswer } from '../xml-answer'
import { readXml } from './body'
import { listEncoder } from './encoding-type'
import { notImplemented } from './names'
import { type Operation, onObject } from './operation'

const MAX_KEYS = 1000

/** DeleteObject: succeeds also if there is no such object. */
export const deleteObject: Operation = {
  name: 'DeleteObject',
  needs: onObject('oss:DeleteObject', 'write'),
  run: (context): Answer => {
    remove(context, context.request.key)
    return { status: 204 }
  },
}

/** DeleteMultipleObjects: requires the right to delete every key. */
export const deleteMultipleObjects: Operation = {
  name: 'DeleteMultipleObjects',
  needs: () => [],
  run: async (context) => {
    const { request, body, bucket } = context
    const document = await readXml(body, request.headers, 'Delete', OBJECT.malformedDelete)
    const { encode, element } = listEncoder(request.query, request.headers['encoding-type'])
    const keys = asList(document.Object).map(parseKey)
    if (keys.length === 0 || keys.length > MAX_KEYS) throw new OssError(OBJECT.malformedDelete)
    authorize(
      context,
      keys.map((key) => ({
        action: 'oss:DeleteObject',
        bucket: bucket.name,
        key,
        access: 'write' as const,
      })),
    )
    for (const key of keys) remove(context, key)
    if (asText(document.Quiet)?.toLowerCase() === 'true') return { status: 200 }
    return xmlAnswer('DeleteResult', {
      ...element,
      Deleted: keys.map((key) => ({ Key: encode(key) })),
    })
  },
}

function remove({ cloud, bucket }: BucketContext, key: string): void {
  if (!bucket.objects.has(key)) return
  cloud.store.commit({ type: 'delete', bucket: bucket.name, key })
}

function parseKey(value: unknown): string {
  const { Key: key, VersionId: version } = asRecord(value) ?? {}
  if (version !== undefined) throw notImplemented('Versioning (VersionId)')
  if (typeof key !== 'string' || key === '') throw new OssError(OBJECT.malformedDelete)
  return checkKey(key)
}
