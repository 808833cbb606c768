import { parseFaults } from '../../../local/fault-rules'
import { ask, BUCKET, NOW, post, type Reply, ROOT, send, shareCloud } from './support/cloud'
import { FILE } from './support/forms'
import { outcome, SCHEMES } from './support/schemes'
import { formV1, formV4, headerV4, urlV1 } from './support/sign'

const cloud = shareCloud({ cnames: { 'files.example.com': BUCKET } })
afterEach(() => cloud().setFaults([]))

const object = { method: 'GET', bucket: BUCKET, key: 'a' }
const put = () => ask(cloud(), { method: 'PUT', key: 'a' }, 'hello')

describe('v1Refused', () => {
  const REFUSED = [403, 'AccessDenied', '0002-00000080']
  const draft = { fields: [['key', 'a']] as [string, string][], conditions: [{ bucket: BUCKET }] }
  const ways: [string, () => Promise<Reply>][] = [
    ...SCHEMES.map(([name, sign]): [string, () => Promise<Reply>] => [
      name,
      () => send(cloud(), sign(object, ROOT)),
    ]),
    ['V4 in a form', () => post(cloud(), formV4(draft, ROOT, NOW), FILE)],
    ['V1 in a form', () => post(cloud(), formV1(draft, ROOT, NOW), FILE)],
  ]

  it.each(ways)('strikes V1 wherever it is, and nothing else: %s', async (name, request) => {
    await put()
    cloud().setFaults([{ match: {}, respond: 'v1Refused' }])
    const reply = await request()
    const { fault } = cloud().requests().at(-1) ?? {}
    if (name.startsWith('V1')) expect([...outcome(reply), fault]).toEqual([...REFUSED, 'v1Refused'])
    else expect([reply.status < 300, fault]).toEqual([true, undefined])
    cloud().setFaults([])
    expect((await request()).status).toBeLessThan(300)
  })

  it('is used up by what it struck alone', async () => {
    await put()
    cloud().setFaults([{ match: {}, respond: 'v1Refused', times: 1 }])
    expect((await post(cloud(), formV4(draft, ROOT, NOW), FILE)).status).toBe(204)
    expect((await ask(cloud(), { method: 'GET', key: 'a' })).status).toBe(200)
    const v1 = () => post(cloud(), formV1(draft, ROOT, NOW), FILE)
    expect(outcome(await v1())).toEqual(REFUSED)
    expect((await v1()).status).toBe(204)
  })

  it('leaves the other rules to the requests that it does not concern', async () => {
    cloud().setFaults([
      { match: {}, respond: 'v1Refused' },
      { match: {}, respond: 503 },
    ])
    expect((await send(cloud(), headerV4(object, ROOT, NOW))).status).toBe(503)
    expect(outcome(await send(cloud(), urlV1(object, ROOT, NOW / 1000 + 1)))).toEqual(REFUSED)
  })
})

describe('publicEndpointForbidden', () => {
  const REFUSED = [400, 'PublicEndpointForbidden', '0048-00000401']
  const forbid = () => cloud().setFaults([{ match: {}, respond: 'publicEndpointForbidden' }])

  it.each([
    ['PutObject', () => put()],
    ['GetObject', () => ask(cloud(), { method: 'GET', key: 'a' })],
    ['HeadObject', () => ask(cloud(), { method: 'HEAD', key: 'a' })],
    [
      'InitiateMultipartUpload',
      () => ask(cloud(), { method: 'POST', key: 'a', query: { uploads: '' } }),
    ],
    ['PostObject', () => post(cloud(), [], FILE)],
    [
      'DeleteMultipleObjects',
      () => ask(cloud(), { method: 'POST', key: '', query: { delete: '' } }),
    ],
    ['ListObjects', () => ask(cloud(), { method: 'GET', key: '' })],
    [
      'ListMultipartUploads',
      () => ask(cloud(), { method: 'GET', key: '', query: { uploads: '' } }),
    ],
  ])('strikes %s, which is for data', async (_, request) => {
    forbid()
    expect(outcome(await request())).toEqual(REFUSED)
    expect(cloud().requests().at(-1)).toMatchObject({ fault: 'publicEndpointForbidden' })
  })

  it.each([
    ['ListBuckets', 'GET', { bucket: '', query: {} }],
    ['PutBucket', 'PUT', { query: {} }],
    ['GetBucketInfo', 'GET', { query: { bucketInfo: '' } }],
    ['GetBucketAcl', 'GET', { query: { acl: '' } }],
  ])('leaves %s, which manages buckets', async (_, method, draft) => {
    forbid()
    const reply = await ask(cloud(), { method, key: '', ...draft } as Parameters<typeof ask>[1])
    expect([reply.status, cloud().requests().at(-1)?.fault]).toEqual([200, undefined])
  })

  it('leaves preflights, and what there is no operation for', async () => {
    forbid()
    const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'PUT' }
    const path = `/${BUCKET}/a`
    expect((await send(cloud(), { method: 'OPTIONS', path, headers })).status).toBe(200)
    const restore = await ask(cloud(), { method: 'POST', key: 'a', query: { restore: '' } })
    expect(restore.code).toBe('NotImplemented')
  })

  it.each([
    ['files.example.com', 200],
    ['files.example.com:9001', 200],
    [`${BUCKET}.oss-cn-hangzhou-internal.aliyuncs.com`, 200],
    [`${BUCKET}.oss-cn-hangzhou.aliyuncs.com`, 400],
    [`${BUCKET}.oss-accelerate.aliyuncs.com`, 400],
    [`${BUCKET}.localhost:9001`, 400],
  ])('answers what comes to %s by %d', async (host, status) => {
    await put()
    forbid()
    const signed = headerV4(object, ROOT, NOW)
    const headers = { ...signed.headers, host }
    const reply = await send(cloud(), { method: 'GET', path: '/a', headers })
    expect(reply.status).toBe(status)
  })
})

it.each(['v1Refused', 'publicEndpointForbidden'])('%s may be asked for by name', (respond) => {
  const faults = [{ match: {}, respond }]
  expect(parseFaults({ faults })).toEqual(faults)
})
