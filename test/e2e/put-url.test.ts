import { type Bytes, sendUrl } from './support/client'
import { type Request, send, shareLargeFiles, signed } from './support/large'

const PUT = {
  rule: 'clips',
  operation: 'put',
  filename: 'a.mp4',
  contentType: 'video/mp4',
  contentLength: 5,
  contentMd5: 'XUFAKrxLKna5cZ2REBfFkg==',
  metadata: { title: 'Holiday' },
}
const HELLO: Bytes = Buffer.from('hello')
const cloud = shareLargeFiles()

describe('every binding of a PUT URL', () => {
  it('lets the upload through that it was signed for', async () => {
    const answer = await signed(cloud(), PUT)
    expect(answer.headers).toEqual({
      'cache-control': 'max-age=60',
      'content-length': '5',
      'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==',
      'content-type': 'video/mp4',
      'x-oss-forbid-overwrite': 'true',
      'x-oss-meta-title': 'Holiday',
      'x-oss-object-acl': 'private',
      'x-oss-storage-class': 'Standard',
    })
    const { status, body } = await sendUrl(answer, HELLO)
    expect({ status, body }).toMatchObject({ status: 200, body: { key: answer.key, size: 5 } })
    const again = await send(answer, HELLO)
    expect(again).toMatchObject({ status: 409, text: expect.stringContaining('FileAlreadyExists') })
  })

  function header(name: string, value: string | undefined) {
    return (request: Request): Request => {
      const { [name]: _, ...headers } = request.headers
      return { ...request, headers: value === undefined ? headers : { ...headers, [name]: value } }
    }
  }
  function url(pattern: RegExp, replacement: string) {
    return (request: Request): Request => ({
      ...request,
      url: request.url.replace(pattern, replacement),
    })
  }

  it.each<[string, (request: Request) => Request]>([
    ['another verb', (request) => ({ ...request, method: 'POST' })],
    ['another key', url(/\/clips\//, '/clips/x')],
    ['another type', header('content-type', 'text/html')],
    ['no type', header('content-type', undefined)],
    ['another MD5', header('content-md5', 'XUFAKrxLKna5cZ2REBfFkQ==')],
    ['no MD5', header('content-md5', undefined)],
    ['other metadata', header('x-oss-meta-title', 'Work')],
    ['more metadata', header('x-oss-meta-more', '1')],
    ['a public ACL', header('x-oss-object-acl', 'public-read')],
    ['no ACL', header('x-oss-object-acl', undefined)],
    ['overwriting', header('x-oss-forbid-overwrite', undefined)],
    ['other caching', header('cache-control', 'max-age=999999')],
    ['another storage class', header('x-oss-storage-class', 'Archive')],
    ['an added parameter', url(/$/, '&x-oss-process=style/a')],
    ['an unknown parameter', url(/$/, '&a=b')],
    ['no callback', url(/callback=[^&]*&/, '')],
    ['another callback variable', url(/callback-var=./, 'callback-var=f')],
    ['a longer life', url(/x-oss-expires=\d+/, 'x-oss-expires=604800')],
    ['a later date', url(/x-oss-date=20/, 'x-oss-date=21')],
    ['a flipped signature', url(/x-oss-signature=./, 'x-oss-signature=g')],
  ])('refuses %s', async (_, change) => {
    const { 'content-length': _length, ...headers } = (await signed(cloud(), PUT)).headers
    const answer = await signed(cloud(), PUT)
    expect(await send(change({ ...answer, headers }), HELLO)).toMatchObject({ status: 403 })
  })

  it.each([
    ['one byte more', Buffer.from('hello!')],
    ['one byte less', Buffer.from('hell')],
  ])('refuses %s', async (_, file) => {
    const { 'content-length': _length, ...headers } = (await signed(cloud(), PUT)).headers
    const answer = await signed(cloud(), PUT)
    expect(await send({ ...answer, headers }, file)).toMatchObject({ status: 403 })
  })

  const OPEN = { rule: 'files', operation: 'put', contentType: 'text/plain', contentLength: 5 }

  it.each([
    ['cache-control', 'max-age=999999'],
    ['content-disposition', 'attachment'],
    ['content-encoding', 'gzip'],
    ['content-language', 'de'],
    ['expires', 'Thu, 01 Jan 2099 00:00:00 GMT'],
  ])(
    'leaves %s open where the rule does, so that its upload is not proven',
    async (name, value) => {
      const answer = await signed(cloud(), { ...OPEN, filename: name })
      expect(await send(header(name, value)(answer), HELLO)).toMatchObject({ status: 203 })
    },
  )

  it.each([
    'x-oss-server-side-encryption',
    'x-oss-tagging',
    'x-oss-meta-a',
    'x-oss-callback',
    'content-md5',
  ])('leaves no %s open, where the rule says nothing of it', async (name) => {
    const answer = await signed(cloud(), { ...OPEN, filename: name })
    const value = name === 'content-md5' ? PUT.contentMd5 : 'AES256'
    expect(await send(header(name, value)(answer), HELLO)).toMatchObject({ status: 403 })
  })

  it('refuses the right length of other bytes, by their MD5', async () => {
    expect(await send(await signed(cloud(), PUT), Buffer.from('hallo'))).toMatchObject({
      status: 400,
    })
  })
})
