import { splitCanonical } from '../../../web/inspector/canonical'
import { claimsOf, fromBase64Json, maskText, maskValue } from '../../../web/inspector/decode'
import { piecesOf } from '../../../web/inspector/pieces'
import {
  conditionOf,
  groupConditions,
  policyOf,
  sentenceOf,
  toJson,
} from '../../../web/inspector/policy'

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const SIGNATURE = 's'.repeat(43)
const ticket = `${base64url({ alg: 'HS256', typ: 'ticket+jwt' })}.${base64url({ sub: '文件', max: 5 })}.${SIGNATURE}`

it('reads JSON in base64 and the claims of a ticket, and nothing else', () => {
  expect(fromBase64Json(base64({ a: '文件' }))).toEqual({ a: '文件' })
  expect(claimsOf(ticket)).toEqual({ sub: '文件', max: 5 })
  for (const other of ['', 'a', '%%%', base64([1]), base64(null), 'abcd', '/////w==']) {
    expect([fromBase64Json(other), claimsOf(other)]).toEqual([undefined, undefined])
  }
})

it('shows no signature, no token and no ticket that could be used', () => {
  expect(maskText(`a ${ticket} b`)).toMatch(/^a eyJ[\w-]{1,12}….[\w-]{1,12}….… b$/)
  const names = ['x-oss-signature', 'Signature', '$x-oss-security-token', 'security-token']
  for (const name of [...names, 'Authorization']) expect(maskValue(name, 'abc')).toBe('…')
  expect(maskValue('x-oss-date', 'abc')).toBe('abc')
})

describe('a POST policy', () => {
  const conditions = [
    { bucket: 'b' },
    ['content-length-range', 5, 5],
    ['content-length-range', 1, 2048],
    ['eq', '$Content-Type', 'image/png'],
    ['starts-with', '$key', 'a/'],
    ['starts-with', '$x-oss-meta-a', ''],
    ['in', '$content-type', ['a/b', 'c/d']],
    ['not-in', '$cache-control', ['no-cache']],
    ['eq', '$callback', base64({ url: 'u'.repeat(100) })],
    ['eq', '$x:ticket', ticket],
    ['eq', '$x-oss-security-token', 'CAIS'],
    ['else', '$a', 'b'],
  ]
  const fields = { policy: base64({ expiration: '2030-01-01T00:00:00.000Z', conditions }) }

  it('is said in sentences', () => {
    expect(policyOf(fields)).toMatchObject({ expiration: '2030-01-01T00:00:00.000Z' })
    expect(conditions.map(sentenceOf)).toEqual([
      'The form must go to the bucket “b”',
      'The file must have exactly 5 bytes',
      'The file must have 1 byte to 2,048 bytes',
      'Content-Type must be exactly “image/png”',
      'key must begin with “a/”',
      'x-oss-meta-a may be anything',
      'content-type must be one of “a/b”, “c/d”',
      'cache-control must be none of “no-cache”',
      'callback must be exactly what the server wrote',
      'x:ticket must be exactly what the server wrote',
      'x-oss-security-token must be exactly what the server wrote',
      'A condition of another kind',
    ])
  })

  it('is shown as JSON, in which the secrets are masked and what is long is cut', () => {
    const shown = conditions.map(toJson)
    expect(shown[0]).toBe('{"bucket":"b"}')
    expect(shown[6]).toBe('["in","$content-type",["a/b","c/d"]]')
    expect(shown[10]).toBe('["eq","$x-oss-security-token","…"]')
    expect(toJson({ 'x-oss-security-token': 'CAIS' })).toBe('{"x-oss-security-token":"…"}')
    expect(shown.join()).not.toContain(SIGNATURE)
    expect(Math.max(...shown.map((text) => text.length))).toBeLessThan(130)
  })

  it('has what is about the file first, and each condition once', () => {
    const groups = groupConditions({ expiration: '', conditions })
    expect(groups.map(([group, members]) => [group, members.length])).toEqual([
      ['file', 9],
      ['after', 2],
      ['signer', 1],
    ])
    expect(groupConditions({ expiration: '', conditions: [{ bucket: 'b' }] })).toHaveLength(1)
    expect(conditionOf(['eq', '$Content-Type', 'a'])).toMatchObject({ name: 'content-type' })
  })

  it('is none where it can not be read', () => {
    const broken = [{}, { policy: 'a' }, { policy: base64({}) }, { policy: base64([]) }]
    for (const each of [...broken, { policy: base64({ expiration: 1, conditions }) }]) {
      expect(policyOf(each as Record<string, string>)).toBeUndefined()
    }
  })

  it('does not name every field: what it leaves open is said to be open', () => {
    const form = { ...fields, 'Content-Type': 'image/png', 'x-oss-meta-b': 'free', key: 'a/b' }
    const signed = { ...form, 'x-oss-signature': 'abc', 'x:ticket': ticket }
    const request = { method: 'POST', url: 'http://a/b/', headers: {}, fields: signed } as const
    const pieces = piecesOf(request)
    expect(pieces.filter(({ isFree }) => isFree).map(({ name }) => name)).toEqual(['x-oss-meta-b'])
    expect(pieces.find(({ name }) => name === 'key')).toMatchObject({ limit: 'key', value: 'a/b' })
    expect(JSON.stringify(pieces)).not.toMatch(/s{43}|abc/)
  })
})

it('tells the parts of a signed URL apart, decoded and without secrets', () => {
  const url = new URL('http://localhost:9001/bucket/a%20b/%E6%96%87.png')
  url.searchParams.set('callback-var', base64({ 'x:ticket': ticket }))
  url.searchParams.set('callback', base64({ callbackUrl: 'http://localhost/' }))
  url.searchParams.set('x-oss-security-token', 'CAIS')
  url.searchParams.set('x-oss-signature', 'abc')
  url.searchParams.set('x-oss-expires', '600')
  const headers = { 'content-length': '5', 'x-oss-meta-a': 'b', 'content-type': 'image/png' }
  const pieces = piecesOf({ method: 'PUT', url: url.href, headers })
  expect(pieces.map(({ name, limit }) => [name, limit])).toEqual([
    ['PUT', 'key'],
    ['content-length', 'size'],
    ['x-oss-meta-a', 'metadata'],
    ['content-type', 'contentType'],
    ['callback-var', 'callback'],
    ['callback', 'callback'],
    ['x-oss-security-token', undefined],
    ['x-oss-signature', undefined],
    ['x-oss-expires', undefined],
  ])
  const values = pieces.map(({ value }) => value)
  expect(values[0]).toBe('/bucket/a b/文.png')
  expect(values.slice(5)).toEqual(['{"callbackUrl":"http://localhost/"}', '…', '…', '600'])
  expect(values.join()).not.toContain(SIGNATURE)
})

it('tells the parts of a canonical request apart', () => {
  const query = `callback=${'a'.repeat(200)}&uploads`
  const lines = ['PUT', '/b/k', query, 'content-type:a/b', 'x-oss-date:1', '', 'host', 'UNSIGNED']
  expect(Object.fromEntries(splitCanonical(lines.join('\n')))).toEqual({
    method: 'PUT',
    path: '/b/k',
    query: `callback=${'a'.repeat(91)}…\nuploads`,
    headers: 'content-type:a/b\nx-oss-date:1',
    additional: 'host',
    payload: 'UNSIGNED',
  })
  const bare = splitCanonical('GET\n/b/k\n\n\n\nUNSIGNED').map(([, text]) => text)
  expect(bare).toEqual(['GET', '/b/k', '(–)', '(–)', '(–)', 'UNSIGNED'])
})
