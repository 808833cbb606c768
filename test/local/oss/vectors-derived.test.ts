import { createHash } from 'node:crypto'
import { signV1, stringToSignV1 } from '../../../local/oss/auth/v1'
import {
  canonicalRequestV4,
  signingKeyV4,
  signV4,
  stringToSignV4,
} from '../../../local/oss/auth/v4'

const scope = (day: string) => ({ day, region: 'cn-hangzhou', product: 'oss' })

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
