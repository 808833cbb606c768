import { createHash, verify } from 'node:crypto'
import { signV1, stringToSignV1 } from '../../../local/oss/auth/v1'
import {
  canonicalRequestV4,
  signingKeyV4,
  signV4,
  stringToSignV4,
} from '../../../local/oss/auth/v4'
import { callbackText } from '../../../local/oss/callback/send'
import { combineCrc64, startCrc64 } from '../../../local/oss/store/crc64'

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

describe('the derived vectors', () => {
  const CB =
    'eyJjYWxsYmFja1VybCI6Imh0dHBzOi8vY2IuZXhhbXBsZS5jb20vb3NzL2NiIiwiY2FsbGJhY2tCb2R5Ijoie1wib2JqZWN0XCI6JHtvYmplY3R9LFwic2l6ZVwiOiR7c2l6ZX0sXCJ0XCI6JHt4OnR9fSIsImNhbGxiYWNrQm9keVR5cGUiOiJhcHBsaWNhdGlvbi9qc29uIn0='
  const CV = 'eyJ4OnQiOiJhYmMifQ=='
  const key = 'in/报告 1+2.pdf'
  const override: [string, string] = [
    'response-content-disposition',
    'attachment; filename="r.pdf"',
  ]
  const put = { 'content-type': 'image/png', 'x-oss-forbid-overwrite': 'true' }
  const v4Query: [string, string][] = [
    ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
    ['x-oss-credential', 'test-akid/20300101/cn-hangzhou/oss/aliyun_v4_request'],
    ['x-oss-date', '20300101T000000Z'],
    ['x-oss-expires', '600'],
  ]
  const callback: [string, string][] = [
    ['callback', CB],
    ['callback-var', CV],
  ]

  it.each([
    ['a GET URL', 'GET', [override], {}, 'PyJA+HSf7Dfl7KUDT+duZiHgj9w='],
    [
      'a PUT URL',
      'PUT',
      [...callback, ['security-token', 'tok/+=1']],
      put,
      '2bITNvpICH4iP3V7HNSqZ8LcDEM=',
    ],
  ] as [string, string, [string, string][], Record<string, string>, string][])(
    'verifies V1 for %s',
    (_, method, query, headers, expected) => {
      const text = stringToSignV1({ method, bucket: 'demo-bkt', key, query, headers }, '1893456000')
      expect(signV1('test-secret', text)).toBe(expected)
    },
  )

  it.each([
    [
      'a GET URL',
      'GET',
      [override, ...v4Query],
      {},
      [],
      '1314e48d7349323c3ab13105de4023ee77811048beab80013f281392b5003b70',
      'e2979c3e6fa00cbbb8b631672e0c78d848ba09c00b7a7da77752d6c14fb67026',
    ],
    [
      'a PUT URL with its length',
      'PUT',
      [
        ...callback,
        ...v4Query,
        ['x-oss-additional-headers', 'content-length'],
        ['x-oss-security-token', 'tok/+=1'],
      ],
      { ...put, 'content-length': '5' },
      ['content-length'],
      'b8a24e707b6f499a2eaeb7a8d35b84c1463c9581ac92549a37929822e8a5c1cd',
      'e6d5727fabfeb9aaed3a87134d88e25b8edec979930d6a5175c886a0602e5d4e',
    ],
  ] as [string, string, [string, string][], Record<string, string>, string[], string, string][])(
    'verifies V4 for %s at every stage',
    (_, method, query, headers, additional, hash, signature) => {
      const request = { method, bucket: 'demo-bkt', key, query, headers }
      const canonical = canonicalRequestV4(request, additional)
      expect(createHash('sha256').update(canonical).digest('hex')).toBe(hash)
      const text = stringToSignV4('20300101T000000Z', scope('20300101'), canonical)
      expect(signV4('test-secret', scope('20300101'), text)).toBe(signature)
    },
  )

  it('derives the signing key', () => {
    expect(signingKeyV4('test-secret', scope('20300101')).toString('hex')).toBe(
      'e6d8a62738f998bad6cf118b7a79eb6e6805357e503aa6d1f4799638e259d181',
    )
  })

  it('verifies a V1 form', () => {
    const policy =
      '{"expiration":"2030-01-01T00:10:00.000Z","conditions":[{"bucket":"demo-bkt"},["eq","$key","in/a.png"],["content-length-range",1,1048576],["in","$content-type",["image/png","image/jpeg"]]]}'
    expect(signV1('test-secret', Buffer.from(policy).toString('base64'))).toBe(
      '2mS4f4UNWaiqjlm9T/UgplCKKf4=',
    )
  })

  it('verifies a V4 form', () => {
    const policy =
      '{"expiration":"2030-01-01T00:10:00.000Z","conditions":[{"bucket":"demo-bkt"},{"x-oss-signature-version":"OSS4-HMAC-SHA256"},{"x-oss-credential":"test-akid/20300101/cn-hangzhou/oss/aliyun_v4_request"},{"x-oss-date":"20300101T000000Z"},["eq","$key","in/a.png"],["content-length-range",1,1048576]]}'
    const text = Buffer.from(policy).toString('base64')
    expect(signV4('test-secret', scope('20300101'), text)).toBe(
      '0aa0c58a0cfea0bdf9980f6d026cfc6183d7f7b037bd0434152a98757ff12ed4',
    )
  })
})

