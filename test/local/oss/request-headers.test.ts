import {
  ask,
  BUCKET,
  NOW,
  post,
  type Reply,
  ROOT,
  send,
  shareBucket,
  textOf,
} from './support/cloud'
import { FILE } from './support/forms'
import { outcome } from './support/schemes'
import { formV4, urlV4 } from './support/sign'

const { cloud, put, get } = shareBucket()

type Headers = Record<string, string>

const initiate = (key: string, headers: Headers = {}) =>
  ask(cloud(), { method: 'POST', key, query: { uploads: '' }, headers })
const append = (key: string, headers: Headers) =>
  ask(cloud(), { method: 'POST', key, query: { append: '', position: '0' }, headers }, 'x')
const copy = (key: string, headers: Headers) =>
  ask(cloud(), {
    method: 'PUT',
    key,
    headers: { 'x-oss-copy-source': `/${BUCKET}/source`, ...headers },
  })
const form = (key: string, headers: Headers) => {
  const fields: [string, string][] = [['key', key], ...Object.entries(headers)]
  return post(cloud(), formV4({ fields, conditions: [{ bucket: BUCKET }] }, ROOT, NOW), FILE)
}

beforeAll(() => put('source', 'x'))

describe('a write', () => {
  const writes: [string, (key: string, headers: Headers) => Promise<Reply>][] = [
    ['PutObject', (key, headers) => put(key, 'x', headers)],
    ['AppendObject', append],
    ['CopyObject', copy],
    ['InitiateMultipartUpload', initiate],
    ['PostObject', form],
  ]
  const encryption = 'x-oss-server-side-encryption'
  const ofData = 'x-oss-server-side-data-encryption'
  const refused: [Headers, string, string | undefined][] = [
    [{ 'x-oss-forbid-overwrite': 'yes' }, 'InvalidArgument', '0017-00000279'],
    [{ 'x-oss-forbid-overwrite': 'TRUE' }, 'InvalidArgument', '0017-00000279'],
    [{ 'x-oss-storage-class': '' }, 'InvalidArgument', '0017-00000131'],
    [{ 'x-oss-storage-class': 'Cheap' }, 'InvalidArgument', undefined],
    [{ [encryption]: 'DES' }, 'InvalidEncryptionAlgorithmError', '0005-00000003'],
    [{ [encryption]: 'KMS', [ofData]: 'AES256' }, 'InvalidDataEncryptionAlgorithmError', undefined],
    [{ [encryption]: 'KMS', [`${encryption}-key-id`]: '' }, 'InvalidParameter', '0005-00000205'],
  ]

  describe.each(writes)('%s', (name, write) => {
    it.each(refused)('is refused with the headers %j', async (headers, code, ec) => {
      expect(outcome(await write(`never ${name}`, headers))).toEqual([400, code, ec])
      expect((await get(`never ${name}`)).status).toBe(404)
    })
  })
})

describe('encryption', () => {
  const [algorithm, keyId] = ['x-oss-server-side-encryption', 'x-oss-server-side-encryption-key-id']
  const encryptionOf = ({ headers }: Reply) => [headers[algorithm], headers[keyId]]

  async function completed(key: string, headers: Headers): Promise<Reply> {
    const begun = await initiate(key, headers)
    expect(encryptionOf(begun)).toEqual([headers[algorithm], headers[keyId]])
    const uploadId = textOf(begun.text, 'UploadId') ?? ''
    const all = { 'x-oss-complete-all': 'yes' }
    return ask(cloud(), { method: 'POST', key, query: { uploadId }, headers: all })
  }

  it.each([
    ['PutObject', (key: string, headers: Headers) => put(key, 'x', headers)],
    ['AppendObject', append],
    ['CopyObject', copy],
    ['InitiateMultipartUpload and CompleteMultipartUpload', completed],
    ['PostObject', form],
  ])('is told by the answer of %s, and by the object', async (name, write) => {
    for (const [i, headers] of [
      { [algorithm]: 'AES256' },
      { [algorithm]: 'KMS' },
      { [algorithm]: 'KMS', [keyId]: 'key-7' },
    ].entries()) {
      const key = `${name} ${i}`
      const expected = [headers[algorithm], headers[keyId]]
      expect(encryptionOf(await write(key, headers))).toEqual(expected)
      expect(encryptionOf(await get(key))).toEqual(expected)
    }
    const plain = await write(`${name} plain`, {})
    expect(encryptionOf(plain)).toEqual([undefined, undefined])
  })

  it('has the id of a key by KMS alone, and a copy has its own', async () => {
    const other = await put('keyed', 'x', { [algorithm]: 'AES256', [keyId]: 'key-7' })
    expect(encryptionOf(other)).toEqual(['AES256', undefined])
    await put('keyed', 'x', { [algorithm]: 'KMS', [keyId]: 'key-7' })
    const headers = { 'x-oss-copy-source': `/${BUCKET}/keyed` }
    expect(encryptionOf(await ask(cloud(), { method: 'PUT', key: 'copied', headers }))).toEqual([
      undefined,
      undefined,
    ])
    expect(encryptionOf(await get('copied'))).toEqual([undefined, undefined])
  })
})

