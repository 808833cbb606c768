import { ask, BUCKET, NOW, ROOT, send, shareBucket, textOf } from './support/cloud'
import { headerV1, headerV4, urlV1, urlV4 } from './support/sign'

const { cloud, put } = shareBucket()
const BETWEEN = NOW + 789
const object = { method: 'GET', bucket: BUCKET, key: 'timed' }

async function begin(): Promise<string> {
  const begun = await ask(cloud(), { method: 'POST', key: 'parts', query: { uploads: '' } })
  return textOf(begun.text, 'UploadId') ?? ''
}

async function copyPart(): Promise<{ uploadId: string; text: string }> {
  const query = { uploadId: await begin(), partNumber: '1' }
  const headers = { 'x-oss-copy-source': `/${BUCKET}/timed` }
  const { text } = await ask(cloud(), { method: 'PUT', key: 'parts', query, headers })
  return { uploadId: query.uploadId, text }
}

const answers: [string, string[], () => Promise<string>][] = [
  ['ListObjects', ['LastModified'], () => list({})],
  ['ListObjectsV2', ['LastModified'], () => list({ 'list-type': '2' })],
  ['ListMultipartUploads', ['Initiated'], listUploads],
  [
    'ListParts',
    ['LastModified'],
    async () => list({ uploadId: (await copyPart()).uploadId }, 'parts'),
  ],
  ['UploadPartCopy', ['LastModified'], async () => (await copyPart()).text],
  ['CopyObject', ['LastModified'], copy],
  ['ListBuckets', ['CreationDate'], () => list({}, '', '')],
  ['GetBucketInfo', ['CreationDate'], () => list({ bucketInfo: '' })],
  [
    'a V4 header that is skewed',
    ['RequestTime', 'ServerTime'],
    () => text(headerV4(object, ROOT, NOW - 901_000)),
  ],
  [
    'a V1 header that is skewed',
    ['RequestTime', 'ServerTime'],
    () => text(headerV1(object, ROOT, NOW - 901_000)),
  ],
  [
    'a V4 URL that has expired',
    ['Expires', 'ServerTime'],
    () => text(urlV4(object, ROOT, { now: NOW - 601_000 })),
  ],
  [
    'a V4 URL of the future',
    ['Expires', 'ServerTime'],
    () => text(urlV4(object, ROOT, { now: NOW + 902_000 })),
  ],
  [
    'a V1 URL that has expired',
    ['Expires', 'ServerTime'],
    () => text(urlV1(object, ROOT, NOW / 1000 - 1)),
  ],
]

async function list(query: Record<string, string>, key = '', bucket = BUCKET): Promise<string> {
  return (await ask(cloud(), { method: 'GET', key, query, bucket })).text
}

async function listUploads(): Promise<string> {
  await begin()
  return list({ uploads: '' })
}

async function copy(): Promise<string> {
  const headers = { 'x-oss-copy-source': `/${BUCKET}/timed` }
  return (await ask(cloud(), { method: 'PUT', key: 'copied', headers })).text
}

async function text(signed: Parameters<typeof send>[1]): Promise<string> {
  return (await send(cloud(), signed)).text
}

it.each(answers)('of %s are in whole seconds', async (_, names, answer) => {
  cloud().clock.now = BETWEEN
  await ask(cloud(), { method: 'PUT', bucket: 'timed-bkt', key: '' })
  await put('timed', 'x')
  const xml = await answer()
  for (const name of names)
    expect(textOf(xml, name)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/)
  expect(xml).not.toMatch(/:\d\d\.(?!000Z)\d+Z/)
})
