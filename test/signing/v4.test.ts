// Covers shared/signing/header.ts too.
import { encodePath, encodeValue } from '../../shared/signing/encode'
import { hmacKey, sha256Hex } from '../../shared/signing/hash'
import { signHeaders } from '../../shared/signing/header'
import type { OssTarget } from '../../shared/signing/target'
import { signUrl } from '../../shared/signing/url'
import {
  additionalNames,
  canonicalQuery,
  canonicalRequest,
  signature,
  signingKey,
  stringToSign,
  toScope,
  toSignableHeaders,
  toTimestamp,
} from '../../shared/signing/v4'
import vectors from '../vectors/v4.json'

type Vector = {
  name: string
  method: string
  bucket: string
  key: string
  region: string
  now: number
  query: Record<string, string>
  headers: Record<string, string>
  additionalHeaders: string[]
  credentials: { accessKeyId: string; accessKeySecret: string; securityToken?: string }
  product?: string
  expiresSeconds?: number
  canonicalRequest?: string
  canonicalHash?: string
  signingKey?: string
  signature: string
}

function asVectors(list: object[]): Vector[] {
  return list as Vector[]
}

function target(vector: Vector): OssTarget {
  const endpoint = 'https://oss-cn-hangzhou.aliyuncs.com'
  return { bucket: vector.bucket, region: vector.region, endpoint, addressing: 'virtual-hosted' }
}

function stages(vector: Vector, extra: { query?: object; headers?: object }) {
  const timestamp = toTimestamp(vector.now)
  const scope = `${timestamp.slice(0, 8)}/${vector.region}/${vector.product ?? 'oss'}/aliyun_v4_request`
  const request = canonicalRequest({
    method: vector.method,
    uri: `/${vector.bucket}/${encodePath(vector.key)}`,
    query: canonicalQuery({ ...vector.query, ...extra.query }),
    headers: { ...vector.headers, ...extra.headers },
    additionalHeaders: vector.additionalHeaders,
  })
  const key = signingKey(
    vector.credentials.accessKeySecret,
    timestamp.slice(0, 8),
    vector.region,
    vector.product,
  )
  const text = stringToSign(timestamp, scope, request)
  return { timestamp, scope, request, key, signed: signature(hmacKey('sha256', key), text) }
}

describe('published header vectors', () => {
  it.each(asVectors(vectors.publishedHeader))('signs "$name" stage by stage', (vector) => {
    const { securityToken } = vector.credentials
    const headers = {
      'x-oss-date': toTimestamp(vector.now),
      ...(securityToken && { 'x-oss-security-token': securityToken }),
    }
    expect(stages(vector, { headers }).signed).toBe(vector.signature)
  })

  it.each(asVectors(vectors.publishedHeader).slice(0, 2))(
    'signs "$name" as a request',
    (vector) => {
      const { query, headers, credentials, now, key } = vector
      const order = { method: 'PUT' as const, target: target(vector), key, query, headers }
      const signed = signHeaders({ ...order, credentials, now })
      expect(signed.headers.authorization).toBe(
        `OSS4-HMAC-SHA256 Credential=ak/20231216/cn-hangzhou/oss/aliyun_v4_request,Signature=${vector.signature}`.replace(
          '20231216',
          toTimestamp(now).slice(0, 8),
        ),
      )
      expect(signed.url).toBe(
        'https://bucket.oss-cn-hangzhou.aliyuncs.com/1234%2B-/123/1.txt?%2Bparam1=value3&%2Bparam2&%7Cparam1=value4&%7Cparam2&param1=value1&param2',
      )
    },
  )
})

