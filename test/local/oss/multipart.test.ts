import { createHash, randomBytes } from 'node:crypto'
import { ask, startCloud, type TestCloud, textOf } from './support/cloud'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud()
})
afterAll(() => cloud.close())

const MIN = 100 * 1024
const etagOf = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex').toUpperCase()

async function initiate(key: string, headers: Record<string, string> = {}): Promise<string> {
  const reply = await ask(cloud, { method: 'POST', key, query: { uploads: '' }, headers })
  return textOf(reply.text, 'UploadId') ?? ''
}

function put(key: string, uploadId: string, partNumber: number | string, bytes: Buffer) {
  const query = { uploadId, partNumber: String(partNumber) }
  return ask(cloud, { method: 'PUT', key, query }, bytes)
}

function complete(
  key: string,
  uploadId: string,
  parts: [number, string][],
  headers: Record<string, string> = {},
) {
  const list = parts.map(([n, e]) => `<Part><PartNumber>${n}</PartNumber><ETag>${e}</ETag></Part>`)
  const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`
  return ask(cloud, { method: 'POST', key, query: { uploadId }, headers }, body)
}

it('joins parts sent out of order, one of them twice', async () => {
  const [a, b, c] = [randomBytes(MIN), randomBytes(MIN + 1), randomBytes(10)]
  const id = await initiate('joined', { 'x-oss-meta-a': 'b', 'content-type': 'text/plain' })
  expect(id).toMatch(/^[0-9A-F]{32}$/)
  await put('joined', id, 5, c)
  await put('joined', id, 1, randomBytes(7))
  await put('joined', id, 1, a)
  const second = await put('joined', id, 3, b)
  expect(second.headers.etag).toBe(`"${etagOf(b)}"`)
  const reply = await complete('joined', id, [
    [1, `"${etagOf(a)}"`],
    [3, etagOf(b)],
    [5, etagOf(c).toLowerCase()],
  ])
  expect(reply.status).toBe(200)
  expect(textOf(reply.text, 'Key')).toBe('joined')
  const got = await ask(cloud, { method: 'GET', key: 'joined' })
  const whole = Buffer.concat([a, b, c])
  expect(got.body.equals(whole)).toBe(true)
  expect(got.headers).toMatchObject({
    'x-oss-object-type': 'Multipart',
    'x-oss-meta-a': 'b',
    'content-type': 'text/plain',
    etag: textOf(reply.text, 'ETag')?.replaceAll('&quot;', '"'),
  })
  await ask(cloud, { method: 'PUT', key: 'single' }, whole)
  const single = await ask(cloud, { method: 'HEAD', key: 'single' })
  expect(got.headers['x-oss-hash-crc64ecma']).toBe(single.headers['x-oss-hash-crc64ecma'])
  const across = { range: `bytes=${MIN - 2}-${2 * MIN + 2}` }
  const range = await ask(cloud, { method: 'GET', key: 'joined', headers: across })
  expect(range.body.equals(whole.subarray(MIN - 2, 2 * MIN + 3))).toBe(true)
})

it('reads ETags whose quotes are references, as Go writes them', async () => {
  const id = await initiate('quoted')
  const bytes = Buffer.from('x')
  await put('quoted', id, 1, bytes)
  expect((await complete('quoted', id, [[1, `&#34;${etagOf(bytes)}&#x22;`]])).status).toBe(200)
})

it('takes all parts when told so, and refuses a list beside that', async () => {
  const id = await initiate('all')
  await put('all', id, 2, Buffer.from('tail'))
  await put('all', id, 1, Buffer.alloc(MIN))
  const headers = { 'x-oss-complete-all': 'yes' }
  const both = await complete('all', id, [[1, etagOf(Buffer.alloc(MIN))]], headers)
  expect([both.status, both.code, both.ec]).toEqual([400, 'InvalidArgument', '0042-00000216'])
  const reply = await ask(cloud, { method: 'POST', key: 'all', query: { uploadId: id }, headers })
  expect(reply.status).toBe(200)
  expect((await ask(cloud, { method: 'HEAD', key: 'all' })).headers['content-length']).toBe(
    String(MIN + 4),
  )
})

describe('a completion that is wrong', () => {
  const small = Buffer.alloc(MIN - 1)
  const large = Buffer.alloc(MIN)
  let id = ''

  beforeEach(async () => {
    id = await initiate('wrong')
    await put('wrong', id, 1, large)
    await put('wrong', id, 2, small)
    await put('wrong', id, 3, large)
  })

  /** Sees that the upload completes with a small last part, once. */
  async function expectCompletion(): Promise<void> {
    const parts: [number, string][] = [
      [1, etagOf(large)],
      [2, etagOf(small)],
    ]
    expect((await complete('wrong', id, parts)).status).toBe(200)
    const again = await complete('wrong', id, [[1, etagOf(large)]])
    expect([again.status, again.code]).toEqual([404, 'NoSuchUpload'])
  }

  it.each([
    ['a part that was never sent', [[9, etagOf(large)]], 'InvalidPart'],
    ['another ETag', [[1, etagOf(small)]], 'InvalidPart'],
    [
      'parts out of order',
      [
        [3, etagOf(large)],
        [1, etagOf(large)],
      ],
      'InvalidPartOrder',
    ],
    [
      'a part twice',
      [
        [1, etagOf(large)],
        [1, etagOf(large)],
      ],
      'InvalidPartOrder',
    ],
    [
      'a small part before the last',
      [
        [2, etagOf(small)],
        [3, etagOf(large)],
      ],
      'EntityTooSmall',
    ],
  ] as [string, [number, string][], string][])('refuses %s', async (_, parts, code) => {
    const reply = await complete('wrong', id, parts)
    expect([reply.status, reply.code]).toEqual([400, code])
    await expectCompletion()
  })

  it.each([
    '',
    'no xml',
    '<a/>',
    '<CompleteMultipartUpload><Part/></CompleteMultipartUpload>',
    '<!DOCTYPE a [<!ENTITY b "c">]><CompleteMultipartUpload/>',
  ])('refuses the body %j', async (body) => {
    const draft = { method: 'POST', key: 'wrong', query: { uploadId: id } }
    const reply = await ask(cloud, draft, body)
    expect([reply.status, reply.code, reply.ec]).toEqual([400, 'MalformedXML', '0042-00000205'])
    await expectCompletion()
  })

  it('still completes with a small last part', expectCompletion)
})

