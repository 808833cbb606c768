import { type LocalCloud, startLocalCloud } from '../../local/cloud'
import {
  ask,
  type Bytes,
  type FormAnswer,
  type Info,
  ownerClient,
  type Problem,
  random,
  sendForm,
  sendUrl,
  token,
  type UrlAnswer,
} from './client'

type Request = { method: string; url: string; headers: Record<string, string> }

const THANKS = 'https://www.example.com/thanks'

let cloud: LocalCloud
let old: LocalCloud
let info: Info
let alice: string

beforeAll(async () => {
  const options = { port: 0, quiet: true }
  const settings = { FORM_REDIRECTS: THANKS }
  cloud = await startLocalCloud({ ...options, rules: 'test/rules/large.ts', settings })
  const v1 = { SIGNATURE_VERSION: 'v1' }
  old = await startLocalCloud({ ...options, rules: 'test/rules/media.ts', settings: v1 })
  info = cloud.info
  alice = await token(info, 'alice')
}, 120_000)

afterAll(() => Promise.all([cloud.close(), old.close()]))

async function signed(wish: object, bearer = alice, at = info): Promise<UrlAnswer> {
  const answer = await ask<UrlAnswer>(at, '/signed-url', wish, bearer)
  expect(answer).toMatchObject({ status: 200 })
  return answer.body
}

