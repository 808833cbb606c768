import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OSS from 'ali-oss'
import { Store } from '../../../local/oss/store/store'
import { ask, BUCKET, NOW, ROOT, startCloud, type TestCloud, textOf } from './cloud'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud()
})
afterAll(() => cloud.close())

const put = (key: string, body: Buffer | string, headers: Record<string, string> = {}) =>
  ask(cloud, { method: 'PUT', key, headers }, body)
const get = (key: string, query: Record<string, string> = {}) =>
  ask(cloud, { method: 'GET', key, query })
const all = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text)

// The published types lack these methods, or have them wrong.
type Administrator = Omit<OSS, 'listBuckets'> & {
  listBuckets: (query: object) => Promise<{ buckets: { name: string }[] }>
  putObjectTagging: (name: string, tags: Record<string, string>) => Promise<unknown>
  getObjectTagging: (name: string) => Promise<{ tag: Record<string, string> }>
}

describe('CopyObject', () => {
  const copy = (key: string, source: string, headers: Record<string, string> = {}) =>
    ask(cloud, { method: 'PUT', key, headers: { 'x-oss-copy-source': source, ...headers } })

  beforeAll(() =>
    put('src/报 告+1', 'hello', {
      'content-type': 'text/plain',
      'x-oss-meta-a': 'b',
      'x-oss-tagging': 'k=v',
      'x-oss-object-acl': 'public-read',
    }),
  )
  const SOURCE = `/${BUCKET}/src/%E6%8A%A5%20%E5%91%8A%2B1`

  it('copies bytes, headers and tags but not the ACL', async () => {
    const reply = await copy('dst', SOURCE)
    expect(reply.status).toBe(200)
    expect(textOf(reply.text, 'ETag')).toBe('&quot;5D41402ABC4B2A76B9719D911017C592&quot;')
    const got = await get('dst')
    expect([got.text, got.headers['x-oss-meta-a'], got.headers['x-oss-tagging-count']]).toEqual([
      'hello',
      'b',
      '1',
    ])
    expect(textOf((await get('dst', { acl: '' })).text, 'Grant')).toBe('default')
  })

  it('replaces headers and tags when told so', async () => {
    const directives = {
      'x-oss-metadata-directive': 'REPLACE',
      'x-oss-tagging-directive': 'Replace',
      'x-oss-meta-c': 'd',
      'content-type': 'a/b',
    }
    await copy('dst', SOURCE, directives)
    const { headers } = await get('dst')
    expect(headers).toMatchObject({ 'x-oss-meta-c': 'd', 'content-type': 'a/b' })
    expect([headers['x-oss-meta-a'], headers['x-oss-tagging-count']]).toEqual([
      undefined,
      undefined,
    ])
  })

  it('may copy an object onto itself, and leaves the copy when the source goes', async () => {
    await put('self', 'x')
    const headers = { 'x-oss-metadata-directive': 'REPLACE', 'x-oss-meta-n': 'new' }
    expect((await copy('self', `/${BUCKET}/self`, headers)).status).toBe(200)
    expect((await get('self')).headers['x-oss-meta-n']).toBe('new')
    await copy('other', `/${BUCKET}/self`)
    await ask(cloud, { method: 'DELETE', key: 'self' })
    expect((await get('other')).text).toBe('x')
  })

  const etag = '"5D41402ABC4B2A76B9719D911017C592"'
  it.each([
    [{ 'x-oss-copy-source-if-match': etag }, 200],
    [{ 'x-oss-copy-source-if-match': '"X"' }, 412],
    [{ 'x-oss-copy-source-if-none-match': etag }, 304],
    [{ 'x-oss-copy-source-if-unmodified-since': new Date(NOW - 1000).toUTCString() }, 412],
    [{ 'x-oss-copy-source-if-modified-since': new Date(NOW - 1000).toUTCString() }, 200],
  ])('answers %j by %d', async (headers, status) => {
    expect((await copy('conditional', SOURCE, headers as Record<string, string>)).status).toBe(
      status,
    )
  })

  it.each([
    [`/${BUCKET}/nothing`, 404, 'NoSuchKey'],
    ['/no-bucket/a', 404, 'NoSuchBucket'],
    ['nonsense', 400, 'InvalidArgument'],
    [`/${BUCKET}/`, 400, 'InvalidArgument'],
    [`/${BUCKET}/a?versionId=1`, 501, 'NotImplemented'],
    [`/${BUCKET}/%zz`, 400, 'InvalidURI'],
  ])('refuses the source %s', async (source, status, code) => {
    const reply = await copy('never', source)
    expect([reply.status, reply.code]).toEqual([status, code])
  })

  it.each(['x-oss-metadata-directive', 'x-oss-tagging-directive'])(
    'refuses another %s',
    async (name) => {
      expect((await copy('never', SOURCE, { [name]: 'maybe' })).code).toBe('InvalidArgument')
    },
  )

  it('does not overwrite what it was told not to', async () => {
    await put('kept', 'kept')
    const reply = await copy('kept', SOURCE, { 'x-oss-forbid-overwrite': 'true' })
    expect([reply.status, reply.code]).toEqual([409, 'FileAlreadyExists'])
  })

  it('makes parts of an upload', async () => {
    const bytes = randomBytes(250_000)
    await put('whole', bytes)
    const begun = await ask(cloud, { method: 'POST', key: 'joined', query: { uploads: '' } })
    const uploadId = textOf(begun.text, 'UploadId') ?? ''
    const ranges = ['bytes=0-149999', 'bytes=150000-249999']
    for (const [i, range] of ranges.entries()) {
      const headers = { 'x-oss-copy-source': `/${BUCKET}/whole`, 'x-oss-copy-source-range': range }
      const query = { uploadId, partNumber: String(i + 1) }
      expect((await ask(cloud, { method: 'PUT', key: 'joined', query, headers })).status).toBe(200)
    }
    for (const range of ['bytes=0-250000', 'bytes=5-4', 'bytes=-5', 'abc']) {
      const headers = { 'x-oss-copy-source': `/${BUCKET}/whole`, 'x-oss-copy-source-range': range }
      const query = { uploadId, partNumber: '3' }
      expect((await ask(cloud, { method: 'PUT', key: 'joined', query, headers })).code).toBe(
        'InvalidArgument',
      )
    }
    const headers = { 'x-oss-complete-all': 'yes' }
    await ask(cloud, { method: 'POST', key: 'joined', query: { uploadId }, headers })
    expect((await get('joined')).body.equals(bytes)).toBe(true)
  })
})

