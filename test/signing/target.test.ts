import {
  bucketUrl,
  HOST_KINDS,
  isHostKind,
  type OssTarget,
  ossEndpoint,
  toGeneralRegion,
  withBucket,
} from '../../shared/signing/target'

describe('hosts', () => {
  it.each([
    ['public', 'https://oss-cn-hangzhou.aliyuncs.com'],
    ['internal', 'https://oss-cn-hangzhou-internal.aliyuncs.com'],
    ['dual-stack', 'https://cn-hangzhou.oss.aliyuncs.com'],
    ['accelerate', 'https://oss-accelerate.aliyuncs.com'],
    ['accelerate-overseas', 'https://oss-accelerate-overseas.aliyuncs.com'],
  ] as const)('knows the %s host, by either form of the region', (kind, origin) => {
    expect(ossEndpoint(kind, 'cn-hangzhou')).toBe(origin)
    expect(ossEndpoint(kind, 'oss-cn-hangzhou')).toBe(origin)
  })

  it('names every kind', () => {
    expect(HOST_KINDS).toEqual([
      'public',
      'internal',
      'dual-stack',
      'accelerate',
      'accelerate-overseas',
    ])
  })

  it('knows those names and no other', () => {
    expect(HOST_KINDS.every(isHostKind)).toBe(true)
    expect(['', 'Public', 'toString'].filter(isHostKind)).toEqual([])
  })

  it('signs with the general region id', () => {
    expect(toGeneralRegion('oss-cn-hangzhou')).toBe('cn-hangzhou')
    expect(toGeneralRegion('cn-hangzhou')).toBe('cn-hangzhou')
    expect(toGeneralRegion('cn-oss-a')).toBe('cn-oss-a')
  })
})

describe('a bucket', () => {
  const target: OssTarget = {
    bucket: 'demo-bkt',
    region: 'cn-hangzhou',
    endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
    addressing: 'virtual-hosted',
  }

  it('is changed in the target of another, and the usual one keeps its object', () => {
    expect(withBucket(target, 'demo-bkt')).toBe(target)
    expect(withBucket(target, 'other-bkt')).toEqual({ ...target, bucket: 'other-bkt' })
    expect(target.bucket).toBe('demo-bkt')
  })

  it('has another bucket at the same endpoint', () => {
    const url = bucketUrl(withBucket(target, 'other-bkt'))
    expect(url).toBe('https://other-bkt.oss-cn-hangzhou.aliyuncs.com/')
  })
})