it.each(['AES256', 'KMS', 'SM4', 'kms'])('takes encryption by %s', async (algorithm) => {
  const headers = {
    'x-oss-server-side-encryption': algorithm,
    'x-oss-server-side-data-encryption': 'SM4',
  }
  expect((await put('encrypted', 'x', headers)).status).toBe(200)
  const got = await get('encrypted')
  expect(got.headers['x-oss-server-side-encryption']).toBe(algorithm)
  expect(got.text).toBe('x')
})

it.each([
  ['GET', 'source', {}],
  ['HEAD', 'source', {}],
  ['DELETE', 'source', {}],
  ['PUT', 'source', { tagging: '' }],
  ['PUT', 'source', { uploadId: 'A', partNumber: '1' }],
  ['POST', 'source', { uploadId: 'A' }],
  ['GET', '', {}],
] as [string, string, Headers][])(
  'refuses encryption where nothing is written: %s %s %j',
  async (method, key, query) => {
    const headers = { 'x-oss-server-side-encryption': 'AES256' }
    const reply = await ask(cloud(), { method, key, query, headers })
    expect(outcome(reply)).toEqual([400, 'InvalidArgument', '0005-00000002'])
  },
)

describe('x-oss-traffic-limit', () => {
  const name = 'x-oss-traffic-limit'
  const inHeader = (value: string) =>
    ask(cloud(), { method: 'GET', key: 'source', headers: { [name]: value } })
  const inUrl = (value: string) => {
    const draft = { method: 'GET', bucket: BUCKET, key: 'source', query: { [name]: value } }
    return send(cloud(), urlV4(draft, ROOT, { now: NOW }))
  }
  const besideForm = (value: string) => {
    const fields: [string, string][] = [['key', 'limited']]
    const signed = formV4({ fields, conditions: [{ bucket: BUCKET }] }, ROOT, NOW)
    return post(cloud(), signed, FILE, { [name]: value })
  }

  it.each([
    ['819199', 400],
    ['819200', 200],
    ['838860800', 200],
    ['838860801', 400],
    ['-819200', 400],
    ['abc', 400],
    ['NaN', 400],
    ['', 400],
  ])('of %s is answered by %d', async (value, status) => {
    const refused = [400, 'InvalidArgument', '0004-00000502']
    for (const request of [inHeader, inUrl, besideForm]) {
      const reply = await request(value)
      if (status === 400) expect(outcome(reply)).toEqual(refused)
      else expect(reply.status).toBeLessThan(300)
    }
  })

  it('is refused in header and URL at once, and slows nothing down', async () => {
    const query = { [name]: '819200' }
    const both = await ask(cloud(), { method: 'GET', key: 'source', query, headers: query })
    expect(outcome(both)).toEqual([400, 'InvalidArgument', '0004-00000501'])
    await put('large', Buffer.alloc(1024 * 1024))
    const started = performance.now()
    expect((await ask(cloud(), { method: 'GET', key: 'large', query })).status).toBe(200)
    // At 100 KB per second it would take ten.
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('what is ignored', () => {
  it.each<[Headers]>([
    [{ 'x-oss-object-worm-mode': 'COMPLIANCE', 'x-oss-object-worm-retain-until-date': 'never' }],
    [{ 'x-oss-request-payer': 'requester' }],
    [{ 'x-oss-persistent-headers': 'myheader:djE=' }],
    [{ 'x-oss-server-side-encryption-key-id': 'key' }],
    [{ 'x-oss-server-side-data-encryption': 'SM4' }],
    [{ 'x-oss-hash-ctx': 'a', 'x-oss-unknown': 'b' }],
  ])('is %j: the object is as if written without', async (headers) => {
    await put('plain', 'x')
    const plain = await get('plain')
    expect((await put('plain', 'x', headers)).status).toBe(200)
    const got = await get('plain')
    const names = (reply: Reply) => Object.keys(reply.headers).sort()
    expect([got.status, got.text, names(got)]).toEqual([200, 'x', names(plain)])
    expect((await ask(cloud(), { method: 'DELETE', key: 'plain', headers })).status).toBe(204)
  })

  it('is Accept-Encoding: nothing is compressed on the fly', async () => {
    await put('text', 'x'.repeat(10_000), { 'content-type': 'text/plain' })
    const headers = { 'accept-encoding': 'gzip' }
    const reply = await ask(cloud(), { method: 'GET', key: 'text', headers })
    expect([reply.text.length, reply.headers['content-encoding']]).toEqual([10_000, undefined])
  })

  it('is the domain of OSS: no browser is made to download a page', async () => {
    await put('page.html', '<p>', { 'content-type': 'text/html' })
    const host = `${BUCKET}.oss-cn-hangzhou.aliyuncs.com`
    const signed = urlV4({ method: 'GET', bucket: BUCKET, key: 'page.html' }, ROOT, { now: NOW })
    const path = signed.path.replace(`/${BUCKET}`, '')
    const reply = await send(cloud(), { method: 'GET', path, headers: { host } })
    expect([reply.text, reply.headers['content-disposition']]).toEqual(['<p>', undefined])
  })

  it('is how many requests there are: none is ever throttled', async () => {
    const replies = await Promise.all(Array.from({ length: 300 }, () => get('source')))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(300)
  })

  it('is x-oss-tagging-directive where nothing is copied', async () => {
    const reply = await initiate('tagged', { 'x-oss-tagging-directive': 'maybe' })
    expect(textOf(reply.text, 'Key')).toBe('tagged')
  })
})
