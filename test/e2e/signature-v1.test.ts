import { ask, eventsOf, type FormAnswer, random, sendForm, sendUrl, token } from './support/client'
import { shareLocalCloud } from './support/cloud'
import { send, signed } from './support/large'

const HELLO = Buffer.from('hello')
const cloud = shareLocalCloud({ settings: { SIGNATURE_VERSION: 'v1' } })

describe('signature version 1', () => {
  const request = {
    rule: 'media',
    filename: 'old.txt',
    contentType: 'text/plain',
    contentLength: 5,
  }

  it('puts, gets and heads by URL, and is proven', async () => {
    const put = await signed(cloud(), { ...request, operation: 'put' })
    expect(put.url).toMatch(/[?&]OSSAccessKeyId=/)
    expect(await sendUrl(put, HELLO)).toMatchObject({
      status: 200,
      body: { status: 'ok', size: 5 },
    })
    const get = { rule: 'media', operation: 'get', key: put.key }
    const more = { as: 'attachment', downloadName: '报告.txt' }
    const got = await send(await signed(cloud(), { ...get, ...more }))
    expect(got).toMatchObject({ status: 200, text: 'hello' })
    const head = await signed(cloud(), { ...get, operation: 'head' })
    expect(await send(head)).toMatchObject({ status: 200 })
  })

  it('posts by form, and is proven', async () => {
    const answer = await ask<FormAnswer>(
      cloud(),
      '/post-policy',
      request,
      await token(cloud(), 'alice'),
    )
    expect(Object.keys(answer.body.fields)).toEqual(
      expect.arrayContaining(['OSSAccessKeyId', 'Signature', 'policy']),
    )
    expect(await sendForm(answer.body, HELLO)).toMatchObject({
      status: 200,
      body: { status: 'ok' },
    })
  })

  it('proves no other size than the one a URL was asked for', async () => {
    const put = await signed(cloud(), { ...request, operation: 'put', filename: 'sized.txt' })
    const { 'content-length': _, ...headers } = put.headers
    for (const bytes of [4, 6]) {
      const sent = await sendUrl({ ...put, headers }, random(bytes))
      expect(sent).toMatchObject({ status: 203 })
    }
    expect(await sendUrl(put, HELLO)).toMatchObject({ status: 200 })
    // By OSS's trigger the application hears of the others too: the rule allows them, and no callback vouches.
    const proven = (await eventsOf(cloud(), put.key)).filter(
      ({ data }) => data.proof === 'callback',
    )
    expect(proven.map(({ data }) => data.size)).toEqual([5])
  })

  it('refuses a changed URL', async () => {
    const put = await signed(cloud(), { ...request, operation: 'put' })
    const changed = { ...put, url: put.url.replace('/media/', '/media/x') }
    expect(await send(changed, random(5))).toMatchObject({ status: 403 })
  })
})
