// Covers shared/signing/sign-v1.ts too.
import { Refusal } from '../../shared/errors'
import { signFormV1, signUrlV1 } from '../../shared/signing/sign-v1'
import type { OssTarget } from '../../shared/signing/target'
import type { UrlInput } from '../../shared/signing/url'
import { canonicalizedResource, signatureV1, stringToSignV1 } from '../../shared/signing/v1'
import { URL_SIGNERS } from '../../shared/signing/version'
import vectors from '../vectors/v1.json'

const target: OssTarget = {
  bucket: 'demo-bkt',
  region: 'cn-hangzhou',
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  addressing: 'virtual-hosted',
}

const order: UrlInput = {
  method: 'PUT',
  target,
  key: 'avatars/alice/1.png',
  headers: { 'content-type': 'image/png' },
  expiresSeconds: 600,
  credentials: { accessKeyId: 'STS.a', accessKeySecret: 's', securityToken: 'tok/+=1' },
  now: 1_700_000_000,
}

// The lists have different members in each row; the values of a query or header are always strings.
function texts(record: object): Record<string, string> {
  return record as Record<string, string>
}

function signatureOf(changed: Partial<UrlInput>): string | null {
  return new URL(signUrlV1({ ...order, ...changed }).url).searchParams.get('Signature')
}

describe('vectors', () => {
  it.each(vectors.publishedText)('makes both stages of "$name"', (vector) => {
    expect(stringToSignV1(vector.parts)).toBe(vector.stringToSign)
    expect(signatureV1(vector.secret, vector.stringToSign)).toBe(vector.signature)
  })

  it.each(vectors.publishedHeader)('signs the published request "$name"', (vector) => {
    const parts = { ...vector, query: texts(vector.query) }
    expect(signatureV1(vector.secret, stringToSignV1(parts))).toBe(vector.signature)
  })

  it.each([...vectors.publishedUrl, ...vectors.derivedUrl])('signs the URL "$name"', (vector) => {
    const { bucket, method, key, expires, credentials, signature } = vector
    const { url } = signUrlV1({
      method: method === 'GET' ? 'GET' : 'PUT',
      target: { ...target, bucket },
      key,
      query: texts(vector.query),
      headers: texts(vector.headers),
      credentials,
      expiresSeconds: 600,
      now: expires - 600,
    })
    expect(new URL(url).searchParams.get('Signature')).toBe(signature)
  })

  it.each(vectors.derivedForm)(
    'signs the form "$name"',
    ({ credentials, policyText, signature }) => {
      const form = { fields: {}, target, credentials, now: 1, policyText: () => policyText }
      expect(signFormV1(form).Signature).toBe(signature)
    },
  )
})

describe('signUrlV1', () => {
  it('puts everything that the signature needs in the query', () => {
    const { url, headers } = signUrlV1(order)
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      Expires: '1700000600',
      OSSAccessKeyId: 'STS.a',
      Signature: expect.stringMatching(/^[A-Za-z0-9+/]{27}=$/),
      'security-token': 'tok/+=1',
    })
    expect(headers).toEqual({ 'content-type': 'image/png' })
  })

  it.each<[string, Partial<UrlInput>]>([
    ['method', { method: 'GET' }],
    ['key', { key: 'avatars/alice/2.png' }],
    ['bucket', { target: { ...target, bucket: 'demo-bku' } }],
    ['signed parameter', { query: { 'x-oss-process': 'style/a' } }],
    ['content type', { headers: { 'content-type': 'image/pnh' } }],
    ['x-oss header', { headers: { ...order.headers, 'x-oss-meta-a': '1' } }],
    ['expiry', { expiresSeconds: 601 }],
    ['secret', { credentials: { ...order.credentials, accessKeySecret: 't' } }],
    ['token', { credentials: { ...order.credentials, securityToken: 'tok/+=2' } }],
  ])('binds the %s', (_, changed) => {
    expect(signatureOf(changed)).not.toBe(signatureOf({}))
  })

  it.each<[string, Partial<UrlInput>]>([
    ['the exact size', { headers: { ...order.headers, 'content-length': '6' } }],
    ['an unknown parameter', { query: { unknown: '1' } }],
    ['a list parameter', { query: { 'max-parts': '1' } }],
    ['the region', { target: { ...target, region: 'cn-beijing' } }],
  ])('leaves %s open, as documented', (_, changed) => {
    expect(signatureOf(changed)).toBe(signatureOf({}))
  })

  it.each([0, -1, 1.5, Number.NaN])('throws for a life of %d seconds', (expiresSeconds) => {
    const sign = () => signUrlV1({ ...order, expiresSeconds })
    expect(sign).toThrow(new RangeError('expiresSeconds must be an integer of at least 1'))
  })

  it('lives for as little as a second, and needs neither query nor token', () => {
    const { securityToken: _, ...pair } = order.credentials
    const { url } = signUrlV1({ ...order, credentials: pair, expiresSeconds: 1 })
    const names = [...new URL(url).searchParams.keys()].sort()
    expect(names).toEqual(['Expires', 'OSSAccessKeyId', 'Signature'])
    expect(new URL(url).searchParams.get('Expires')).toBe(String(order.now + 1))
  })
})

it('carries the parameters that it was given in a V1 URL', () => {
  const { url } = signUrlV1({ ...order, query: { acl: '', 'x-oss-process': 'style/a b' } })
  expect(new URL(url).searchParams.get('x-oss-process')).toBe('style/a b')
  expect(url).toMatch(/[?&]acl&/)
})

describe('what V1 could not keep apart', () => {
  it('is refused in a key: a question mark would begin a sub-resource', () => {
    const odd = { ...order, key: 'documents/alice/a?acl' }
    expect(() => URL_SIGNERS.v1(odd)).toThrow(Refusal)
    expect(() => signUrlV1(odd)).toThrow('does not allow a question mark')
    const twin = canonicalizedResource({ bucket: 'b', key: 'a', query: { acl: '' } })
    expect(twin).toBe('/b/a?acl')
  })

  it('throws in a value: an ampersand would begin another parameter', () => {
    const query = { 'response-content-disposition': 'a&x-oss-process=style/b' }
    expect(() => signUrlV1({ ...order, query })).toThrow('response-content-disposition')
  })
})

describe('signFormV1', () => {
  it('gives the policy every field that OSS could find changed', () => {
    const fields = signFormV1({
      ...order,
      fields: { key: 'a' },
      policyText: (pinned) => JSON.stringify(pinned),
    })
    expect(Buffer.from(fields.policy ?? '', 'base64').toString()).toBe(
      '{"key":"a","x-oss-security-token":"tok/+=1"}',
    )
    expect(fields).toMatchObject({ OSSAccessKeyId: 'STS.a', key: 'a' })
  })
})