describe('URL vectors', () => {
  const urls = asVectors([...vectors.publishedUrl, ...vectors.derivedUrl])

  it.each(urls)('signs "$name" as a URL', (vector) => {
    const { key, query, headers, additionalHeaders, credentials, now } = vector
    const { expiresSeconds = 0 } = vector
    const { url } = signUrl({
      method: vector.method === 'GET' ? 'GET' : 'PUT',
      target: target(vector),
      key,
      query,
      headers,
      additionalHeaders,
      expiresSeconds,
      credentials,
      now,
    })
    expect(url.split('&x-oss-signature=')[1]).toBe(vector.signature)
  })

  it.each(asVectors(vectors.derivedUrl))('makes every stage of "$name"', (vector) => {
    const { accessKeyId, securityToken } = vector.credentials
    const timestamp = toTimestamp(vector.now)
    const query = {
      'x-oss-credential': `${accessKeyId}/${toScope(timestamp, vector.region)}`,
      'x-oss-date': timestamp,
      'x-oss-expires': String(vector.expiresSeconds),
      'x-oss-signature-version': 'OSS4-HMAC-SHA256',
      ...(vector.additionalHeaders.length > 0 && {
        'x-oss-additional-headers': vector.additionalHeaders.join(';'),
      }),
      ...(securityToken && { 'x-oss-security-token': securityToken }),
    }
    const { request, key, signed } = stages(vector, { query })
    if (vector.canonicalRequest) expect(request).toBe(vector.canonicalRequest)
    expect(sha256Hex(request)).toBe(vector.canonicalHash)
    expect(key.toString('hex')).toBe(vector.signingKey)
    expect(signed).toBe(vector.signature)
  })
})

describe('encoding', () => {
  it('leaves the unreserved characters alone', () => {
    const unreserved = 'ABCXYZabcxyz0189-_.~'
    expect(encodeValue(unreserved)).toBe(unreserved)
  })

  it('writes every other byte in upper-case percent form', () => {
    expect(encodeValue("a b+c/!'()*é")).toBe('a%20b%2Bc%2F%21%27%28%29%2A%C3%A9')
    expect(encodeValue('%2F😀')).toBe('%252F%F0%9F%98%80')
  })

  it('keeps the slash in a path alone', () => {
    expect(encodePath('a/b c/d%2Fe')).toBe('a/b%20c/d%252Fe')
  })

  it('refuses half a surrogate pair', () => {
    expect(() => encodePath('a\ud800')).toThrow(URIError)
  })
})

describe('canonical parts', () => {
  it('sorts parameters by their encoded names, a name before its own continuation', () => {
    const query = { 'callback-var': '1', callback: '2', '|': '3', Z: '4', a: '', é: '5' }
    expect(canonicalQuery(query)).toBe('%7C=3&%C3%A9=5&Z=4&a&callback=2&callback-var=1')
  })

  it('cover content-type, content-md5, x-oss-* and the additional headers, and no other', () => {
    const headers = {
      'x-oss-date': 'd',
      'user-agent': 'u',
      range: 'r',
      'content-type': 't',
      'content-md5': 'm',
    }
    const parts = {
      method: 'PUT',
      uri: '/b/k',
      query: 'a=b',
      headers,
      additionalHeaders: ['range'],
    }
    const lines = [
      'PUT',
      '/b/k',
      'a=b',
      'content-md5:m',
      'content-type:t',
      'range:r',
      'x-oss-date:d',
    ]
    expect(canonicalRequest(parts)).toBe([...lines, '', 'range', 'UNSIGNED-PAYLOAD'].join('\n'))
  })

  it('name the payload hash that the headers name', () => {
    const headers = { 'x-oss-content-sha256': 'abc' }
    const parts = { method: 'GET', uri: '/', query: '', headers, additionalHeaders: [] }
    expect(canonicalRequest(parts)).toMatch(/\nabc$/)
  })

  it('lists additional headers once, in lower case and in order, without those always signed', () => {
    const headers = { host: 'h', 'content-length': '5', 'content-type': 't', 'x-oss-a': '1' }
    const names = ['Host', 'content-length', 'HOST', 'Content-Type', 'x-oss-a']
    expect(additionalNames(names, headers)).toEqual(['content-length', 'host'])
  })

  it('throws for an additional header that has no value', () => {
    expect(() => additionalNames(['range'], {})).toThrow('range')
  })

  it.each(['\r', '\n', '\0'])('throws for the control character %j in a header', (character) => {
    const value = `image/png${character}x-oss-object-acl:public-read`
    expect(() => toSignableHeaders({ 'content-type': value })).toThrow('content-type')
  })

  it('lowers header names and trims their values', () => {
    expect(toSignableHeaders({ 'Content-Type': ' image/png ' })).toEqual({
      'content-type': 'image/png',
    })
  })

  it('writes a time in the basic form, without fraction', () => {
    expect(toTimestamp(1_700_000_000)).toBe('20231114T221320Z')
  })
})