async function send({ method, url, headers }: Request, body?: Bytes) {
  const answer = await fetch(url, { method, headers, ...(body && { body }) })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

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

describe('every binding of a PUT URL', () => {
  it('lets the upload through that it was signed for', async () => {
    const answer = await signed(PUT)
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
    const { 'content-length': _length, ...headers } = (await signed(PUT)).headers
    const answer = await signed(PUT)
    expect(await send(change({ ...answer, headers }), HELLO)).toMatchObject({ status: 403 })
  })

  it.each([
    ['one byte more', Buffer.from('hello!')],
    ['one byte less', Buffer.from('hell')],
  ])('refuses %s', async (_, file) => {
    const { 'content-length': _length, ...headers } = (await signed(PUT)).headers
    const answer = await signed(PUT)
    expect(await send({ ...answer, headers }, file)).toMatchObject({ status: 403 })
  })

  it('refuses the right length of other bytes, by their MD5', async () => {
    expect(await send(await signed(PUT), Buffer.from('hallo'))).toMatchObject({ status: 400 })
  })
})

describe('downloads', () => {
  async function store(name: string, contentType: string): Promise<string> {
    const key = `files/alice/${name}`
    await ownerClient(info).put(key, Buffer.from('0123456789'), { mime: contentType })
    return key
  }
  function get(key: string, more: object = {}): Promise<UrlAnswer> {
    return signed({ rule: 'files', operation: 'get', key, ...more })
  }

  it('come whole or in ranges, by the same URL', async () => {
    const answer = await get(await store('a.mp4', 'video/mp4'))
    expect(await send(answer)).toMatchObject({ status: 200, text: '0123456789' })
    const part = await send({ ...answer, headers: { range: 'bytes=2-4' } })
    expect(part).toMatchObject({ status: 206, text: '234' })
  })

  it('have a URL of their own for HEAD', async () => {
    const key = await store('b.mp4', 'video/mp4')
    const head = await signed({ rule: 'files', operation: 'head', key })
    expect((await send(head)).headers.get('content-length')).toBe('10')
    expect(await send({ ...head, method: 'GET' })).toMatchObject({ status: 403 })
    expect(await send({ ...(await get(key)), method: 'HEAD' })).toMatchObject({ status: 403 })
  })

  it('carry a name in any script', async () => {
    const key = await store('c.mp4', 'video/mp4')
    const answer = await get(key, { as: 'attachment', downloadName: '假期 "1"; a=b.mp4' })
    expect((await send(answer)).headers.get('content-disposition')).toBe(
      `attachment; filename="__ _1__ a_b.mp4"; filename*=UTF-8''%E5%81%87%E6%9C%9F%20%221%22%3B%20a%3Db.mp4`,
    )
  })

  it.each(['a\r\nSet-Cookie: b', 'gpj.\u202eexe', 'a/b'])(
    'refuse the name %j',
    async (downloadName) => {
      const wish = { rule: 'files', operation: 'get', key: 'files/alice/a.mp4', downloadName }
      const { body } = await ask<Problem>(info, '/signed-url', wish, alice)
      expect(body).toMatchObject({ status: 400, errors: [{ path: 'downloadName' }] })
    },
  )

  it('make a file of what a browser would run', async () => {
    const page = await send(await get(await store('page.html', 'text/html'), { as: 'inline' }))
    expect(page.headers.get('content-disposition')).toMatch(/^attachment/)
    const disguised = await send(await get(await store('page.png', 'text/html'), { as: 'inline' }))
    expect(disguised.headers.get('content-type')).toBe('image/png')
  })

  it('leave it to a rule that says how browsers take its objects', async () => {
    await ownerClient(info).put('videos/alice/a.html', Buffer.from('a'), { mime: 'text/html' })
    const wish = { rule: 'videos', operation: 'get', key: 'videos/alice/a.html' }
    const answer = await send(await signed(wish))
    expect(answer.headers.get('content-disposition')).toMatch(/^inline/)
  })

  it('sign an image style of the rule, and no other', async () => {
    const wish = { rule: 'files', operation: 'get', key: 'files/alice/a.png' }
    const { url } = await signed({ ...wish, process: 'style/thumb' })
    expect(new URL(url).searchParams.get('x-oss-process')).toBe('style/thumb')
    const answer = await ask<Problem>(info, '/signed-url', { ...wish, process: 'style/x' }, alice)
    expect(answer.body).toMatchObject({ status: 400, errors: [{ path: 'process' }] })
  })

  it('have the same URL again when it shall be stable, and it ends no later', async () => {
    const wish = { rule: 'files', operation: 'get', key: 'files/alice/a.mp4', stable: true }
    const answers = [await signed(wish), await signed(wish), await signed(wish)]
    expect(new Set(answers.map(({ url }) => url)).size).toBeLessThanOrEqual(2)
    for (const { url, expiresAt, serverTime } of answers) {
      const query = new URL(url).searchParams
      const seconds = (Date.parse(expiresAt) - Date.parse(serverTime)) / 1000
      expect(seconds).toBeGreaterThanOrEqual(450)
      expect(seconds).toBeLessThanOrEqual(900)
      expect(query.get('x-oss-expires')).toBe('900')
    }
  })
})

describe('forms', () => {
  const FORM = { rule: 'videos', contentType: 'video/mp4', contentLength: 5 }

  async function form(more: object): Promise<FormAnswer> {
    const answer = await ask<FormAnswer>(info, '/post-policy', { ...FORM, ...more }, alice)
    expect(answer).toMatchObject({ status: 200 })
    return answer.body
  }

  it.each([200, 201, 204])('sign the status %d', async (successStatus) => {
    const answer = await form({ filename: `${successStatus}.mp4`, successStatus })
    expect(answer.fields.success_action_status).toBe(String(successStatus))
    // OSS answers with the callback's words whatever the status, once there is a callback.
    expect(await sendForm(answer, HELLO)).toMatchObject({ status: 200 })
  })

  it('sign a redirect that the settings allow, and no other', async () => {
    const { fields } = await form({ filename: 'r.mp4', redirect: THANKS })
    expect(fields.success_action_redirect).toBe(THANKS)
    for (const redirect of [`${THANKS}/`, 'https://evil.example.com/', 'javascript:alert(1)', '']) {
      const wish = { ...FORM, filename: 'r.mp4', redirect }
      const { body } = await ask<Problem>(info, '/post-policy', wish, alice)
      expect(body).toMatchObject({ status: 400, errors: [{ path: 'redirect' }] })
    }
  })

  it.each([0, 202, '200', null])('refuse the status %j', async (successStatus) => {
    const wish = { ...FORM, filename: 'a.mp4', successStatus }
    const { body } = await ask<Problem>(info, '/post-policy', wish, alice)
    expect(body).toMatchObject({ status: 400, errors: [{ path: 'successStatus' }] })
  })

  it('put nothing of the file name on the wire into the key', async () => {
    const answer = await form({ filename: 'fixed.mp4' })
    const { body } = await sendForm(answer, HELLO, 'other $'.concat('{filename}.mp4'))
    expect(body.key).toBe('videos/alice/fixed.mp4')
  })

  it('refuse a name that OSS would take for its variable', async () => {
    const wish = { ...FORM, filename: '$'.concat('{filename}.mp4') }
    const { body } = await ask<Problem>(info, '/post-policy', wish, alice)
    expect(body).toMatchObject({ status: 400, code: 'invalid_key' })
  })
})

describe('signature version 1', () => {
  let bearer: string
  const wish = { rule: 'media', filename: 'old.txt', contentType: 'text/plain', contentLength: 5 }

  beforeAll(async () => {
    bearer = await token(old.info, 'alice', { plan: 'pro' })
  })

  it('puts, gets and heads by URL, and is proven', async () => {
    const put = await signed({ ...wish, operation: 'put' }, bearer, old.info)
    expect(put.url).toMatch(/[?&]OSSAccessKeyId=/)
    expect(await sendUrl(put, HELLO)).toMatchObject({
      status: 200,
      body: { status: 'ok', size: 5 },
    })
    const get = { rule: 'media', operation: 'get', key: put.key }
    const more = { as: 'attachment', downloadName: '报告.txt' }
    const got = await send(await signed({ ...get, ...more }, bearer, old.info))
    expect(got).toMatchObject({ status: 200, text: 'hello' })
    const head = await signed({ ...get, operation: 'head' }, bearer, old.info)
    expect(await send(head)).toMatchObject({ status: 200 })
  })

  it('posts by form, and is proven', async () => {
    const answer = await ask<FormAnswer>(old.info, '/post-policy', wish, bearer)
    expect(Object.keys(answer.body.fields)).toEqual(
      expect.arrayContaining(['OSSAccessKeyId', 'Signature', 'policy']),
    )
    expect(await sendForm(answer.body, HELLO)).toMatchObject({
      status: 200,
      body: { status: 'ok' },
    })
  })

  it('refuses a changed URL', async () => {
    const put = await signed({ ...wish, operation: 'put' }, bearer, old.info)
    const changed = { ...put, url: put.url.replace('/media/', '/media/x') }
    expect(await send(changed, random(5))).toMatchObject({ status: 403 })
  })
})
