import { createHash } from 'node:crypto'
import { signAcs3, toCanonicalRequest, toStringToSign } from '../../../local/sts/acs3'
import { encode } from '../../../local/sts/request'
import { signRpc, toRpcStringToSign } from '../../../local/sts/rpc'

const EMPTY = createHash('sha256').digest('hex')

type Vector = {
  secret: string
  headers: Record<string, string>
  query: Record<string, string>
  hash: string
  signature: string
}

// A: Alibaba Cloud, "V3 request structure and signature"; B: computed with the official SDK's
// signer.
const ACS3: Record<string, Vector> = {
  A: {
    secret: 'YourAccessKeySecret',
    headers: {
      host: 'ecs.cn-shanghai.aliyuncs.com',
      'x-acs-action': 'RunInstances',
      'x-acs-version': '2014-05-26',
      'x-acs-date': '2023-10-26T10:22:32Z',
      'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
      'x-acs-content-sha256': EMPTY,
    },
    query: {
      ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
      RegionId: 'cn-shanghai',
    },
    hash: '7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259',
    signature: '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  },
  B: {
    secret: 'testsecret',
    headers: {
      host: '127.0.0.1:4566',
      'x-acs-action': 'AssumeRole',
      'x-acs-version': '2015-04-01',
      'x-acs-date': '2026-01-02T03:04:05Z',
      'x-acs-signature-nonce': '0123456789abcdef',
      'x-acs-content-sha256': EMPTY,
    },
    query: {
      RoleSessionName: 'alice',
      RoleArn: 'acs:ram::1234567890123456:role/uploader',
      Policy:
        '{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:PutObject","Resource":"acs:oss:*:*:b/u/*"}]}',
      DurationSeconds: '900',
    },
    hash: 'ac5f7f96f91e5ce2ee3654bc40c5311c831a5bd0c0c63dd1395d802793020839',
    signature: 'c5cf45bff69d6f4795763ede21df89b13babcdad99382edb26ca0d45098b8645',
  },
}

describe.each(Object.entries(ACS3))(
  'ACS3 vector %s',
  (_, { secret, headers, query, hash, signature }) => {
    const canonicalRequest = toCanonicalRequest(
      { method: 'POST', path: '/', query: Object.entries(query), headers, body: Buffer.alloc(0) },
      Object.keys(headers).reverse(),
    )

    it('has the published hash of the canonical request', () => {
      expect(toStringToSign(canonicalRequest)).toBe(`ACS3-HMAC-SHA256\n${hash}`)
    })

    it('has the published signature', () => {
      expect(signAcs3(secret, toStringToSign(canonicalRequest))).toBe(signature)
    })
  },
)

const RPC_QUERY = {
  Action: 'AssumeRole',
  Version: '2015-04-01',
  Format: 'JSON',
  SignatureMethod: 'HMAC-SHA1',
  SignatureVersion: '1.0',
}

// C and D: RAM documentation, request signatures, by GET and by POST; E: computed with ali-oss's
// signer.
it.each([
  [
    'C',
    'GET',
    'testsecret',
    {
      AccessKeyId: 'testid',
      RoleArn: 'acs:ram::1234567890123:role/firstrole',
      RoleSessionName: 'client',
      Timestamp: '2015-09-01T05:57:34Z',
      SignatureNonce: '571f8fb8-506e-11e5-8e12-b8e8563dc8d2',
    },
    'gNI7b0AyKZHxDgjBGPDgJ1Ce3L4=',
  ],
  [
    'D',
    'POST',
    'testsecret',
    {
      AccessKeyId: 'testid',
      RoleArn: 'acs:ram::1234567890123:role/firstrole',
      RoleSessionName: 'client',
      Timestamp: '2015-09-01T05:57:34Z',
      SignatureNonce: '571f8fb8-506e-11e5-8e12-b8e8563dc8d2',
    },
    'gyoTXBqArvZT/gKwPjXIYR9ZuB0=',
  ],
  [
    'E',
    'POST',
    'test-secret',
    {
      AccessKeyId: 'test-akid',
      RoleArn: 'acs:ram::123456789012:role/upload',
      RoleSessionName: 'alice',
      DurationSeconds: '900',
      Timestamp: '2030-01-01T00:00:00Z',
      SignatureNonce: 'n-1',
    },
    'Q9NCPWi+Z75FNxJae0WlsgQPZlE=',
  ],
])('signs RPC vector %s', (_, method, secret, parameters, signature) => {
  const pairs = Object.entries({ ...RPC_QUERY, ...parameters, Signature: 'left out' })
  expect(signRpc(secret, toRpcStringToSign(method, pairs))).toBe(signature)
})

it('writes the RPC string to sign as the documentation prints it', () => {
  expect(
    toRpcStringToSign('GET', [
      ['b', '2 *~'],
      ['a', '一'],
      ['Signature', 'x'],
    ]),
  ).toBe('GET&%2F&a%3D%25E4%25B8%2580%26b%3D2%2520%252A~')
})

it('encodes every reserved character and leaves the unreserved ones', () => {
  expect(encode("AZaz09-_.~ !'()*+/?&=")).toBe('AZaz09-_.~%20%21%27%28%29%2A%2B%2F%3F%26%3D')
})