describe('AppendObject', () => {
  const append = (key: string, position: number | string, body: string, headers = {}) =>
    ask(
      cloud,
      { method: 'POST', key, query: { append: '', position: String(position) }, headers },
      body,
    )

  it('grows an object, from its own end only', async () => {
    const first = await append('log', 0, 'one,', {
      'content-type': 'text/csv',
      'x-oss-meta-a': 'b',
    })
    expect([first.status, first.headers['x-oss-next-append-position']]).toEqual([200, '4'])
    expect((await append('log', 4, 'two')).headers['x-oss-next-append-position']).toBe('7')
    const wrong = await append('log', 4, 'three')
    expect([wrong.status, wrong.code, wrong.headers['x-oss-next-append-position']]).toEqual([
      409,
      'PositionNotEqualToLength',
      '7',
    ])
    const got = await get('log')
    expect([got.text, got.headers['content-type'], got.headers['x-oss-object-type']]).toEqual([
      'one,two',
      'text/csv',
      'Appendable',
    ])
    await put('same', 'one,two')
    expect(got.headers['x-oss-hash-crc64ecma']).toBe(
      (await get('same')).headers['x-oss-hash-crc64ecma'],
    )
    const range = await ask(cloud, { method: 'GET', key: 'log', headers: { range: 'bytes=2-5' } })
    expect(range.text).toBe('e,tw')
  })

  it('lets one of two concurrent writers through', async () => {
    const replies = await Promise.all(['a', 'b', 'c'].map((body) => append('race', 0, body)))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    expect((await get('race')).body).toHaveLength(1)
  })

  it('refuses other objects and other positions', async () => {
    await put('normal', 'x')
    const reply = await append('normal', 1, 'y')
    expect([reply.status, reply.code]).toEqual([409, 'ObjectNotAppendable'])
    for (const position of ['-1', 'abc', '', 'NaN']) {
      expect((await append('fresh', position, 'y')).code).toBe('InvalidArgument')
    }
    expect((await append('fresh', 1, 'y')).code).toBe('PositionNotEqualToLength')
  })

  it('becomes a normal object when overwritten or copied', async () => {
    await append('grown', 0, 'x')
    const headers = { 'x-oss-copy-source': `/${BUCKET}/grown` }
    await ask(cloud, { method: 'PUT', key: 'copied', headers })
    expect((await get('copied')).headers['x-oss-object-type']).toBe('Normal')
    await put('grown', 'y')
    expect((await append('grown', 1, 'z')).code).toBe('ObjectNotAppendable')
  })
})

