import { authorize } from '../authorize'
import type { BucketContext } from '../cloud'
import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import { asList, asRecord } from '../xml'
import { xmlAnswer } from '../xml-answer'
import { readXml } from './body'
import { findObject } from './get-object'
import { checkTags } from './object-headers'
import { type Operation, onObject } from './operation'

/** PutObjectTagging: replaces all tags. */
export const putObjectTagging: Operation = {
  name: 'PutObjectTagging',
  // A policy condition may refer to the tags, which are in the body.
  needs: () => [],
  run: async (context) => {
    const { body, request } = context
    const document = await readXml(body, request.headers, 'Tagging', OBJECT.malformedXml)
    const set = asRecord(document.TagSet)
    if (!set) throw new OssError(OBJECT.malformedXml)
    const requestTags = asList(set.Tag).map(parseTag)
    authorize({ ...context, requestTags }, onObject('oss:PutObjectTagging')(context))
    saveTags(context, checkTags(requestTags))
    return { status: 200 }
  },
}

/** The GetObjectTagging operation. */
export const getObjectTagging: Operation = {
  name: 'GetObjectTagging',
  needs: onObject('oss:GetObjectTagging'),
  run: (context) => {
    const { tags } = findObject(context)
    return xmlAnswer('Tagging', {
      TagSet: { Tag: tags.map(([name, value]) => ({ Key: name, Value: value })) },
    })
  },
}

/** The DeleteObjectTagging operation. */
export const deleteObjectTagging: Operation = {
  name: 'DeleteObjectTagging',
  needs: onObject('oss:DeleteObjectTagging'),
  run: (context) => {
    saveTags(context, [])
    return { status: 204 }
  },
}

function saveTags(context: BucketContext, tags: [string, string][]): void {
  const record = { ...findObject(context), tags }
  context.cloud.store.commit({ type: 'put', bucket: context.bucket.name, record })
}

function parseTag(value: unknown): [string, string] {
  const tag = asRecord(value)
  const [name, text] = [tag?.Key, tag?.Value ?? '']
  if (typeof name !== 'string' || typeof text !== 'string') throw new OssError(OBJECT.malformedXml)
  return [name, text]
}
