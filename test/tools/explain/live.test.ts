import { createHmac } from 'node:crypto'
import { type LocalCloud, startLocalCloud } from '../../../local/start'
import { signUrl, type UrlInput } from '../../../shared/signing/url'
import { explain } from '../../../tools/explain'

let cloud: LocalCloud
let input: UrlInput
const NOW = Math.floor(Date.now() / 1000)
const KEY = 'a folder/ä+b.txt'

beforeAll(async () => {
  cloud = await startLocalCloud({ port: 0, only: ['oss', 'sts'], quiet: true })
  const { bucket, region, oss, accessKeyId, accessKeySecret } = cloud.info
  input = {
    ...{ method: 'PUT', key: KEY, expiresSeconds: 600, now: NOW },
    target: { bucket, region, endpoint: oss, addressing: 'path' },
    headers: { 'content-type': 'text/plain' },
    credentials: { accessKeyId, accessKeySecret },
  }
}, 60_000)
afterAll(() => cloud.close())

async function send(url: string, method: string, headers: Record<string, string> = {}) {
  const body = method === 'PUT' ? Buffer.from('x') : null
  return (await fetch(url, { method, headers, body })).text()
}

const contextOf = (secret?: string) => ({ now: NOW, ...(secret && { secret }) })
const signatureOf = (text: string, secret?: string) =>
  explain(text, contextOf(secret)).find(({ subject }) => subject === 'signature')

