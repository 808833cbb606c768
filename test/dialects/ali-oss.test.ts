import OSS from 'ali-oss'
import { toAliOss } from '../../shared/dialects/ali-oss'
import { RENEW_BEFORE_SECONDS } from '../../shared/sts/assume-role'
import { CREDENTIALS, TARGET, UPLOAD } from './support/lent'

const READING = {
  accessKeyId: 'STS.id',
  accessKeySecret: 'secret',
  stsToken: 'token',
  bucket: 'demo-bkt',
  region: 'oss-cn-hangzhou',
  secure: true,
  authorizationV4: true,
  refreshSTSTokenInterval: 240_000,
  expiration: CREDENTIALS.expiration,
  prefix: 'media/alice/',
}

const prefix = 'media/alice/'

/** The URL that ali-oss itself makes with these options. */
function urlOf(target: Parameters<typeof toAliOss>[1]['target']): string {
  const client = new OSS(toAliOss(CREDENTIALS, { target, prefix }) as OSS.Options)
  return client.signatureUrl('a b.txt').replace(/\?.*/, '')
}

describe('the options of ali-oss', () => {
  it('are these alone, for reading at the public endpoint', () => {
    expect(toAliOss(CREDENTIALS, { target: TARGET, prefix })).toEqual(READING)
  })

  it('have headers and callback for uploads, the callback as ali-oss takes it', () => {
    expect(toAliOss(CREDENTIALS, { target: TARGET, prefix, ...UPLOAD })).toEqual({
      ...READING,
      headers: UPLOAD.headers,
      callback: {
        url: 'https://api.example.com/upload-callback',
        body: '{}',
        contentType: 'application/json',
        callbackSNI: true,
        customValue: { ticket: 'a.b.c' },
      },
    })
  })

  it('leave SNI out of a callback without it', () => {
    const { callbackSNI: _, ...callback } = UPLOAD.callback
    expect(toAliOss(CREDENTIALS, { target: TARGET, prefix, callback }).callback).not.toHaveProperty(
      'callbackSNI',
    )
  })

  it('refresh before the shortest credentials that we answer with end', () => {
    expect(READING.refreshSTSTokenInterval).toBeLessThan(RENEW_BEFORE_SECONDS * 1000)
  })

  it.each([
    ['the public endpoint', TARGET, 'https://demo-bkt.oss-cn-hangzhou.aliyuncs.com/a%20b.txt'],
    [
      'another endpoint',
      { ...TARGET, endpoint: 'https://oss-accelerate.aliyuncs.com' },
      'https://demo-bkt.oss-accelerate.aliyuncs.com/a%20b.txt',
    ],
    [
      'the public endpoint of another region',
      { ...TARGET, endpoint: 'https://oss-cn-beijing.aliyuncs.com' },
      'https://demo-bkt.oss-cn-beijing.aliyuncs.com/a%20b.txt',
    ],
    [
      'a domain of the bucket',
      { ...TARGET, endpoint: 'https://files.example.com', addressing: 'cname' as const },
      'https://files.example.com/a%20b.txt',
    ],
    [
      'the bucket in the path, over http',
      { ...TARGET, endpoint: 'http://localhost:9001', addressing: 'path' as const },
      'http://localhost:9001/demo-bkt/a%20b.txt',
    ],
  ])('make ali-oss send to %s', (_, target, url) => {
    expect(urlOf(target)).toBe(url)
  })
})