describe('DeleteMultipleObjects', () => {
  const remove = (keys: string[], more = '', query: Record<string, string> = {}) => {
    const objects = keys.map((key) => `<Object><Key>${key.replaceAll('&', '&amp;')}</Key></Object>`)
    const body = `<?xml version="1.0"?>\n<Delete>\n${more}${objects.join('\n')}</Delete>`
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') }
    return ask(cloud, { method: 'POST', key: '', query: { delete: '', ...query }, headers }, body)
  }

  it('deletes what is there and reports what was asked', async () => {
    for (const key of ['d/1', 'd/ 2 ', 'd/&3']) await put(key, 'x')
    const reply = await remove(['d/1', 'd/ 2 ', 'd/&3', 'd/nothing'], '<Quiet>false</Quiet>')
    expect(all(reply.text, 'Key')).toEqual(['d/1', 'd/ 2 ', 'd/&amp;3', 'd/nothing'])
    expect(all((await get('', { prefix: 'd/' })).text, 'Key')).toEqual([])
  })

  it('says nothing when asked to be quiet, and encodes when asked to', async () => {
    expect((await remove(['d/1'], '<Quiet>true</Quiet>')).text).toBe('')
    expect((await remove(['d/报'], '', { 'encoding-type': 'url' })).text).toContain(
      '<Key>d%2F%E6%8A%A5</Key>',
    )
  })

  it.each([
    ['1000 keys', Array.from({ length: 1000 }, (_, i) => `k${i}`), 200],
    ['1001 keys', Array.from({ length: 1001 }, (_, i) => `k${i}`), 400],
    ['no key', [], 400],
    ['an empty key', [''], 400],
  ])('judges %s', async (_, keys, status) => {
    expect((await remove(keys)).status).toBe(status)
  })

  it('needs its own root', async () => {
    const reply = await ask(cloud, { method: 'POST', key: '', query: { delete: '' } }, '<Remove/>')
    expect([reply.status, reply.code, reply.ec]).toEqual([400, 'MalformedXML', '0016-00000608'])
  })
})

