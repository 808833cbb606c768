import {
  ask,
  type Bytes,
  type FormAnswer,
  ownerClient,
  sendForm,
  sendUrl,
  token,
  type UrlAnswer,
} from './support/client'
import { shareLocalCloud } from './support/cloud'

const info = shareLocalCloud()
let alice: string

const PNG: Bytes = Buffer.from('89504e470d0a1a0a', 'hex')
const PUT = { rule: 'media', operation: 'put', filename: 'b.png', contentType: 'image/png' }

beforeAll(async () => {
  alice = await token(info(), 'alice', { plan: 'pro' })
})

describe('a signed URL', () => {
  let signed: UrlAnswer

  beforeAll(async () => {
    const answer = await ask<UrlAnswer>(info(), '/signed-url', { ...PUT, contentLength: 8 }, alice)
    signed = answer.body
  })

  const TAMPERED: [string, (url: UrlAnswer) => Partial<UrlAnswer>][] = [
    ['another method', () => ({ method: 'POST' })],
    [
      'a longer life',
      ({ url }) => ({ url: url.replace(/x-oss-expires=\d+/, 'x-oss-expires=7000') }),
    ],
    [
      'one character of the signature changed',
      ({ url }) => ({ url: url.replace(/.$/, (c) => (c === '0' ? '1' : '0')) }),
    ],
    ['an added parameter', ({ url }) => ({ url: `${url}&x-oss-process=style%2Fx` })],
    ['another callback', ({ url }) => ({ url: url.replace(/callback=[^&]*/, 'callback=e30%3D') })],
    ['no callback', ({ url }) => ({ url: url.replace(/callback=[^&]*&/, '') })],
    ['another type', ({ headers }) => ({ headers: { ...headers, 'content-type': 'text/html' } })],
    [
      'public access added',
      ({ headers }) => ({ headers: { ...headers, 'x-oss-object-acl': 'public-read' } }),
    ],
  ]

  it.each(TAMPERED)('with %s is refused by OSS', async (_, change) => {
    const sent = await sendUrl({ ...signed, ...change(signed) }, PNG)
    expect(sent.status).toBeGreaterThanOrEqual(400)
    expect(sent.status).toBeLessThan(500)
    await expect(ownerClient(info()).head('media/alice/b.png')).rejects.toThrow()
  })

  it('for another size is refused by OSS', async () => {
    const headers = Object.fromEntries(
      Object.entries(signed.headers).filter(([name]) => name !== 'content-length'),
    )
    const sent = await sendUrl({ ...signed, headers }, Buffer.concat([PNG, PNG]) as Bytes)
    expect(sent.status).toBe(403)
  })
})

describe('a form', () => {
  let signed: FormAnswer

  // A key of its own for each case.
  beforeEach(async () => {
    const request = { rule: 'avatar', filename: 'c.png', contentType: 'image/png' }
    signed = (await ask<FormAnswer>(info(), '/post-policy', request, alice)).body
  })

  it.each([
    'key',
    'policy',
    'callback',
    'x:ticket',
    'Content-Type',
    'x-oss-content-type',
    'x-oss-forbid-overwrite',
    'x-oss-object-acl',
    'x-oss-date',
    'x-oss-credential',
    'x-oss-security-token',
    'x-oss-signature',
    'success_action_status',
  ])('with another %s is refused by OSS', async (name) => {
    expect(signed.fields[name]).toBeDefined()
    const changed = { ...signed.fields, [name]: `${signed.fields[name]}0` }
    const sent = await sendForm({ ...signed, fields: changed }, PNG)
    expect(sent.status).toBeGreaterThanOrEqual(400)
    expect(sent.status).toBeLessThan(500)
    await expect(ownerClient(info()).head(signed.key)).rejects.toThrow()
  })

  it.each(['policy', 'callback', 'x:ticket', 'x-oss-object-acl', 'x-oss-forbid-overwrite'])(
    'without its %s is refused by OSS',
    async (name) => {
      const { [name]: _, ...rest } = signed.fields
      const sent = await sendForm({ ...signed, fields: rest }, PNG)
      expect(sent.status).toBeGreaterThanOrEqual(400)
      await expect(ownerClient(info()).head(signed.key)).rejects.toThrow()
    },
  )

  it('with a file one byte over the limit is refused by OSS, with one at the limit is taken', async () => {
    const over = Buffer.alloc(5 * 1024 ** 2 + 1) as Bytes
    expect((await sendForm(signed, over)).status).toBe(400)
    await expect(ownerClient(info()).head(signed.key)).rejects.toThrow()
    const sent = await sendForm(signed, over.subarray(1) as Bytes)
    expect([sent.status, sent.body.status]).toEqual([200, 'ok'])
    expect((await sendForm(signed, PNG)).status).toBe(409)
  })
})
