// Covers shared/signing/version.ts: random requests signed as ali-oss signs them.
import OSS from 'ali-oss'
import fc from 'fast-check'
import type { OssTarget } from '../../shared/signing/target'
import type { UrlInput } from '../../shared/signing/url'
import { URL_SIGNERS } from '../../shared/signing/version'
import { input, isClearToV1, now } from './support/random-requests'

describe('agreement with ali-oss on 300 random requests', () => {
  beforeAll(() => {
    jest.useFakeTimers({
      now: now * 1000,
      doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'],
    })
  })
  afterAll(() => {
    jest.useRealTimers()
  })

  type Oracle = {
    signatureUrl: (key: string, options: object) => string
    signatureUrlV4: (
      method: string,
      expires: number,
      request: object,
      key: string,
      names: string[],
    ) => Promise<string>
  }

  function aliOss({
    credentials: { accessKeyId, accessKeySecret, securityToken },
  }: UrlInput): Oracle {
    const token = securityToken && {
      stsToken: securityToken,
      refreshSTSToken: async () => ({ accessKeyId, accessKeySecret, stsToken: securityToken }),
    }
    const options = { region: 'oss-cn-hangzhou', bucket: 'demo-bkt', secure: true, ...token }
    const client: unknown = new OSS({ ...options, accessKeyId, accessKeySecret })
    return client as Oracle
  }

  const atNow = input.map((made): UrlInput => {
    const target: OssTarget = {
      bucket: 'demo-bkt',
      region: 'cn-hangzhou',
      endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
      addressing: 'virtual-hosted',
    }
    // ali-oss trims its secret, so one with a space at either end signs with another key.
    const accessKeySecret = `s${made.credentials.accessKeySecret}s`
    return { ...made, target, now, credentials: { ...made.credentials, accessKeySecret } }
  })

  function signatureIn(url: string, name: string): string | null {
    return new URL(url).searchParams.get(name)
  }

  it('holds for V4 URLs, mixed-case and empty parameters apart', async () => {
    await fc.assert(
      fc.asyncProperty(atNow, async (made) => {
        // It sorts names by locale and writes an empty parameter as "name="; OSS does neither.
        const known = Object.entries(made.query ?? {}).filter(
          ([name, value]) => value !== '' && /^[a-z-]+$/.test(name),
        )
        const query = Object.fromEntries(known)
        const { headers = {}, additionalHeaders = [] } = made
        const theirs = await aliOss(made).signatureUrlV4(
          made.method,
          made.expiresSeconds,
          { headers, queries: query },
          made.key,
          [...additionalHeaders],
        )
        const ours = URL_SIGNERS.v4({ ...made, query }).url
        expect(signatureIn(ours, 'x-oss-signature')).toBe(signatureIn(theirs, 'x-oss-signature'))
      }),
      { numRuns: 300 },
    )
  })

  it('holds for V1 URLs', () => {
    fc.assert(
      fc.property(atNow.filter(isClearToV1), (made) => {
        // It supports only query parameters that it has options for, and no leading slash in a key.
        const key = made.key.replace(/^\/+/, '') || 'a'
        const { 'content-type': type, 'content-md5': md5 } = made.headers ?? {}
        // It does not trim header values either, as every HTTP server does.
        const headers = {
          ...(type?.trim() && { 'content-type': type.trim() }),
          ...(md5 && { 'content-md5': md5 }),
        }
        const process = made.query?.['x-oss-process']
        const query = process ? { 'x-oss-process': process } : {}
        const theirs = aliOss(made).signatureUrl(key, {
          method: made.method,
          expires: made.expiresSeconds,
          ...headers,
          ...(process && { process }),
        })
        const ours = URL_SIGNERS.v1({ ...made, key, query, headers }).url
        expect(signatureIn(ours, 'Signature')).toBe(signatureIn(theirs, 'Signature'))
      }),
      { numRuns: 300 },
    )
  })
})
