import { bucketUrl, type OssTarget } from '../../shared/signing/target'
import { signUrl, type UrlInput } from '../../shared/signing/url'

const target: OssTarget = {
  bucket: 'demo-bkt',
  region: 'cn-hangzhou',
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  addressing: 'virtual-hosted',
}

const order: UrlInput = {
  method: 'PUT',
  target,
  key: 'avatars/alice/1.png',
  headers: { 'content-type': 'image/png', 'content-length': '5' },
  additionalHeaders: ['content-length'],
  expiresSeconds: 600,
  credentials: { accessKeyId: 'STS.a', accessKeySecret: 's', securityToken: 'tok/+=1' },
  now: 1_700_000_000,
}

function signatureOf(changed: Partial<UrlInput>): string | null {
  return new URL(signUrl({ ...order, ...changed }).url).searchParams.get('x-oss-signature')
}

describe('signUrl', () => {
  it('returns the headers that the client must send', () => {
    expect(signUrl(order)).toMatchObject({
      method: 'PUT',
      headers: { 'content-type': 'image/png', 'content-length': '5' },
    })
  })

  it('puts everything that the signature needs in the query', () => {
    const query = Object.fromEntries(new URL(signUrl(order).url).searchParams)
    expect(query).toEqual({
      'x-oss-additional-headers': 'content-length',
      'x-oss-credential': 'STS.a/20231114/cn-hangzhou/oss/aliyun_v4_request',
      'x-oss-date': '20231114T221320Z',
      'x-oss-expires': '600',
      'x-oss-security-token': 'tok/+=1',
      'x-oss-signature-version': 'OSS4-HMAC-SHA256',
      'x-oss-signature': expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('leaves out the token and the additional headers when there are none', () => {
    const credentials = { accessKeyId: 'a', accessKeySecret: 's' }
    const { url } = signUrl({ ...order, headers: {}, additionalHeaders: [], credentials })
    expect(url).not.toMatch(/security-token|additional/)
  })

  it.each<[string, Partial<UrlInput>]>([
    ['method', { method: 'GET' }],
    ['key', { key: 'avatars/alice/2.png' }],
    ['bucket', { target: { ...target, bucket: 'demo-bku' } }],
    ['region', { target: { ...target, region: 'cn-beijing' } }],
    ['query', { query: { 'x-oss-process': 'style/a' } }],
    ['content type', { headers: { ...order.headers, 'content-type': 'image/pnh' } }],
    ['exact length', { headers: { ...order.headers, 'content-length': '6' } }],
    ['further x-oss header', { headers: { ...order.headers, 'x-oss-meta-a': '1' } }],
    ['lifetime', { expiresSeconds: 601 }],
    ['time', { now: 1_700_000_001 }],
    ['secret', { credentials: { ...order.credentials, accessKeySecret: 't' } }],
    ['token', { credentials: { ...order.credentials, securityToken: 'tok/+=2' } }],
  ])('binds the %s', (_, changed) => {
    expect(signatureOf(changed)).not.toBe(signatureOf({}))
  })

  it('signs the same for every addressing, since the bucket is always in the signed path', () => {
    const path: OssTarget = { ...target, endpoint: 'http://localhost:9001', addressing: 'path' }
    const cname: OssTarget = { ...target, endpoint: 'https://files.test', addressing: 'cname' }
    expect(signatureOf({ target: path })).toBe(signatureOf({}))
    expect(signatureOf({ target: cname })).toBe(signatureOf({}))
  })

  it.each([1, 604_800])('accepts a life of %d seconds', (expiresSeconds) => {
    expect(signatureOf({ expiresSeconds })).toHaveLength(64)
  })

  it.each([0, -1, 604_801, 1.5, Number.NaN])(
    'throws for a life of %d seconds',
    (expiresSeconds) => {
      expect(() => signUrl({ ...order, expiresSeconds })).toThrow(
        new RangeError('expiresSeconds must be an integer from 1 to 604800'),
      )
    },
  )

  it('signs with the new key after the day or the secret changes', () => {
    const before = signatureOf({})
    signatureOf({ now: 1_700_100_000 })
    for (let index = 0; index < 40; index++) {
      signatureOf({ credentials: { accessKeyId: 'a', accessKeySecret: `s${index}` } })
    }
    expect(signatureOf({})).toBe(before)
  })
})

describe('addressing', () => {
  const key = 'a b/报告+.pdf'
  const encoded = 'a%20b/%E6%8A%A5%E5%91%8A%2B.pdf'

  it.each<[OssTarget['addressing'], string, string]>([
    [
      'virtual-hosted',
      'https://oss-cn-hangzhou.aliyuncs.com',
      'https://demo-bkt.oss-cn-hangzhou.aliyuncs.com/',
    ],
    ['path', 'http://localhost:9001', 'http://localhost:9001/demo-bkt/'],
    ['cname', 'https://files.example.com', 'https://files.example.com/'],
  ])('writes %s URLs', (addressing, endpoint, base) => {
    expect(bucketUrl({ ...target, endpoint, addressing })).toBe(base)
    const { url } = signUrl({ ...order, target: { ...target, endpoint, addressing }, key })
    expect(url.split('?')[0]).toBe(`${base}${encoded}`)
  })
})
