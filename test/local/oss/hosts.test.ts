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
import { outcome } from './support/schemes'
import { formV4, headerV4 } from './support/sign'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud({ cnames: { 'files.example.com': BUCKET } })
})
afterAll(() => cloud.close())

describe('hosts', () => {
  const draft = { method: 'GET', bucket: BUCKET, key: 'by host' }

  beforeAll(() => ask(cloud, { method: 'PUT', key: 'by host' }, 'found'))

  it.each([
    'demo-bkt.localhost:9001',
    'demo-bkt.oss.localhost:9001',
    'demo-bkt.oss-cn-hangzhou.aliyuncs.com',
    'demo-bkt.oss-cn-hangzhou-internal.aliyuncs.com',
    'demo-bkt.oss-accelerate.aliyuncs.com',
    'demo-bkt.cn-hangzhou.oss.aliyuncs.com',
    'files.example.com',
    'FILES.example.com:80',
  ])('finds the bucket in %s, with the same signature', async (host) => {
    const signed = headerV4(draft, ROOT, NOW)
    const path = signed.path.replace('/demo-bkt', '')
    const reply = await send(cloud, { ...signed, path, headers: { ...signed.headers, host } })
    expect([reply.status, reply.text]).toEqual([200, 'found'])
  })

  it.each(['constructor', '__proto__'])('takes %s for no domain of its own', async (host) => {
    const signed = headerV4(draft, ROOT, NOW)
    const reply = await send(cloud, { ...signed, headers: { ...signed.headers, host } })
    expect([reply.status, reply.text]).toEqual([200, 'found'])
  })

  it('reads a plus in a path as a space', async () => {
    const signed = headerV4(draft, ROOT, NOW)
    const reply = await send(cloud, { ...signed, path: '/demo-bkt/by+host' })
    expect(reply.text).toBe('found')
  })

  it('names the endpoint of another region', async () => {
    const signed = headerV4(draft, ROOT, NOW)
    const host = 'demo-bkt.oss-cn-beijing.aliyuncs.com'
    const path = signed.path.replace('/demo-bkt', '')
    const reply = await send(cloud, { ...signed, path, headers: { ...signed.headers, host } })
    expect([reply.status, reply.code, reply.ec]).toEqual([403, 'AccessDenied', '0003-00001403'])
    expect(textOf(reply.text, 'Endpoint')).toBe('oss-cn-hangzhou.aliyuncs.com')
  })

  it.each([
    ['/Bad_Bucket/a', 400, 'InvalidBucketName'],
    ['/demo-bkt/%zz', 400, 'InvalidURI'],
    ['/demo-bkt/%ff', 400, 'InvalidURI'],
  ])('refuses the path %s', async (path, status, code) => {
    const reply = await send(cloud, { method: 'GET', path, headers: {} })
    expect([reply.status, reply.code]).toEqual([status, code])
  })

  it('does not know another bucket', async () => {
    const reply = await ask(cloud, { method: 'GET', bucket: 'other-bkt', key: 'a' })
    expect([reply.status, reply.code, reply.ec]).toEqual([404, 'NoSuchBucket', '0015-00000101'])
  })

  it('says that a bucket is not there before it says that it does not know the key', async () => {
    const unknown = { id: 'nobody', secret: 'x' }
    const get = (bucket: string, signer = unknown) =>
      ask(cloud, { method: 'GET', bucket, key: bucket && 'a' }, '', signer)
    expect(outcome(await get('other-bkt'))).toEqual([404, 'NoSuchBucket', '0015-00000101'])
    for (const bucket of [BUCKET, '']) {
      expect(outcome(await get(bucket))).toEqual([403, 'InvalidAccessKeyId', '0002-00000902'])
    }
    const forged = await get('other-bkt', { ...ROOT, secret: 'x' })
    expect(forged.code).toBe('SignatureDoesNotMatch')
    const made = await ask(cloud, { method: 'PUT', bucket: 'other-bkt', key: '' }, '', unknown)
    expect(made.code).toBe('InvalidAccessKeyId')
  })
})

describe('what is not emulated', () => {
  it.each([
    ['GET', '', { encryption: '' }, 'GetBucketEncryption'],
    ['PUT', 'a', { symlink: '' }, 'PutSymlink'],
    ['POST', 'a', { restore: '' }, 'RestoreObject'],
    ['POST', '', { cname: '', comp: 'add' }, 'Cname'],
    ['POST', '', { metaQuery: '', comp: 'add' }, 'MetaQuery'],
    ['POST', '', { worm: '' }, 'BucketWorm'],
    ...[
      'logging',
      'website',
      'referer',
      'replication',
      'inventory',
      'policy',
      'requestPayment',
    ].map((name) => ['GET', '', { [name]: '' }, 'GetBucket']),
    ['GET', '', { versions: '' }, 'GetObjectVersions'],
    ['GET', 'a', { versionId: 'CAEQ' }, 'Versioning (versionId)'],
    ['GET', 'a', { 'x-oss-process': 'image/resize,w_10' }, 'Image processing'],
    ['POST', 'a', { 'x-oss-async-process': 'doc' }, 'Asynchronous processing'],
    ...[
      'x-oss-ac-source-ip',
      'x-oss-ac-subnet-mask',
      'x-oss-ac-vpc-id',
      'x-oss-ac-forward-allow',
    ].map((name) => ['GET', 'a', { [name]: '1' }, `Network restriction (${name})`]),
  ] as [string, string, Record<string, string>, string][])(
    'says so by name to %s %s %j',
    async (method, key, query, name) => {
      const reply = await ask(cloud, { method, key, query })
      expect([reply.status, reply.code]).toEqual([501, 'NotImplemented'])
      expect(reply.message).toContain(name)
    },
  )

  it('authenticates a POST to a sub-resource, and takes no form for one', async () => {
    const signer = { ...ROOT, secret: 'wrong' }
    const wrong = await ask(cloud, { method: 'POST', key: '', query: { worm: '' } }, '', signer)
    expect(outcome(wrong)).toEqual([403, 'SignatureDoesNotMatch', '0002-00000201'])
    const fields = formV4(
      { fields: [['key', 'form']], conditions: [{ bucket: BUCKET }] },
      ROOT,
      NOW,
    )
    const { contentType, body } = toForm(fields, FILE)
    const headers = { 'content-type': contentType }
    const form = await send(cloud, { method: 'POST', path: `/${BUCKET}/?acl`, headers }, body)
    expect(outcome(form)).toEqual([501, 'NotImplemented', undefined])
    expect((await ask(cloud, { method: 'HEAD', key: 'form' })).status).toBe(404)
  })

  it('refuses a method that an object does not have', async () => {
    const reply = await ask(cloud, { method: 'POST', key: 'a' })
    expect([reply.status, reply.code, reply.ec]).toEqual([405, 'MethodNotAllowed', '0017-00000001'])
  })
})

describe('the log', () => {
  it('has one line a request, with who and why', async () => {
    cloud.log.length = 0
    await ask(cloud, { method: 'PUT', key: 'logged' }, 'x')
    await ask(cloud, { method: 'GET', key: 'not there' })
    expect(cloud.log).toEqual([
      { method: 'PUT', bucket: BUCKET, key: 'logged', who: ROOT.id, status: 200 },
      {
        method: 'GET',
        bucket: BUCKET,
        key: 'not there',
        who: ROOT.id,
        status: 404,
        code: 'NoSuchKey',
        ec: '0026-00000001',
        detail: 'The specified key does not exist.',
      },
    ])
  })
})