describe('tags', () => {
  const query = { tagging: '' }
  const set = (tags: [string, string][]) => {
    const list = tags.map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
    const body = `<Tagging><TagSet>${list.join('')}</TagSet></Tagging>`
    return ask(cloud, { method: 'PUT', key: 'tagged', query }, body)
  }
  beforeAll(() => put('tagged', 'x', { 'x-oss-tagging': 'a=1&b%20c=%2B' }))

  it('come with the object and can be replaced and removed', async () => {
    expect(all((await get('tagged', query)).text, 'Key')).toEqual(['a', 'b c'])
    expect((await get('tagged')).headers['x-oss-tagging-count']).toBe('2')
    expect((await set([['k', 'v']])).status).toBe(200)
    expect(all((await get('tagged', query)).text, 'Value')).toEqual(['v'])
    expect((await ask(cloud, { method: 'DELETE', key: 'tagged', query })).status).toBe(204)
    expect((await get('tagged', query)).text).toContain('<TagSet></TagSet>')
    expect((await get('absent', query)).code).toBe('NoSuchKey')
  })

  it.each([
    ['ten', Array.from({ length: 10 }, (_, i): [string, string] => [`k${i}`, 'v']), 200],
    ['eleven', Array.from({ length: 11 }, (_, i): [string, string] => [`k${i}`, 'v']), 400],
    [
      'two of one name',
      [
        ['k', 'v'],
        ['k', 'w'],
      ],
      400,
    ],
    ['a key of 128', [['k'.repeat(128), '']], 200],
    ['a key of 129', [['k'.repeat(129), '']], 400],
    ['a value of 256', [['k', 'v'.repeat(256)]], 200],
    ['a value of 257', [['k', 'v'.repeat(257)]], 400],
    ['an odd character', [['k', '{}']], 400],
  ] as [string, [string, string][], number][])('are judged: %s', async (_, tags, status) => {
    expect((await set(tags)).status).toBe(status)
  })
})

describe('ACLs', () => {
  it('are shown as they were set', async () => {
    await put('acl', 'x', { 'x-oss-object-acl': 'private' })
    expect(textOf((await get('acl', { acl: '' })).text, 'Grant')).toBe('private')
    const headers = { 'x-oss-object-acl': 'public-read-write' }
    await ask(cloud, { method: 'PUT', key: 'acl', query: { acl: '' }, headers })
    const shown = await get('acl', { acl: '' })
    expect([textOf(shown.text, 'Grant'), textOf(shown.text, 'ID')]).toEqual([
      'public-read-write',
      cloud.account.id,
    ])
    expect(textOf((await get('', { acl: '' })).text, 'Grant')).toBe('private')
  })

  it.each([
    ['PUT', 'acl', { acl: '' }, { 'x-oss-object-acl': 'secret' }, 'InvalidArgument'],
    ['PUT', 'acl', { acl: '' }, {}, 'MissingArgument'],
    ['PUT', '', { acl: '' }, { 'x-oss-acl': 'default' }, 'InvalidArgument'],
    ['PUT', '', { acl: '' }, {}, 'MissingArgument'],
    ['PUT', 'new', {}, { 'x-oss-object-acl': 'secret' }, 'InvalidArgument'],
    ['PUT', 'new', {}, { 'x-oss-storage-class': 'Cheap' }, 'InvalidArgument'],
  ] as [string, string, Record<string, string>, Record<string, string>, string][])(
    'are refused: %s %j %j %j',
    async (method, key, query, headers, code) => {
      const reply = await ask(cloud, { method, key, query, headers })
      expect([reply.status, reply.code]).toEqual([400, code])
    },
  )
})

describe('buckets', () => {
  const bucket = 'made-here'
  const on = (method: string, query: Record<string, string> = {}, body = '') =>
    ask(cloud, { method, bucket, key: '', query }, body)

  it('are made, described, listed and deleted', async () => {
    const body =
      '<CreateBucketConfiguration><StorageClass>IA</StorageClass></CreateBucketConfiguration>'
    expect((await on('PUT', {}, body)).status).toBe(200)
    expect((await on('PUT')).status).toBe(200)
    expect((await on('HEAD')).status).toBe(200)
    const info = (await on('GET', { bucketInfo: '' })).text
    expect([textOf(info, 'Name'), textOf(info, 'StorageClass'), textOf(info, 'Location')]).toEqual([
      bucket,
      'IA',
      'oss-cn-hangzhou',
    ])
    expect(textOf((await on('GET', { location: '' })).text, 'LocationConstraint')).toBe(
      'oss-cn-hangzhou',
    )
    const list = (query: Record<string, string> = {}) =>
      ask(cloud, { method: 'GET', bucket: '', key: '', query })
    expect(all((await list({ prefix: 'made' })).text, 'Name')).toEqual([bucket])
    const page = await list({ 'max-keys': '1' })
    expect([all(page.text, 'Name'), textOf(page.text, 'NextMarker')]).toEqual([[BUCKET], BUCKET])
    expect(all((await list({ marker: BUCKET })).text, 'Name')).toEqual([bucket])
    await ask(cloud, { method: 'PUT', bucket, key: 'k' }, 'x')
    const full = await on('DELETE')
    expect([full.status, full.code]).toEqual([409, 'BucketNotEmpty'])
    await ask(cloud, { method: 'DELETE', bucket, key: 'k' })
    expect((await on('DELETE')).status).toBe(204)
    const gone = await on('GET', { bucketInfo: '' })
    expect([gone.status, gone.code, gone.ec]).toEqual([404, 'NoSuchBucket', '0015-00000101'])
    expect((await on('HEAD')).code).toBe('NoSuchBucket')
  })

  it.each([
    ['no XML', 'text', 'MalformedXML'],
    [
      'another class',
      '<CreateBucketConfiguration><StorageClass>X</StorageClass></CreateBucketConfiguration>',
      'InvalidArgument',
    ],
  ])('are refused with %s', async (_, body, code) => {
    expect((await on('PUT', {}, body)).code).toBe(code)
  })
})

