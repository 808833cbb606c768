import { HOST_KINDS, ossEndpoint, toGeneralRegion } from '../../shared/signing/target'

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

  it('signs with the general region id', () => {
    expect(toGeneralRegion('oss-cn-hangzhou')).toBe('cn-hangzhou')
    expect(toGeneralRegion('cn-hangzhou')).toBe('cn-hangzhou')
  })
})
