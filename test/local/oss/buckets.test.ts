import {
  ask,
  BUCKET,
  NOW,
  ROOT,
  send,
  startCloud,
  type TestCloud,
  textOf,
  toForm,
} from './support/cloud'
import { FILE } from './support/forms'
import { type Draft, formV4 } from './support/sign'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud()
})
afterAll(() => cloud.close())

const all = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text)

describe('buckets', () => {
  const bucket = 'made-here'
  const on = (method: string, query: Record<string, string> = {}, body = '') =>
    ask(cloud, { method, bucket, key: '', query }, body)

  it('are made, described, listed and deleted', async () => {
    const body =
      '<CreateBucketConfiguration><StorageClass>IA</StorageClass></CreateBucketConfiguration>'
    expect((await on('PUT', {}, body)).status).toBe(200)
    expect((await on('PUT')).status).toBe(200)
    const head = await on('HEAD')
    expect([head.status, head.headers['x-oss-bucket-region']]).toEqual([200, 'oss-cn-hangzhou'])
    const info = (await on('GET', { bucketInfo: '' })).text
    expect([textOf(info, 'Name'), textOf(info, 'StorageClass'), textOf(info, 'Location')]).toEqual([
      bucket,
      'IA',
      'oss-cn-hangzhou',
    ])
    expect(textOf((await on('GET', { location: '' })).text, 'LocationConstraint')).toBe(
      'oss-cn-hangzhou',
    )
    const list = (query: Record<string, string> = {}) =>
      ask(cloud, { method: 'GET', bucket: '', key: '', query })
    expect(all((await list({ prefix: 'made' })).text, 'Name')).toEqual([bucket])
    const page = await list({ 'max-keys': '1' })
    expect([all(page.text, 'Name'), textOf(page.text, 'NextMarker')]).toEqual([[BUCKET], BUCKET])
    expect(all((await list({ marker: BUCKET })).text, 'Name')).toEqual([bucket])
    await ask(cloud, { method: 'PUT', bucket, key: 'k' }, 'x')
    const full = await on('DELETE')
    expect([full.status, full.code, full.ec]).toEqual([409, 'BucketNotEmpty', '0015-00000301'])
    expect(full.message).toBe('The bucket has objects. Please delete them first.')
    await ask(cloud, { method: 'DELETE', bucket, key: 'k' })
    expect((await on('DELETE')).status).toBe(204)
    const gone = await on('GET', { bucketInfo: '' })
    expect([gone.status, gone.code, gone.ec]).toEqual([404, 'NoSuchBucket', '0015-00000101'])
    expect((await on('HEAD')).code).toBe('NoSuchBucket')
  })

  it('give their storage class to objects that name none', async () => {
    const body =
      '<CreateBucketConfiguration><StorageClass>IA</StorageClass></CreateBucketConfiguration>'
    await on('PUT', {}, body)
    const object = (draft: Omit<Draft, 'bucket'>, text = '') =>
      ask(cloud, { bucket, ...draft }, text)
    await object({ method: 'PUT', key: 'put' }, 'x')
    await object({ method: 'POST', key: 'append', query: { append: '', position: '0' } }, 'x')
    const source = { 'x-oss-copy-source': `/${bucket}/put` }
    await object({ method: 'PUT', key: 'copy', headers: source })
    const standard = { 'x-oss-storage-class': 'Standard' }
    await object({ method: 'PUT', key: 'named', headers: standard }, 'x')
    const begun = await object({ method: 'POST', key: 'parts', query: { uploads: '' } })
    const uploadId = textOf(begun.text, 'UploadId') ?? ''
    await object({ method: 'PUT', key: 'parts', query: { uploadId, partNumber: '1' } }, 'x')
    const pending = await object({ method: 'GET', key: 'parts', query: { uploadId } })
    expect(textOf(pending.text, 'StorageClass')).toBe('IA')
    expect(textOf((await on('GET', { uploads: '' })).text, 'StorageClass')).toBe('IA')
    const headers = { 'x-oss-complete-all': 'yes' }
    await object({ method: 'POST', key: 'parts', query: { uploadId }, headers })
    const { contentType, body: form } = toForm(
      formV4({ fields: [['key', 'post']], conditions: [{ bucket }] }, ROOT, NOW),
      FILE,
    )
    const typed = { 'content-type': contentType }
    await send(cloud, { method: 'POST', path: `/${bucket}/`, headers: typed }, form)
    const keys = ['append', 'copy', 'named', 'parts', 'post', 'put']
    const heads = await Promise.all(keys.map((key) => object({ method: 'HEAD', key })))
    const classes = ['IA', 'IA', 'Standard', 'IA', 'IA', 'IA']
    expect(heads.map((head) => head.headers['x-oss-storage-class'])).toEqual(classes)
    expect(all((await on('GET')).text, 'StorageClass')).toEqual(classes)
    for (const key of keys) await object({ method: 'DELETE', key })
    expect((await on('DELETE')).status).toBe(204)
  })

  it.each([
    [{ 'max-keys': '1000' }, 200],
    [{ 'max-keys': '1001' }, 400],
    [{ 'max-keys': '0' }, 400],
  ])('are listed with %j by %d', async (query, status) => {
    const listQuery = query as Record<string, string>
    const reply = await ask(cloud, { method: 'GET', bucket: '', key: '', query: listQuery })
    const code = status === 400 ? 'InvalidArgument' : undefined
    expect([reply.status, reply.code]).toEqual([status, code])
  })

  it.each([
    ['no XML', 'text', 'MalformedXML'],
    [
      'another class',
      '<CreateBucketConfiguration><StorageClass>X</StorageClass></CreateBucketConfiguration>',
      'InvalidArgument',
    ],
  ])('are refused with %s', async (_, body, code) => {
    const reply = await on('PUT', {}, body)
    expect([reply.status, reply.code]).toEqual([400, code])
  })
})