describe('listings', () => {
  beforeAll(async () => {
    for (const key of ['l/a&b', 'l/b/1', 'l/b/2', 'l/报/1', 'l/😀', 'l/\uffee']) await put(key, 'x')
  })

  it('order by UTF-8 and escape', async () => {
    const { text } = await get('', { prefix: 'l/' })
    expect(all(text, 'Key')).toEqual(['l/a&amp;b', 'l/b/1', 'l/b/2', 'l/报/1', 'l/\uffee', 'l/😀'])
    expect(textOf(text, 'DisplayName')).toBe(cloud.account.id)
  })

  it('encode names when asked to', async () => {
    const query = { prefix: 'l/报', delimiter: '/', 'encoding-type': 'url', 'list-type': '2' }
    const { text } = await get('', query)
    expect(textOf(text, 'EncodingType')).toBe('url')
    expect(all(text, 'Prefix')).toEqual(['l%2F%E6%8A%A5', 'l%2F%E6%8A%A5%2F'])
    expect(textOf(text, 'Delimiter')).toBe('%2F')
  })

  it('name the owner in version 2 only when asked to', async () => {
    expect((await get('', { 'list-type': '2' })).text).not.toContain('<Owner>')
    expect((await get('', { 'list-type': '2', 'fetch-owner': 'true' })).text).toContain('<Owner>')
  })

  it.each([
    [{ 'max-keys': '1' }, 200],
    [{ 'max-keys': '1000' }, 200],
    [{ 'max-keys': '1001' }, 400],
    [{ 'max-keys': '0' }, 400],
    [{ 'max-keys': '-1' }, 400],
    [{ 'max-keys': 'abc' }, 400],
    [{ 'max-keys': 'NaN' }, 400],
    [{ 'encoding-type': 'base64' }, 400],
    [{ 'list-type': '3' }, 400],
    [{ 'list-type': '2', 'continuation-token': '%%%' }, 400],
    [{ 'list-type': '2', 'start-after': 'l/b' }, 200],
  ])('judge %j by %d', async (query, status) => {
    expect((await get('', query as Record<string, string>)).status).toBe(status)
  })
})

