import fc from 'fast-check'
import type { OssTarget } from '../../../shared/signing/target'
import type { Method, UrlInput } from '../../../shared/signing/url'

export const now = 1_700_000_000

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

/** Any request to sign: its texts hold what a caller or a rule could put there. */
export const input = fc
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

// V1 signs the decoded string, in which these two could pass for another parameter: we refuse to
// sign them.
export function isClearToV1({ key, query = {} }: UrlInput): boolean {
  return !key.includes('?') && !Object.values(query).some((value) => value.includes('&'))
}
