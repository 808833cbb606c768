import {
  ask,
  ownerClient,
  type StsAnswer,
  stsClient,
  token,
  type UrlAnswer,
} from './support/client'
import { refused, send, shareLargeFiles, signed } from './support/large'

const cloud = shareLargeFiles()

describe('downloads', () => {
  async function store(name: string, contentType: string): Promise<string> {
    const key = `files/alice/${name}`
    await ownerClient(cloud()).put(key, Buffer.from('0123456789'), { mime: contentType })
    return key
  }
  function get(key: string, more: object = {}): Promise<UrlAnswer> {
    return signed(cloud(), { rule: 'files', operation: 'get', key, ...more })
  }

  it('come whole or in ranges, by the same URL', async () => {
    const answer = await get(await store('a.mp4', 'video/mp4'))
    expect(await send(answer)).toMatchObject({ status: 200, text: '0123456789' })
    const part = await send({ ...answer, headers: { range: 'bytes=2-4' } })
    expect(part).toMatchObject({ status: 206, text: '234' })
  })

  it('have a URL of their own for HEAD', async () => {
    const key = await store('b.mp4', 'video/mp4')
    const head = await signed(cloud(), { rule: 'files', operation: 'head', key })
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
      const request = { rule: 'files', operation: 'get', key: 'files/alice/a.mp4', downloadName }
      expect(await refused(cloud(), request)).toMatchObject({
        status: 400,
        errors: [{ path: 'downloadName' }],
      })
    },
  )

  it('make a file of what a browser would run', async () => {
    const page = await send(await get(await store('page.html', 'text/html'), { as: 'inline' }))
    expect(page.headers.get('content-disposition')).toMatch(/^attachment/)
    const disguised = await send(await get(await store('page.png', 'text/html'), { as: 'inline' }))
    expect(disguised.headers.get('content-disposition')).toMatch(/^attachment/)
  })

  it('make a file of what STS credentials may have stored under another type than the rule’s', async () => {
    const issued = await ask<StsAnswer>(
      cloud(),
      '/sts',
      { rule: 'lent', access: 'write' },
      await token(cloud(), 'alice'),
    )
    const key = `${issued.body.prefix}a.mp4`
    await stsClient(issued.body).put(key, Buffer.from('<script>'), { mime: 'text/html' })
    const request = { rule: 'lent', operation: 'get', key }
    for (const as of [undefined, 'inline']) {
      const page = await send(await signed(cloud(), { ...request, as }))
      expect(page.headers.get('content-type')).toBe('text/html')
      expect(page.headers.get('content-disposition')).toMatch(/^attachment/)
    }
  })

  it('are shown where every mechanism binds a type that can do no harm', async () => {
    await ownerClient(cloud()).put('bound/alice/a.mp4', Buffer.from('a'), { mime: 'video/mp4' })
    const request = { rule: 'bound', operation: 'get', key: 'bound/alice/a.mp4' }
    const shown = await send(await signed(cloud(), { ...request, as: 'inline' }))
    expect(shown.headers.get('content-disposition')).toMatch(/^inline/)
    const plain = await send(await signed(cloud(), request))
    expect(plain.headers.get('content-disposition')).toBe('inline; filename="a.mp4"')
    const named = await send(await signed(cloud(), { ...request, downloadName: 'b.mp4' }))
    expect(named.headers.get('content-disposition')).toBe('attachment; filename="b.mp4"')
  })

  it.each(['text/xsl', 'application/unknown', 'unknown/unknown', 'image/svg+xml', 'video/x+xml'])(
    'make a file of %s, which browsers run, whatever is stored with it and with a style too',
    async (mime) => {
      const key = 'files/alice/odd'
      const headers = { 'content-disposition': 'inline' }
      await ownerClient(cloud()).put(key, Buffer.from('<a/>'), { mime, headers })
      for (const change of [{}, { as: 'inline' }]) {
        expect((await send(await get(key, change))).headers.get('content-disposition')).toBe(
          'attachment; filename="odd"',
        )
      }
      const { url } = await get(key, { as: 'inline', process: 'style/thumb' })
      expect(new URL(url).searchParams.get('response-content-disposition')).toMatch(/^attachment/)
    },
  )

  it('come as the file that is stored with them where the rule says so', async () => {
    const key = 'kept/alice/a.txt'
    await ownerClient(cloud()).put(key, Buffer.from('a'), { mime: 'text/plain' })
    const request = { rule: 'kept', operation: 'get', key }
    const plain = await send(await signed(cloud(), request))
    expect(plain.headers.get('content-disposition')).toBe('attachment; filename="a.txt"')
    const shown = await send(await signed(cloud(), { ...request, as: 'inline' }))
    expect(shown.headers.get('content-disposition')).toBe('inline; filename="a.txt"')
  })

  it('leave it to a rule that says how browsers take its objects', async () => {
    await ownerClient(cloud()).put('videos/alice/a.html', Buffer.from('a'), { mime: 'text/html' })
    const request = { rule: 'videos', operation: 'get', key: 'videos/alice/a.html' }
    const answer = await send(await signed(cloud(), request))
    expect(answer.headers.get('content-disposition')).toMatch(/^inline/)
  })

  it('sign an image style of the rule, and no other', async () => {
    const request = { rule: 'files', operation: 'get', key: 'files/alice/a.png' }
    const { url } = await signed(cloud(), { ...request, process: 'style/thumb' })
    expect(new URL(url).searchParams.get('x-oss-process')).toBe('style/thumb')
    const problem = await refused(cloud(), { ...request, process: 'style/x' })
    expect(problem).toMatchObject({ status: 400, errors: [{ path: 'process' }] })
  })

  it('have the same URL again when it shall be stable, and it ends no later', async () => {
    const request = { rule: 'files', operation: 'get', key: 'files/alice/a.mp4', stable: true }
    const answers = [
      await signed(cloud(), request),
      await signed(cloud(), request),
      await signed(cloud(), request),
    ]
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