describe('a signature that OSS refuses', () => {
  it.each<[string, string, Record<string, string>, Partial<UrlInput>, RegExp]>([
    [
      'another method',
      'POST',
      { 'content-type': 'text/plain' },
      {},
      /line 1, the method: PUT was signed, POST was sent/,
    ],
    [
      'another type',
      'PUT',
      { 'content-type': 'image/png' },
      {},
      /the header content-type: text\/plain was signed, another was sent/,
    ],
    [
      'a header more',
      'PUT',
      { 'content-type': 'text/plain', 'x-oss-meta-a': 'b' },
      {},
      /the header x-oss-meta-a: it was sent, but not signed/,
    ],
    [
      'a type that was not signed',
      'PUT',
      { 'content-type': 'image/png' },
      { headers: {} },
      /the header content-type: it was sent, but not signed/,
    ],
  ])('is found in its line for %s', async (_, method, headers, change, sentence) => {
    const { url } = signUrl({ ...input, ...change })
    const xml = await send(url, method, headers)
    expect(xml).toContain('<Code>SignatureDoesNotMatch</Code>')
    expect(signatureOf(xml, cloud.info.accessKeySecret)).toMatchObject({
      state: 'wrong',
      what: expect.stringMatching(sentence),
    })
  })

  it('is found in its query for a parameter that was added', async () => {
    const { url, headers } = signUrl(input)
    const xml = await send(`${url}&x-oss-process=style%2Fa`, 'PUT', headers)
    expect(signatureOf(xml, cloud.info.accessKeySecret)?.what).toMatch(
      /line 3, the query: x-oss-process was added/,
    )
  })

  it('is found in a secret with a line break, and told from a secret of another key', async () => {
    const secret = `${cloud.info.accessKeySecret}\n`
    const { accessKeyId } = cloud.info
    const { url, headers } = signUrl({
      ...input,
      credentials: { accessKeyId, accessKeySecret: secret },
    })
    const xml = await send(url, 'PUT', headers)
    expect(signatureOf(xml, cloud.info.accessKeySecret)?.what).toMatch(/line break at its end/)
    expect(signatureOf(xml, 'another-secret')).toMatchObject({
      state: 'wrong',
      what: expect.stringMatching(/secret is of another key/),
    })
  })

  it('is not guessed at without the secret', async () => {
    const { url } = signUrl(input)
    const finding = signatureOf(await send(url, 'POST'))
    expect(finding).toMatchObject({ state: 'unknown', fix: expect.stringMatching(/secret/) })
  })

  it('of version 1 is found in its line, too', async () => {
    const { accessKeyId, accessKeySecret, bucket, oss } = cloud.info
    const expires = NOW + 600
    const text = `PUT\n\ntext/plain\n${expires}\n/${bucket}/a.txt`
    const own = createHmac('sha1', accessKeySecret).update(text).digest('base64')
    const url = `${oss}/${bucket}/a.txt?OSSAccessKeyId=${accessKeyId}&Expires=${expires}&Signature=${encodeURIComponent(own)}`
    const xml = await send(url, 'PUT', { 'content-type': 'image/png' })
    expect(signatureOf(xml, accessKeySecret)?.what).toMatch(
      /line 3, content-type: text\/plain was signed/,
    )
    const right = explain(
      JSON.stringify({ url, method: 'PUT', headers: { 'Content-Type': 'text/plain' } }),
      { ...contextOf(accessKeySecret), bucket },
    )
    expect(right.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok'])
  })

  it('prints neither the secret nor the whole signature', async () => {
    const { url } = signUrl(input)
    const xml = await send(url, 'POST')
    const [, signature = ''] = /x-oss-signature=([0-9a-f]{64})/.exec(url) ?? []
    const all = JSON.stringify([
      explain(xml, contextOf(cloud.info.accessKeySecret)),
      explain(url, contextOf(cloud.info.accessKeySecret)),
      explain(xml, contextOf('another-secret')),
    ])
    for (const secret of [signature, cloud.info.accessKeySecret, 'another-secret']) {
      expect(secret).not.toBe('')
      expect(all).not.toContain(secret)
    }
  })
})

describe('a signed URL', () => {
  const statesOf = (text: string, change: object = {}) =>
    Object.fromEntries(
      explain(text, {
        ...contextOf(cloud.info.accessKeySecret),
        bucket: cloud.info.bucket,
        ...change,
      }).map(({ subject, state }) => [subject, state]),
    )

  it('is right with its method and headers, and wrong with others', () => {
    const signed = signUrl(input)
    const right = { version: 'ok', lifetime: 'ok', scope: 'ok', token: 'ok', signature: 'ok' }
    expect(statesOf(JSON.stringify(signed))).toEqual(right)
    expect(statesOf(signed.url)).toEqual({ ...right, signature: 'wrong' })
  })

  it('is as right in a virtual host, whose region is compared', () => {
    const endpoint = 'https://oss-cn-hangzhou.aliyuncs.com'
    const target = { ...input.target, endpoint, addressing: 'virtual-hosted' } as const
    const signed = JSON.stringify(signUrl({ ...input, target }))
    const region = { region: 'ok', signature: 'ok' }
    expect(statesOf(signed, { bucket: undefined })).toMatchObject(region)
    expect(statesOf(signed.replace('oss-cn-hangzhou', 'oss-cn-shanghai'))).toMatchObject({
      region: 'wrong',
    })
  })

  it.each<[string, Partial<UrlInput>, object]>([
    ['has ended', { now: NOW - 601 }, { lifetime: 'wrong' }],
    ['ends in a second', { now: NOW - 599 }, { lifetime: 'ok' }],
    ['begins in 16 minutes', { now: NOW + 960 }, { lifetime: 'wrong' }],
    ['begins in 14 minutes', { now: NOW + 840 }, { lifetime: 'ok' }],
    [
      'lacks the token of an STS key',
      { credentials: { accessKeyId: 'STS.a', accessKeySecret: 'b' } },
      { token: 'wrong' },
    ],
    [
      'has a token with another key',
      { credentials: { accessKeyId: 'a', accessKeySecret: 'b', securityToken: 'c' } },
      { token: 'wrong' },
    ],
  ])('that %s', (_, change, states) => {
    expect(statesOf(JSON.stringify(signUrl({ ...input, ...change })))).toMatchObject(states)
  })

  it('that a shell cut is told so, and one without a signature', () => {
    const [cut = ''] = signUrl(input).url.split('&x-oss-expires')
    expect(statesOf(`${cut}&x-oss-signature-version=OSS4-HMAC-SHA256`)).toEqual({
      signature: 'wrong',
    })
    expect(statesOf('https://a-bucket.oss-cn-hangzhou.aliyuncs.com/a')).toEqual({
      signature: 'wrong',
    })
  })
})
