import { ask, BUCKET, NOW, ROOT, send, shareBucket } from './support/cloud'
import { urlV4 } from './support/sign'

const { cloud, put } = shareBucket()

describe('GetObject and HeadObject', () => {
  beforeAll(() => put('digits', '0123456789'))

  it('overrides headers in a signed URL and only there', async () => {
    const headers: Record<string, string> = {
      'content-language': 'de',
      expires: 'never',
      'cache-control': 'no-store',
      'content-disposition': 'attachment; filename="r.pdf"',
      'content-encoding': 'x',
    }
    for (const method of ['GET', 'HEAD']) {
      // In a GET only OSS sets the type (below).
      if (method === 'HEAD') headers['content-type'] = 'text/x'
      const entries = Object.entries({ ...headers, etag: 'never' })
      const query = Object.fromEntries(entries.map(([name, value]) => [`response-${name}`, value]))
      const draft = { method, bucket: BUCKET, key: 'digits', query }
      const reply = await send(cloud(), urlV4(draft, ROOT, { now: NOW }))
      expect(reply.headers).toMatchObject(headers)
      expect(reply.headers.etag).not.toBe('never')
    }
    const plain = await ask(cloud(), { method: 'GET', key: 'digits' })
    expect(plain.headers['content-disposition']).toBeUndefined()
  })

  it.each(['a\x01b', 'a\nb', 'a\x7f', '\0'])(
    'refuses to override a header by %j',
    async (value) => {
      for (const method of ['GET', 'HEAD']) {
        const query = { 'response-content-type': value }
        const draft = { method, bucket: BUCKET, key: 'digits', query }
        const reply = await send(cloud(), urlV4(draft, ROOT, { now: NOW }))
        expect([reply.status, reply.code, reply.ec]).toEqual([400, 'InvalidArgument', undefined])
      }
    },
  )

  it('keeps its type when it is asked for, whatever the override', async () => {
    const outcome = async (method: string, query: Record<string, string>) => {
      const reply = await ask(cloud(), { method, key: 'digits', query })
      return [reply.status, reply.code, reply.ec]
    }
    const query = { 'response-content-type': 'text/html' }
    expect(await outcome('GET', query)).toEqual([400, 'InvalidRequest', '0017-00000902'])
    expect(await outcome('HEAD', query)).toEqual([200, undefined, undefined])
  })

  it('overrides a header by what has a tab and letters of any alphabet', async () => {
    const query = { 'response-content-language': 'a\tb \u0080报' }
    const reply = await ask(cloud(), { method: 'GET', key: 'digits', query })
    const value = reply.headers['content-language'] ?? ''
    expect(Buffer.from(value, 'latin1').toString()).toBe('a\tb \u0080报')
  })
})
