import OSS from 'ali-oss'
import { signForm } from '../../shared/signing/form'
import type { OssTarget } from '../../shared/signing/target'
import { signUrl } from '../../shared/signing/url'

const now = 1_700_000_000
const credentials = { accessKeyId: 'STS.id', accessKeySecret: 'secret', securityToken: 'tok/+=1 é' }
const target: OssTarget = {
  bucket: 'demo-bkt',
  region: 'cn-hangzhou',
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  addressing: 'virtual-hosted',
}

// The published types have neither HEAD URLs nor the V4 form signature.
type Oracle = {
  signatureUrlV4: (
    method: string,
    expires: number,
    request: { headers?: object; queries?: object },
    key: string,
    additionalHeaders: string[],
  ) => Promise<string>
  signPostObjectPolicyV4: (policy: object, date: Date) => string
}

function aliOss(): Oracle {
  const { accessKeyId, accessKeySecret, securityToken } = credentials
  const client: unknown = new OSS({
    region: 'oss-cn-hangzhou',
    bucket: target.bucket,
    accessKeyId,
    accessKeySecret,
    stsToken: securityToken,
    refreshSTSToken: async () => ({ accessKeyId, accessKeySecret, stsToken: securityToken }),
    authorizationV4: true,
    secure: true,
  })
  return client as Oracle
}

function parametersOf(url: string): Record<string, string> {
  return Object.fromEntries(new URL(url).searchParams)
}

beforeAll(() => {
  jest.useFakeTimers({ now: now * 1000, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] })
})
afterAll(() => {
  jest.useRealTimers()
})

const KEYS = [
  'avatars/alice/1.png',
  'in/报告 1+2.pdf',
  "a!'()*b",
  '100% sure?#&=;:@$,.txt',
  'emoji 😀/é/%2F/%41',
  'a\\b"c<d>e|f`g{h}i^j[k]~l-m_n',
]

describe('agreement with ali-oss', () => {
  it.each(KEYS)('signs PUT %j as signatureUrlV4 does', async (key) => {
    const headers = {
      'content-type': 'image/png',
      'x-oss-forbid-overwrite': 'true',
      'content-length': '5',
    }
    const queries = { callback: 'eyJ9+/==', 'callback-var': 'eyJ4' }
    const names = ['content-length']
    const theirs = await aliOss().signatureUrlV4('PUT', 600, { headers, queries }, key, names)
    const ours = signUrl({
      method: 'PUT',
      target,
      key,
      query: queries,
      headers,
      additionalHeaders: names,
      expiresSeconds: 600,
      credentials,
      now,
    })
    expect(parametersOf(ours.url)).toEqual(parametersOf(theirs))
    expect(new URL(ours.url).host).toBe(new URL(theirs).host)
    expect(decodeURIComponent(new URL(ours.url).pathname)).toBe(`/${key}`)
  })

  it.each(['GET', 'HEAD'] as const)(
    'signs %s with response overrides as signatureUrlV4 does',
    async (method) => {
      const queries = {
        'response-content-disposition': `attachment; filename*=UTF-8''%E6%8A%A5.pdf`,
      }
      const theirs = await aliOss().signatureUrlV4(method, 60, { queries }, 'a/b.pdf', [])
      const order = { method, target, key: 'a/b.pdf', query: queries, expiresSeconds: 60 }
      expect(parametersOf(signUrl({ ...order, credentials, now }).url)).toEqual(
        parametersOf(theirs),
      )
    },
  )

  it('signs a form policy as signPostObjectPolicyV4 does', () => {
    const policy = { expiration: '2030-01-01T00:00:00Z', conditions: [['eq', '$key', '报告']] }
    const theirs = aliOss().signPostObjectPolicyV4(policy, new Date(now * 1000))
    const policyText = () => JSON.stringify(policy)
    const ours = signForm({ fields: {}, target, credentials, now, policyText })
    expect(ours['x-oss-signature']).toBe(theirs)
  })
})
