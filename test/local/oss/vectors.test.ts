import { signV1, stringToSignV1 } from '../../../local/oss/auth/v1'
import { canonicalRequestV4, signV4, stringToSignV4 } from '../../../local/oss/auth/v4'

// "Go": aliyun/alibabacloud-oss-go-sdk-v2, oss/signer/signer_test.go. "Docs": OSS documentation,
// "Include a V1 signature in the Authorization header". "Derived": computed once with an
// independent implementation that reproduces the Go vectors.

const GO_QUERY = [
  ['param1', 'value1'],
  ['+param1', 'value3'],
  ['|param1', 'value4'],
  ['+param2', ''],
  ['|param2', ''],
  ['param2', ''],
] as const

const goRequest = (headers: Record<string, string>, more: [string, string][] = []) => ({
  method: 'PUT',
  bucket: 'bucket',
  key: '1234+-/123/1.txt',
  query: [...GO_QUERY, ...more],
  headers,
})

const scope = (day: string) => ({ day, region: 'cn-hangzhou', product: 'oss' })

function basic(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

function headerSignature(time: number, more: Record<string, string>, additional: string[] = []) {
  const date = basic(time)
  const headers = {
    'x-oss-head1': 'value',
    abc: 'value',
    zabc: 'value',
    xyz: 'value',
    'content-type': 'text/plain',
    'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
    'x-oss-date': date,
    ...more,
  }
  const canonical = canonicalRequestV4(goRequest(headers), additional)
  const day = scope(date.slice(0, 8))
  return signV4('sk', day, stringToSignV4(date, day, canonical))
}

function urlSignature(time: number, more: [string, string][], additional: string[] = []) {
  const date = basic(time)
  const headers = {
    'x-oss-head1': 'value',
    abc: 'value',
    zabc: 'value',
    xyz: 'value',
    'content-type': 'application/octet-stream',
  }
  const query: [string, string][] = [
    ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
    ['x-oss-date', date],
    ['x-oss-expires', '599'],
    ['x-oss-credential', `ak/${date.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`],
    ['x-oss-signature', 'not part of what is signed'],
    ...more,
  ]
  const canonical = canonicalRequestV4(goRequest(headers, query), additional)
  const day = scope(date.slice(0, 8))
  return signV4('sk', day, stringToSignV4(date, day, canonical))
}

describe('V4 as the Go SDK signs it', () => {
  it.each([
    [
      'a header',
      headerSignature(1702743657, {}),
      'e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe',
    ],
    [
      'a header with a token',
      headerSignature(1702784856, { 'x-oss-security-token': 'token' }),
      'b94a3f999cf85bcdc00d332fbd3734ba03e48382c36fa4d5af5df817395bd9ea',
    ],
    [
      'a header with additional headers',
      headerSignature(1702747512, {}, ['abc', 'zabc']),
      '4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f',
    ],
    [
      'a URL',
      urlSignature(1702781677, []),
      'a39966c61718be0d5b14e668088b3fa07601033f6518ac7b523100014269c0fe',
    ],
    [
      'a URL with a token',
      urlSignature(1702785388, [['x-oss-security-token', 'token']]),
      '3817ac9d206cd6dfc90f1c09c00be45005602e55898f26f5ddb06d7892e1f8b5',
    ],
    [
      'a URL with additional headers',
      urlSignature(1702783809, [['x-oss-additional-headers', 'abc;zabc']], ['abc', 'zabc']),
      '6bd984bfe531afb6db1f7550983a741b103a8c58e5e14f83ea474c2322dfa2b7',
    ],
  ])('verifies %s', (_, actual, expected) => {
    expect(actual).toBe(expected)
  })
})

describe('V1', () => {
  it('reproduces the documented header signature', () => {
    const text = stringToSignV1(
      {
        method: 'PUT',
        bucket: 'oss-example',
        key: 'nelson',
        query: [],
        headers: {
          'content-md5': 'ODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM=',
          'content-type': 'text/html',
          'x-oss-magic': 'abracadabra',
          'x-oss-meta-author': 'foo@bar.com',
        },
      },
      'Thu, 17 Nov 2005 18:49:58 GMT',
    )
    expect(signV1('OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV', text)).toBe(
      '26NBxoKdsyly4EDv6inkoDft/yA=',
    )
  })

  it.each([
    ['without sub-resource', [], 'kSHKmLxlyEAKtZPkJhG9bZb5k7M='],
    ['with ?acl', [['acl', '']], '/afkugFbmWDQ967j1vr6zygBLQk='],
    [
      'with ?acl and unsigned parameters',
      [
        ['prefix', 'a'],
        ['acl', ''],
      ],
      '/afkugFbmWDQ967j1vr6zygBLQk=',
    ],
  ] as [string, [string, string][], string][])('verifies a Go header %s', (_, query, expected) => {
    const date = 'Wed, 28 Dec 2022 10:27:41 GMT'
    const text = stringToSignV1(
      {
        method: 'PUT',
        bucket: 'examplebucket',
        key: 'nelson',
        query,
        headers: {
          'content-md5': 'eB5eJF1ptWaXm4bijSPyxw==',
          'content-type': 'text/html',
          'x-oss-date': date,
          'x-oss-meta-author': 'alice',
          'x-oss-meta-magic': 'abracadabra',
        },
      },
      date,
    )
    expect(signV1('sk', text)).toBe(expected)
  })

  it.each([
    ['key', [['versionId', 'versionId']], '1699807420', 'dcLTea+Yh9ApirQ8o8dOPqtvJXQ='],
    [
      'key+123',
      [
        ['security-token', 'token'],
        ['versionId', 'versionId'],
      ],
      '1699808204',
      'jzKYRrM5y6Br0dRFPaTGOsbrDhY=',
    ],
  ] as [string, [string, string][], string, string][])(
    'verifies a Go URL for %s',
    (key, query, expires, expected) => {
      const all: [string, string][] = [
        ...query,
        ['OSSAccessKeyId', 'ak'],
        ['Expires', expires],
        ['Signature', 'x'],
      ]
      const request = { method: 'GET', bucket: 'bucket', key, query: all, headers: {} }
      expect(signV1('sk', stringToSignV1(request, expires))).toBe(expected)
    },
  )
})
