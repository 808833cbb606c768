import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { ask, BUCKET, NOW, ROOT, startCloud, type TestCloud } from './support/cloud'
import { headerV4 } from './support/sign'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud({ cnames: { 'files.example.com': BUCKET } })
})
afterAll(() => cloud.close())

const md5 = (text: string) => createHash('md5').update(text).digest('base64')

describe('PutObject and what comes back', () => {
  it('answers ETag, Content-MD5 and CRC-64', async () => {
    const reply = await ask(cloud, { method: 'PUT', key: 'a' }, 'hello')
    expect(reply.status).toBe(200)
    expect(reply.headers).toMatchObject({
      server: 'AliyunOSS',
      etag: '"5D41402ABC4B2A76B9719D911017C592"',
      'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==',
      'x-oss-hash-crc64ecma': '11177612005948864433',
      'x-oss-request-id': expect.stringMatching(/^[0-9A-F]{24}$/),
      'x-oss-server-time': expect.stringMatching(/^\d+$/),
    })
  })

  it('returns the stored headers and metadata, UTF-8 included', async () => {
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'max-age=5',
      'content-disposition': 'attachment; filename="a.txt"',
      'content-encoding': 'identity',
      'content-language': 'de',
      expires: 'Wed, 08 Jul 2030 16:57:01 GMT',
      'x-oss-meta-colour': 'blue',
      'x-oss-storage-class': 'IA',
    }
    await ask(cloud, { method: 'PUT', key: 'meta', headers }, 'x')
    const reply = await ask(cloud, { method: 'GET', key: 'meta' })
    expect(reply.headers).toMatchObject(headers)
    expect(reply.headers['x-oss-object-type']).toBe('Normal')
    expect(reply.headers['last-modified']).toBe(new Date(NOW).toUTCString())
  })

  it('refuses a wrong Content-MD5 and keeps nothing', async () => {
    const headers = { 'content-md5': md5('other') }
    const reply = await ask(cloud, { method: 'PUT', key: 'digest', headers }, 'hello')
    expect([reply.status, reply.code]).toEqual([400, 'InvalidDigest'])
    expect((await ask(cloud, { method: 'GET', key: 'digest' })).code).toBe('NoSuchKey')
    const right = { 'content-md5': md5('hello') }
    expect(
      (await ask(cloud, { method: 'PUT', key: 'digest', headers: right }, 'hello')).status,
    ).toBe(200)
  })

  it('does not overwrite what it was told not to', async () => {
    const headers = { 'x-oss-forbid-overwrite': 'true' }
    expect((await ask(cloud, { method: 'PUT', key: 'once', headers }, '1')).status).toBe(200)
    const reply = await ask(cloud, { method: 'PUT', key: 'once', headers }, '2')
    expect([reply.status, reply.code]).toEqual([409, 'FileAlreadyExists'])
    expect((await ask(cloud, { method: 'GET', key: 'once' })).text).toBe('1')
    expect((await ask(cloud, { method: 'PUT', key: 'once' }, '3')).status).toBe(200)
  })

  it('lets one of many concurrent writers through when none may overwrite', async () => {
    const headers = { 'x-oss-forbid-overwrite': 'true' }
    const draft = { method: 'PUT', key: 'race', headers }
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, i) => ask(cloud, draft, `writer ${i}`)),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(replies.filter(({ code }) => code === 'FileAlreadyExists')).toHaveLength(19)
  })

  it('refuses a body without a length', async () => {
    const signed = headerV4({ method: 'PUT', bucket: BUCKET, key: 'nolength' }, ROOT, NOW)
    const [status, text] = await new Promise<[number | undefined, string]>((resolve, reject) => {
      const outgoing = request({ port: cloud.port, host: '127.0.0.1', ...signed })
      outgoing.removeHeader('transfer-encoding')
      outgoing.useChunkedEncodingByDefault = false
      outgoing
        .once('error', reject)
        .once('response', (response) => {
          let body = ''
          response.on('data', (chunk) => {
            body += chunk
          })
          response.once('end', () => resolve([response.statusCode, body]))
        })
        .end()
    })
    expect(status).toBe(411)
    expect(text).toContain('<Code>MissingContentLength</Code>')
  })

  it('takes a chunked body', async () => {
    const signed = headerV4({ method: 'PUT', bucket: BUCKET, key: 'chunked' }, ROOT, NOW)
    const status = await new Promise((resolve, reject) => {
      const outgoing = request({ port: cloud.port, host: '127.0.0.1', ...signed })
      outgoing.once('error', reject).once('response', (r) => resolve(r.resume().statusCode))
      outgoing.write('hel')
      outgoing.end('lo')
    })
    expect(status).toBe(200)
    expect((await ask(cloud, { method: 'GET', key: 'chunked' })).text).toBe('hello')
  })

  it.each([
    ['of 8 KB', 8192 - 'x-oss-meta-a'.length, 200],
    ['of 8 KB and one byte', 8193 - 'x-oss-meta-a'.length, 400],
  ])('judges metadata %s', async (_, length, status) => {
    const headers = { 'x-oss-meta-a': 'v'.repeat(length) }
    const reply = await ask(cloud, { method: 'PUT', key: 'bigmeta', headers }, '')
    expect(reply.status).toBe(status)
    if (status === 400) expect(reply.code).toBe('InvalidArgument')
  })

  it.each([
    ['1023 bytes', 'k'.repeat(1023), 200],
    ['1024 bytes', 'k'.repeat(1024), 400],
    ['1024 bytes of Chinese', `${'报'.repeat(341)}k`, 400],
    ['a leading slash', '/k', 400],
    ['a leading backslash', '\\k', 400],
    ['dots', '../../etc/passwd', 200],
  ])('judges a key of %s', async (_, key, status) => {
    const reply = await ask(cloud, { method: 'PUT', key }, 'x')
    expect(reply.status).toBe(status)
    if (status === 400) expect(reply.code).toBe('InvalidObjectName')
  })

  it('stores zero bytes and says so', async () => {
    await ask(cloud, { method: 'PUT', key: 'empty' }, '')
    const reply = await ask(cloud, { method: 'GET', key: 'empty' })
    expect([reply.status, reply.body.length]).toEqual([200, 0])
    expect(reply.headers['content-length']).toBe('0')
    expect(reply.headers.etag).toBe('"D41D8CD98F00B204E9800998ECF8427E"')
  })
})

