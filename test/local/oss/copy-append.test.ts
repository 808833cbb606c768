import { randomBytes } from 'node:crypto'
import { ask, BUCKET, NOW, shareBucket, textOf } from './support/cloud'
import { outcome } from './support/schemes'

const { cloud, put, get } = shareBucket()

describe('CopyObject', () => {
  const copy = (key: string, source: string, headers: Record<string, string> = {}) =>
    ask(cloud(), { method: 'PUT', key, headers: { 'x-oss-copy-source': source, ...headers } })

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

  it('takes class and encryption from the request alone', async () => {
    const [kind, lock] = ['x-oss-storage-class', 'x-oss-server-side-encryption']
    await put('cold', 'x', { [kind]: 'IA', [lock]: 'AES256', 'x-oss-meta-a': 'b' })
    const source = `/${BUCKET}/cold`
    await copy('warm', source)
    const { headers } = await get('warm')
    expect([headers[kind], headers[lock], headers['x-oss-meta-a']]).toEqual([
      'Standard',
      undefined,
      'b',
    ])
    for (const directive of ['COPY', 'REPLACE']) {
      const own = { 'x-oss-metadata-directive': directive, [kind]: 'Archive', [lock]: 'SM4' }
      await copy('cold', source, own)
      expect((await get('cold')).headers).toMatchObject({ [kind]: 'Archive', [lock]: 'SM4' })
    }
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

  it('replaces tags alone when told so', async () => {
    const directive = { 'x-oss-tagging-directive': 'REPLACE', 'x-oss-tagging': 'x=y&z=' }
    await copy('tagged', SOURCE, directive)
    const { headers } = await get('tagged')
    expect([headers['x-oss-meta-a'], headers['x-oss-tagging-count']]).toEqual(['b', '2'])
  })

  it('may copy an object onto itself, and leaves the copy when the source goes', async () => {
    await put('self', 'x')
    const headers = { 'x-oss-metadata-directive': 'REPLACE', 'x-oss-meta-n': 'new' }
    expect((await copy('self', `/${BUCKET}/self`, headers)).status).toBe(200)
    expect((await get('self')).headers['x-oss-meta-n']).toBe('new')
    await copy('other', `/${BUCKET}/self`)
    await ask(cloud(), { method: 'DELETE', key: 'self' })
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
    await copy('conditional', SOURCE, headers as Record<string, string>)
    // A 304 has no body: only the log has its code.
    const codes: Record<number, string> = { 304: 'NotModified', 412: 'PreconditionFailed' }
    const { status: answered, code } = cloud().log.at(-1) ?? {}
    expect([answered, code]).toEqual([status, codes[status]])
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
    const begun = await ask(cloud(), { method: 'POST', key: 'joined', query: { uploads: '' } })
    const uploadId = textOf(begun.text, 'UploadId') ?? ''
    const ranges = ['bytes=0-149999', 'bytes=150000-']
    for (const [i, range] of ranges.entries()) {
      const headers = { 'x-oss-copy-source': `/${BUCKET}/whole`, 'x-oss-copy-source-range': range }
      const query = { uploadId, partNumber: String(i + 1) }
      const copied = await ask(cloud(), { method: 'PUT', key: 'joined', query, headers })
      expect(copied.status).toBe(200)
      expect(`&quot;${copied.headers.etag?.slice(1, -1)}&quot;`).toBe(textOf(copied.text, 'ETag'))
    }
    for (const range of ['bytes=0-250000', 'bytes=250000-', 'bytes=5-4', 'bytes=-5', 'abc']) {
      const headers = { 'x-oss-copy-source': `/${BUCKET}/whole`, 'x-oss-copy-source-range': range }
      const query = { uploadId, partNumber: '3' }
      expect((await ask(cloud(), { method: 'PUT', key: 'joined', query, headers })).code).toBe(
        'InvalidArgument',
      )
    }
    const headers = { 'x-oss-complete-all': 'yes' }
    await ask(cloud(), { method: 'POST', key: 'joined', query: { uploadId }, headers })
    expect((await get('joined')).body.equals(bytes)).toBe(true)
  })
})

describe('AppendObject', () => {
  const append = (key: string, position: number | string, body: string, headers = {}) =>
    ask(
      cloud(),
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
    const range = await ask(cloud(), { method: 'GET', key: 'log', headers: { range: 'bytes=2-5' } })
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
    expect(outcome(reply)).toEqual([409, 'ObjectNotAppendable', '0026-00000017'])
    expect(reply.message).toBe('The object is not appendable')
    for (const position of ['-1', 'abc', '', 'NaN']) {
      expect((await append('fresh', position, 'y')).code).toBe('InvalidArgument')
    }
    const early = await append('fresh', 1, 'y')
    expect(outcome(early)).toEqual([409, 'PositionNotEqualToLength', '0026-00000016'])
    expect(early.message).toBe('Position is not equal to file length')
    const none = await ask(cloud(), { method: 'POST', key: 'fresh', query: { append: '' } }, 'y')
    expect(outcome(none)).toEqual([400, 'MissingArgument', '0016-00000501'])
    expect((await get('fresh')).status).toBe(404)
  })

  it('becomes a normal object when overwritten or copied', async () => {
    await append('grown', 0, 'x')
    const headers = { 'x-oss-copy-source': `/${BUCKET}/grown` }
    await ask(cloud(), { method: 'PUT', key: 'copied', headers })
    expect((await get('copied')).headers['x-oss-object-type']).toBe('Normal')
    await put('grown', 'y')
    expect((await append('grown', 1, 'z')).code).toBe('ObjectNotAppendable')
  })
})