it.each(['0', '10001', 'abc', '-1', '', 'NaN', '1.5'])('refuses part number %j', async (number) => {
  const id = await initiate('numbers')
  const reply = await put('numbers', id, number, Buffer.from('x'))
  expect([reply.status, reply.code]).toEqual([400, 'InvalidArgument'])
})

it('takes part numbers 1 and 10000', async () => {
  const id = await initiate('bounds')
  expect((await put('bounds', id, 1, Buffer.from('x'))).status).toBe(200)
  expect((await put('bounds', id, 10_000, Buffer.from('x'))).status).toBe(200)
})

it('knows an upload only by its key', async () => {
  const id = await initiate('mine')
  const reply = await put('yours', id, 1, Buffer.from('x'))
  expect([reply.status, reply.code]).toEqual([404, 'NoSuchUpload'])
})

it('lists parts page by page', async () => {
  const id = await initiate('listed')
  for (const n of [1, 2, 4, 7]) await put('listed', id, n, Buffer.from(`part ${n}`))
  const query = { uploadId: id, 'max-parts': '2', 'part-number-marker': '1' }
  const reply = await ask(cloud, { method: 'GET', key: 'listed', query })
  expect([...reply.text.matchAll(/<PartNumber>(\d+)/g)].map(([, n]) => n)).toEqual(['2', '4'])
  expect(textOf(reply.text, 'IsTruncated')).toBe('true')
  expect(textOf(reply.text, 'NextPartNumberMarker')).toBe('4')
  const rest = await ask(cloud, {
    method: 'GET',
    key: 'listed',
    query: { ...query, 'part-number-marker': '4' },
  })
  expect(textOf(rest.text, 'IsTruncated')).toBe('false')
  expect(textOf(rest.text, 'ETag')).toBe(`&quot;${etagOf(Buffer.from('part 7'))}&quot;`)
})

it.each([
  [{ 'max-parts': '1000' }, 200],
  [{ 'max-parts': '1001' }, 400],
  [{ 'max-parts': '0' }, 400],
  [{ 'part-number-marker': '-1' }, 400],
  [{ 'part-number-marker': 'abc' }, 400],
  [{ 'encoding-type': 'base64' }, 400],
])('judges a list of parts with %j by %d', async (query, status) => {
  const uploadId = await initiate('judged')
  const more = query as Record<string, string>
  const reply = await ask(cloud, {
    method: 'GET',
    key: 'judged',
    query: { uploadId, ...more },
  })
  const code = status === 400 ? 'InvalidArgument' : undefined
  expect([reply.status, reply.code]).toEqual([status, code])
})

it('encodes keys of uploads and parts when asked to', async () => {
  const key = 'a 报'
  const query = { 'encoding-type': 'url' }
  const begun = await ask(cloud, { method: 'POST', key, query: { uploads: '', ...query } })
  const uploadId = textOf(begun.text, 'UploadId') ?? ''
  await put(key, uploadId, 1, Buffer.from('x'))
  const listed = await ask(cloud, { method: 'GET', key, query: { uploadId, ...query } })
  const headers = { 'x-oss-complete-all': 'yes' }
  const done = await ask(cloud, { method: 'POST', key, query: { uploadId, ...query }, headers })
  const names = [begun, listed, done].map(({ text }) => textOf(text, 'Key'))
  expect(names).toEqual(Array(3).fill('a%20%E6%8A%A5'))
})

it('aborts, and then knows nothing of it', async () => {
  const id = await initiate('aborted')
  await put('aborted', id, 1, Buffer.from('x'))
  const draft = { key: 'aborted', query: { uploadId: id } }
  expect((await ask(cloud, { method: 'DELETE', ...draft })).status).toBe(204)
  expect((await ask(cloud, { method: 'DELETE', ...draft })).code).toBe('NoSuchUpload')
  expect((await ask(cloud, { method: 'GET', ...draft })).code).toBe('NoSuchUpload')
})

it.each([
  ['when it began', { 'x-oss-forbid-overwrite': 'true' }, {}],
  ['when it ends', {}, { 'x-oss-forbid-overwrite': 'true' }],
])('does not overwrite what it was told not to %s', async (_, first, last) => {
  const key = `once ${_}`
  const id = await initiate(key, first as Record<string, string>)
  const bytes = Buffer.from('x')
  await put(key, id, 1, bytes)
  await ask(cloud, { method: 'PUT', key }, 'there first')
  const reply = await complete(key, id, [[1, etagOf(bytes)]], last as Record<string, string>)
  expect([reply.status, reply.code]).toEqual([409, 'FileAlreadyExists'])
})