describe('CRC-64', () => {
  it.each([
    ['', '0'],
    ['123456789', '11051210869376104954'],
    ['hello world', '5981764153023615706'],
    ['hello', '11177612005948864433'],
  ])('of %j is %s', async (text, expected) => {
    const crc = await startCrc64()
    crc.update(Buffer.from(text))
    expect(crc.digest()).toBe(expected)
  })

  it('of two pieces follows from theirs', async () => {
    const of = async (text: string) => {
      const crc = await startCrc64()
      crc.update(Buffer.from(text))
      return crc.digest()
    }
    for (const [head, tail] of [
      ['hello', ' world'],
      ['', 'hello'],
      ['hello', ''],
      ['a'.repeat(100_000), 'b'.repeat(70_001)],
    ] as const) {
      const joined = combineCrc64(await of(head), await of(tail), tail.length)
      expect(joined).toBe(await of(head + tail))
    }
  })
})

describe('the callback text', () => {
  // Captured from OSS itself and published; the key is OSS's own.
  const PEM = `-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKs/JBGzwUB2aVht4crBx3oIPBLNsjGs
C0fTXv+nvlmklvkcolvpvXLTjaxUHR3W9LXxQ2EHXAJfCB+6H2YF1k8CAwEAAQ==
-----END PUBLIC KEY-----
`
  it.each([
    [
      'http://a/index.php?id=1&index=2',
      'bucket=yonghu-test',
      'kKQeGTRccDKyHB3H9vF+xYMSrmhMZjzzl2/kdD1ktNVgbWEfYTQG0G2SU/RaHBovRCE8OkQDjC3uG33esH2txA==',
    ],
    [
      'https://a/3ecb4401-bd1f-4421-a385-46b57f0d6daa',
      '{"bucket":"post-test","object":"42cf77bf-2d25-485a-947c-b9216ee079ee","etag":"97E1A27874032FC4B29F007C90DFA372","size":31,"mimeType":"image/jpeg","imageInfo":null}',
      'eugZUpzNaW3Ba40tGc3IUczSmdwfOKS1fXl6xd+QmOITTUPLwhBw1DBBUwaGuLsKYdCauOcHhGCEVMEObQgThA==',
    ],
  ])('is what OSS signs for %s', (url, body, signature) => {
    expect(verify('md5', callbackText(url, body), PEM, Buffer.from(signature, 'base64'))).toBe(true)
  })
})