describe('ListMultipartUploads', () => {
  it('walks uploads by key and id, with prefix and delimiter', async () => {
    const ids: string[] = []
    for (const key of ['u/a', 'u/a', 'u/b/1', 'u/b/2', 'u/c']) {
      const begun = await ask(cloud, { method: 'POST', key, query: { uploads: '' } })
      ids.push(textOf(begun.text, 'UploadId') ?? '')
    }
    const page = (query: Record<string, string>) => get('', { uploads: '', prefix: 'u/', ...query })
    const first = await page({ 'max-uploads': '1' })
    const seen = [all(first.text, 'UploadId')]
    for (let text = first.text; textOf(text, 'IsTruncated') === 'true'; ) {
      const next = await page({
        'max-uploads': '1',
        'key-marker': textOf(text, 'NextKeyMarker') ?? '',
        'upload-id-marker': textOf(text, 'NextUploadIdMarker') ?? '',
      })
      text = next.text
      seen.push(all(text, 'UploadId'))
    }
    expect(seen.flat().sort()).toEqual(ids.sort())
    const folded = await page({ delimiter: '/' })
    expect(all(folded.text, 'Prefix')).toEqual(['u/', 'u/b/'])
    expect(all(folded.text, 'Key')).toEqual(['u/a', 'u/a', 'u/c'])
    const cut = await page({ delimiter: '/', 'max-uploads': '3' })
    const rest = await page({
      delimiter: '/',
      'key-marker': textOf(cut.text, 'NextKeyMarker') ?? '',
    })
    expect([all(rest.text, 'Prefix'), all(rest.text, 'Key')]).toEqual([['u/'], ['u/c']])
  })
})

it('completes an upload of 10,000 parts that came out of order', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'oss-parts-'))
  const first = await startCloud({ dataDir })
  const begun = await ask(first, { method: 'POST', key: 'k', query: { uploads: '' } })
  const uploadId = textOf(begun.text, 'UploadId') ?? ''
  await first.close()
  // A gigabyte of parts as the journal would have them, without the bytes.
  const store = new Store(dataDir)
  const etag = 'A'.repeat(32)
  for (let number = 10_000; number > 0; number -= 1) {
    const part = { number, blob: `b${number}`, size: 102_400, etag, crc64: '1', modifiedAt: NOW }
    store.commit({ type: 'part', bucket: BUCKET, uploadId, part })
  }
  await store.close()
  const second = await startCloud({ dataDir })
  const listed = await ask(second, { method: 'GET', key: 'k', query: { uploadId } })
  expect([all(listed.text, 'PartNumber').at(-1), textOf(listed.text, 'IsTruncated')]).toEqual([
    '1000',
    'true',
  ])
  const parts = Array.from(
    { length: 10_000 },
    (_, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>"${etag}"</ETag></Part>`,
  )
  const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
  const reply = await ask(second, { method: 'POST', key: 'k', query: { uploadId } }, body)
  expect(reply.status).toBe(200)
  const head = await ask(second, { method: 'HEAD', key: 'k' })
  expect(head.headers['content-length']).toBe(String(10_000 * 102_400))
  await second.close()
  rmSync(dataDir, { recursive: true })
})

it('is administered by ali-oss', async () => {
  const live = await startCloud({ now: Date.now })
  const oss: Administrator = new OSS({
    region: 'oss-cn-hangzhou',
    endpoint: live.url,
    sldEnable: true,
    bucket: BUCKET,
    accessKeyId: ROOT.id,
    accessKeySecret: ROOT.secret,
    authorizationV4: true,
  } as OSS.Options) as unknown as Administrator
  await oss.putBucket('by-client')
  expect((await oss.listBuckets({})).buckets.map(({ name }: { name: string }) => name)).toEqual([
    'by-client',
    BUCKET,
  ])
  expect((await oss.getBucketInfo('by-client')).bucket.Name).toBe('by-client')
  await oss.deleteBucket('by-client')
  await oss.putBucketCORS(BUCKET, [{ allowedOrigin: 'https://a.example', allowedMethod: 'GET' }])
  expect((await oss.getBucketCORS(BUCKET)).rules).toMatchObject([
    { allowedOrigin: 'https://a.example' },
  ])
  await oss.put('o', Buffer.from('hello'))
  await oss.copy('p', 'o')
  await oss.putACL('p', 'private')
  expect((await oss.getACL('p')).acl).toBe('private')
  await oss.putObjectTagging('p', { a: 'b' })
  expect((await oss.getObjectTagging('p')).tag).toEqual({ a: 'b' })
  expect((await oss.append('q', Buffer.from('x'))).nextAppendPosition).toBe('1')
  expect((await oss.deleteMulti(['o', 'p', 'q'])).deleted?.length).toBe(3)
  await live.close()
})
