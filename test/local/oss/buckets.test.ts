import { ask, BUCKET, startCloud, type TestCloud, textOf } from './cloud'

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
    expect((await on('HEAD')).status).toBe(200)
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
    expect([full.status, full.code]).toEqual([409, 'BucketNotEmpty'])
    await ask(cloud, { method: 'DELETE', bucket, key: 'k' })
    expect((await on('DELETE')).status).toBe(204)
    const gone = await on('GET', { bucketInfo: '' })
    expect([gone.status, gone.code, gone.ec]).toEqual([404, 'NoSuchBucket', '0015-00000101'])
    expect((await on('HEAD')).code).toBe('NoSuchBucket')
  })

  it.each([
    ['no XML', 'text', 'MalformedXML'],
    [
      'another class',
      '<CreateBucketConfiguration><StorageClass>X</StorageClass></CreateBucketConfiguration>',
      'InvalidArgument',
    ],
  ])('are refused with %s', async (_, body, code) => {
    expect((await on('PUT', {}, body)).code).toBe(code)
  })
})
