import OSS from 'ali-oss'
import fc from 'fast-check'
import { signHeaders } from '../../shared/signing/header'
import { signHeadersV1 } from '../../shared/signing/sign-v1'
import type { OssTarget } from '../../shared/signing/target'
import type { Method, UrlInput } from '../../shared/signing/url'
import { FORM_SIGNERS, URL_SIGNERS } from '../../shared/signing/version'
import {
  type RawRequest,
  type Secrets,
  verifyV1Form,
  verifyV1Header,
  verifyV1Url,
  verifyV4Form,
  verifyV4Header,
  verifyV4Url,
} from './support/verifier'

const now = 1_700_000_000

const HOSTILE = [
  ...'abcXYZ019-_.~/',
  ...' !"#$%&\'()*+,:;<=>@[\\]^`{|}',
  ...[
    '%2F',
    '%',
    '..',
    './',
    '//',
    '报',
    'é',
    'e\u0301',
    '😀',
    '\u202e',
    '\u0000',
    '\u007f',
    '\u2028',
  ],
]
// Clients would resolve these segments, so that no key has them (encode.test.ts).
const hasDots = (text: string) => text.split('/').some((part) => ['.', '..'].includes(part))
const hostile = fc
  .array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 24 })
  .map((parts) => parts.join(''))
const headerText = fc
  .array(fc.constantFrom(...HOSTILE.filter((part) => part !== '\u0000')), { maxLength: 12 })
  .map((parts) => parts.join(''))
const base64 = fc
  .uint8Array({ minLength: 1, maxLength: 40 })
  .map((bytes) => Buffer.from(bytes).toString('base64'))

const query = fc.record(
  {
    callback: base64,
    'callback-var': base64,
    'response-content-disposition': hostile,
    'x-oss-process': hostile,
    uploads: fc.constant(''),
    uploadId: fc.stringMatching(/^[0-9A-F]{32}$/),
    partNumber: fc.integer({ min: 1, max: 10_000 }).map(String),
    versionId: hostile,
  },
  { requiredKeys: [] },
)
const unknownNames = fc.dictionary(
  hostile.filter((name) => !name.startsWith('x-oss-')),
  fc.oneof(hostile, fc.constant('')),
  { maxKeys: 3 },
)
const headers = fc.record(
  {
    'content-type': headerText,
    'content-md5': base64,
    'content-length': fc.nat().map(String),
    'cache-control': headerText,
    'x-oss-forbid-overwrite': fc.constant('true'),
    'x-oss-meta-a': headerText,
    'x-oss-meta-a-b': headerText,
    'x-oss-storage-class': fc.constant('IA'),
  },
  { requiredKeys: [] },
)
const target = fc.constantFrom<OssTarget>(
  ...(
    [
      ['virtual-hosted', 'https://oss-cn-hangzhou.aliyuncs.com'],
      ['path', 'http://localhost:9001'],
      ['cname', 'https://files.example.com'],
    ] as const
  ).map(([addressing, endpoint]) => ({
    bucket: 'demo-bkt',
    region: 'cn-hangzhou',
    endpoint,
    addressing,
  })),
)
const credentials = fc.record(
  {
    accessKeyId: fc.stringMatching(/^[A-Za-z0-9.]{4,20}$/),
    accessKeySecret: hostile,
    securityToken: base64,
  },
  { requiredKeys: ['accessKeyId', 'accessKeySecret'] },
)
const method = fc.constantFrom<Method>('GET', 'HEAD', 'PUT', 'POST', 'DELETE')

const input = fc
  .record({
    method,
    target,
    key: hostile.filter((key) => !hasDots(key)),
    query: fc.tuple(unknownNames, query).map(([unknown, known]) => ({ ...unknown, ...known })),
    headers,
    expiresSeconds: fc.integer({ min: 1, max: 604_800 }),
    credentials,
    now: fc.integer({ min: now - 10_000_000, max: now + 10_000_000 }),
  })
  .chain((made) =>
    fc
      .subarray(Object.keys(made.headers))
      .map((additionalHeaders): UrlInput => ({ ...made, additionalHeaders })),
  )

function secretsOf({
  target: { bucket, region, addressing },
  credentials: { accessKeySecret },
}: UrlInput): Secrets {
  return { bucket, region, secret: accessKeySecret, bucketing: addressing }
}

// V1 signs the decoded string, in which these two could pass for another parameter: we refuse to
// sign them.
function isClearToV1({ key, query = {} }: UrlInput): boolean {
  return !key.includes('?') && !Object.values(query).some((value) => value.includes('&'))
}

/** Returns the request with one character of its string to sign changed. */
function tamper(request: RawRequest): RawRequest {
  return {
    ...request,
    url: request.url.replace(/\/([^/?]*)(\?|$)/, (_, last, end) => `/${last}x${end}`),
  }
}

function formOf({ key, target, credentials, now }: UrlInput) {
  return { fields: { key }, target, credentials, now, policyText: JSON.stringify }
}

describe('random requests', () => {
  it('are signed as V4 URLs that an independent verifier accepts, 5,000 of them', () => {
    fc.assert(
      fc.property(input, (made) => verifyV4Url(URL_SIGNERS.v4(made), secretsOf(made))),
      { numRuns: 5000 },
    )
  })

  it('are signed in every other way so that an independent verifier accepts them', () => {
    fc.assert(
      fc.property(input.filter(isClearToV1), (made) => {
        const secrets = secretsOf(made)
        expect([
          verifyV4Header(signHeaders(made), secrets),
          verifyV4Form(FORM_SIGNERS.v4(formOf(made)), secrets),
          verifyV1Url(URL_SIGNERS.v1(made), secrets),
          verifyV1Header(signHeadersV1(made), secrets),
          verifyV1Form(FORM_SIGNERS.v1(formOf(made)), secrets),
        ]).not.toContain(false)
      }),
      { numRuns: 1000 },
    )
  })

  it('are refused by the verifier once they are changed', () => {
    fc.assert(
      fc.property(input.filter(isClearToV1), (made) => {
        const secrets = secretsOf(made)
        const url = URL_SIGNERS.v4(made)
        const extra = { ...url, headers: { ...url.headers, 'x-oss-extra': '1' } }
        expect([
          verifyV4Url(tamper(url), secrets),
          verifyV4Url({ ...url, url: `${url.url}&a=b` }, secrets),
          verifyV4Url(extra, secrets),
          verifyV4Header(tamper(signHeaders(made)), secrets),
          verifyV1Url(tamper(URL_SIGNERS.v1(made)), secrets),
          verifyV1Header(tamper(signHeadersV1(made)), secrets),
        ]).not.toContain(true)
      }),
      { numRuns: 300 },
    )
  })
})

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
