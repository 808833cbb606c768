import { elementOf, fromOss, fromProblem, toUploaded } from '../../client/answers'
import { shareLargeFiles } from '../e2e/support/large'
import { clientFor, errorOf, fileOf } from './support/client'

const cloud = shareLargeFiles()
const answer = (status: number, text = '', headers = {}) => ({ status, headers, text })
const xml = (code: string, message = 'm') =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>r</RequestId></Error>`

describe('a problem document', () => {
  const problem = { code: 'too_many_requests', detail: 'Later.', requestId: 'r' }

  it('becomes an error with its code, its sentence and when to come again', () => {
    const error = fromProblem(answer(429, JSON.stringify(problem), { 'retry-after': '7' }))
    expect(error).toMatchObject({ code: 'too_many_requests', message: 'Later.', status: 429 })
    expect(error).toMatchObject({ retryable: true, retryAfter: 7, requestId: 'r' })
  })

  it.each([
    [400, 'refused', false],
    [404, 'refused', false],
    [408, 'refused', true],
    [499, 'refused', false],
    [500, 'unavailable', true],
    [503, 'unavailable', true],
  ])('may be missing: %i is then %s', (status, code, retryable) => {
    for (const text of ['', '<html>', 'null', '[]', '"a"']) {
      const error = fromProblem(answer(status, text))
      expect(error).toMatchObject({ code, retryable, message: `The server answered ${status}.` })
    }
  })

  it.each([{ errors: {} }, { errors: [null] }, { errors: 'many' }, { code: 403 }])(
    'may be one of another server: %j',
    (other) => {
      const error = fromProblem(answer(403, JSON.stringify(other)))
      expect(error).toMatchObject({ code: 'refused', message: 'The server answered 403.' })
    },
  )

  it.each(['abc', '-', 'Wed, 21 Oct 2026 07:28:00 GMT'])(
    'may have another Retry-After: %s',
    (text) => {
      expect(fromProblem(answer(503, '', { 'retry-after': text }))).not.toHaveProperty('retryAfter')
    },
  )
})

describe("OSS's error", () => {
  it.each([
    [403, 'AccessDenied', 'refused', false],
    [404, 'NoSuchKey', 'not_found', false],
    [404, 'NoSuchUpload', 'upload_not_found', false],
    [409, 'FileAlreadyExists', 'already_exists', false],
    [400, 'RequestTimeout', 'refused', true],
    [500, 'InternalError', 'unavailable', true],
    [503, 'ServiceUnavailable', 'unavailable', true],
  ])('%i %s is %s', (status, ossCode, code, retryable) => {
    const error = fromOss(answer(status, xml(ossCode)))
    expect(error).toMatchObject({ code, retryable, status, message: 'm' })
    expect(error.oss).toEqual({ code: ossCode, message: 'm', requestId: 'r' })
  })

  it('has its more exact code', () => {
    const text = xml('AccessDenied').replace('</Message>', '</Message><EC>0003-00000001</EC>')
    expect(fromOss(answer(403, text)).oss).toMatchObject({ ec: '0003-00000001' })
  })

  it('is worth a fresh URL where the URL has expired', () => {
    const error = fromOss(answer(403, xml('AccessDenied', 'Request has expired.')))
    expect(error).toMatchObject({ code: 'url_expired', retryable: true })
  })

  it('has a sentence and no XML where it is not one of OSS', () => {
    const error = fromOss(answer(502, '<html><h1>Bad gateway</h1></html>'))
    expect(error).toMatchObject({ code: 'unavailable', message: 'The server answered 502.' })
    expect(error.oss).toBeUndefined()
  })

  it('is that of the local OSS', async () => {
    const client = clientFor(cloud())
    await client.upload(fileOf(5, 'one.txt'), { rule: 'files' }).done
    const error = await errorOf(client.upload(fileOf(5, 'one.txt'), { rule: 'files' }).done)
    expect(error).toMatchObject({ code: 'already_exists', status: 409 })
    expect(error.oss).toEqual({
      code: 'FileAlreadyExists',
      message: expect.not.stringContaining('<'),
      requestId: expect.any(String),
    })
  })
})

describe('the answer to an upload', () => {
  const file = { key: 'a/b', size: 5 }
  const proof = { status: 'ok', key: 'a/b', size: 5, etag: 'E', contentType: 'text/plain' }

  it('proves it', () => {
    expect(toUploaded(answer(200, JSON.stringify(proof)), file)).toEqual({
      ...{ ...file, etag: 'E', proven: true },
    })
  })

  it.each([
    ['of OSS itself', ''],
    ['of another file', JSON.stringify({ ...proof, key: 'a/c' })],
    ['of another callback', JSON.stringify({ ...proof, status: 'no' })],
    ['null', 'null'],
  ])('does not prove it where it is that %s', (_, text) => {
    const uploaded = toUploaded(answer(200, text, { etag: '"F"' }), file)
    expect(uploaded).toMatchObject({ ...file, etag: 'F', proven: false })
    expect(uploaded.reason).toMatchObject({ code: 'callback_rejected', retryable: false })
  })

  it.each([
    ['403', 'callback_rejected', 'the callback failed'],
    ['413', 'upload_size_rejected', 'its size was not granted'],
    ['415', 'upload_type_rejected', 'its type was not granted'],
    ['422', 'upload_name_rejected', 'its name was not granted'],
    ['502', 'callback_rejected', 'the callback failed'],
  ])('says why a 203 is not proven: %s', (status, code, why) => {
    const text = xml('CallbackFailed', `Error status : ${status}.`)
    expect(toUploaded(answer(203, text, { etag: '"F"' }), file)).toMatchObject({
      ...{ ...file, etag: 'F', proven: false },
      reason: { code, message: `The file is stored, but not proven: ${why}.`, status: 203 },
    })
  })

  it('throws what is an error', () => {
    expect(() => toUploaded(answer(503, xml('ServiceUnavailable')), file)).toThrow('m')
    expect(() => toUploaded(answer(300), file)).toThrow('The server answered 300.')
  })
})

it.each([
  ['a &lt;b&gt; &quot;c&quot; &apos;d&apos; &amp;amp;', 'a <b> "c" \'d\' &amp;'],
  ['&#34;&#x27;&#x62A5;&#x1F600;', '"\'报😀'],
  ['a & b', 'a & b'],
])('reads %s in XML', (escaped, text) => {
  expect(elementOf(`<a><Key>${escaped}</Key></a>`, 'Key')).toBe(text)
})