describe('GetObject and HeadObject', () => {
  beforeAll(() => ask(cloud, { method: 'PUT', key: 'digits' }, '0123456789'))

  const standard = { 'x-oss-range-behavior': 'standard' }
  it.each([
    ['bytes=2-4', {}, 206, '234', 'bytes 2-4/10'],
    ['bytes=2-', {}, 206, '23456789', 'bytes 2-9/10'],
    ['bytes=-3', {}, 206, '789', 'bytes 7-9/10'],
    ['bytes=0-0', {}, 206, '0', 'bytes 0-0/10'],
    ['bytes=5-10', {}, 200, '0123456789', undefined],
    ['bytes=5-10', standard, 206, '56789', 'bytes 5-9/10'],
    ['bytes=10-', {}, 200, '0123456789', undefined],
    ['bytes=-11', standard, 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=4-2', {}, 200, '0123456789', undefined],
    ['items=0-1', {}, 200, '0123456789', undefined],
    ['bytes=abc', {}, 200, '0123456789', undefined],
    ['bytes=1-2,5-6', {}, 206, '12', 'bytes 1-2/10'],
  ] as const)('answers the range %s with %j by %d', async (range, more, status, body, content) => {
    const reply = await ask(cloud, { method: 'GET', key: 'digits', headers: { range, ...more } })
    expect([reply.status, reply.text, reply.headers['content-range']]).toEqual([
      status,
      body,
      content,
    ])
  })

  it('refuses a range beyond the object when asked to be standard', async () => {
    const headers = { range: 'bytes=10-', ...standard }
    const reply = await ask(cloud, { method: 'GET', key: 'digits', headers })
    expect([reply.status, reply.code]).toEqual([416, 'InvalidRange'])
  })

  const etag = '"781E5E245D69B566979B86E28D23F2C7"'
  it.each([
    [{ 'if-none-match': etag }, 304],
    [{ 'if-none-match': '"OTHER"' }, 200],
    [{ 'if-match': etag }, 200],
    [{ 'if-match': '"OTHER"' }, 412],
    [{ 'if-modified-since': new Date(NOW).toUTCString() }, 304],
    [{ 'if-modified-since': new Date(NOW - 1000).toUTCString() }, 200],
    [{ 'if-unmodified-since': new Date(NOW).toUTCString() }, 200],
    [{ 'if-unmodified-since': new Date(NOW - 1000).toUTCString() }, 412],
    [{ 'if-modified-since': 'yesterday' }, 200],
  ])('answers %j by %d', async (headers, status) => {
    const requestHeaders = headers as Record<string, string>
    const reply = await ask(cloud, { method: 'GET', key: 'digits', headers: requestHeaders })
    const code = status === 412 ? 'PreconditionFailed' : undefined
    const message = code && 'Precondition Failed'
    expect([reply.status, reply.code, reply.message]).toEqual([status, code, message])
    const head = await ask(cloud, { method: 'HEAD', key: 'digits', headers: requestHeaders })
    expect([head.status, head.code]).toEqual([status, code])
  })

  it('hides the error of a HEAD in x-oss-err', async () => {
    const reply = await ask(cloud, { method: 'HEAD', key: 'absent' })
    expect([reply.status, reply.code, reply.ec]).toEqual([404, 'NoSuchKey', '0026-00000001'])
    expect(reply.headers['x-oss-ec']).toBe('0026-00000001')
    expect(reply.body).toHaveLength(0)
  })

  it('answers GetObjectMeta with a few headers', async () => {
    const reply = await ask(cloud, { method: 'HEAD', key: 'digits', query: { objectMeta: '' } })
    expect(reply.headers['content-length']).toBe('10')
    expect(reply.headers['x-oss-object-type']).toBeUndefined()
  })

  it('deletes, also what is not there', async () => {
    await ask(cloud, { method: 'PUT', key: 'deleted' }, 'x')
    expect((await ask(cloud, { method: 'DELETE', key: 'deleted' })).status).toBe(204)
    expect((await ask(cloud, { method: 'GET', key: 'deleted' })).code).toBe('NoSuchKey')
    expect((await ask(cloud, { method: 'DELETE', key: 'deleted' })).status).toBe(204)
  })
})
