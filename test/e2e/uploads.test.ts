// Covers shared/sts/sts-sdk.ts.
import type { LocalCloud } from '../../local/start'
import {
  aliOssCallback,
  ask,
  type Bytes,
  type FormAnswer,
  type Info,
  ownerClient,
  type Proof,
  random,
  type StsAnswer,
  sendForm,
  sendUrl,
  sha256,
  storedHash,
  stsClient,
  token,
  type UrlAnswer,
} from './support/client'
import { openCloud } from './support/cloud'

const MiB = 1024 * 1024
const STRANGE_NAME = 'a b+c%20%/😀 文件.bin'

let cloud: LocalCloud
let info: Info
let alice: string

beforeAll(async () => {
  cloud = await openCloud()
  info = cloud.info
  alice = await token(info, 'alice', { plan: 'pro' })
}, 60_000)

afterAll(() => cloud.close())

type Upload = (file: Bytes, filename: string, contentType: string) => Promise<Proof>

const WAYS: Record<string, Upload> = {
  'a signed URL': async (file, filename, contentType) => {
    const request = { rule: 'media', operation: 'put', filename, contentType }
    const signed = await ask<UrlAnswer>(
      info,
      '/signed-url',
      { ...request, contentLength: file.length },
      alice,
    )
    expect(signed.status).toBe(200)
    const sent = await sendUrl(signed.body, file)
    expect(sent.status).toBe(200)
    return sent.body
  },
  'a form': async (file, filename, contentType) => {
    const request = { rule: 'media', filename, contentType, contentLength: file.length }
    const signed = await ask<FormAnswer>(info, '/post-policy', request, alice)
    expect(signed.status).toBe(200)
    const sent = await sendForm(signed.body, file)
    expect(sent.status).toBe(200)
    return sent.body
  },
  'STS credentials': async (file, filename, contentType) => {
    const lent = await ask<StsAnswer>(info, '/sts', { rule: 'media', access: 'write' }, alice)
    expect(lent.status).toBe(200)
    const key = lent.body.prefix + filename
    const callback = aliOssCallback(lent.body)
    const sent = await stsClient(lent.body).put(key, file, { mime: contentType, callback })
    return (sent as unknown as { data: Proof }).data
  },
  'STS credentials in parts': async (file, filename, contentType) => {
    const lent = await ask<StsAnswer>(info, '/sts', { rule: 'media', access: 'write' }, alice)
    const key = lent.body.prefix + filename
    const callback = aliOssCallback(lent.body)
    const client = stsClient(lent.body)
    const sent = await client.multipartUpload(key, file, {
      partSize: MiB,
      mime: contentType,
      callback,
    } as never)
    return (sent as unknown as { data: Proof }).data
  },
}

describe.each(Object.keys(WAYS))('an upload by %s', (way) => {
  const upload = WAYS[way] as Upload

  it.each([
    ['text', Buffer.from('hello'), 'notes.txt', 'text/plain'],
    ['0 bytes', Buffer.alloc(0), 'empty.bin', 'application/octet-stream'],
    ['a strange name', random(3 * MiB), STRANGE_NAME, 'application/octet-stream'],
    ['20 MiB', random(20 * MiB), 'large.bin', 'application/octet-stream'],
  ])(
    'of %s is stored byte for byte and proven',
    async (_, file, filename, contentType) => {
      const proof = await upload(file, `${way}/${filename}`, contentType)
      const key = `media/alice/${way}/${filename}`
      expect(proof).toMatchObject({ status: 'ok', key, size: file.length, contentType })
      expect(proof.etag).toMatch(/^[0-9A-F]{32}(-\d+)?$/)
      expect(await storedHash(info, key)).toBe(sha256(file))
      const { res } = await ownerClient(info).head(key)
      expect((res.headers as Record<string, string>)['content-type']).toBe(contentType)
    },
    60_000,
  )
})

describe('a download', () => {
  const file = random(1000)
  beforeAll(() => ownerClient(info).put('media/alice/read me.bin', file))

  it('comes back by a signed URL, whole, in part and as headers alone', async () => {
    const request = { rule: 'media', key: 'media/alice/read me.bin' }
    const get = await ask<UrlAnswer>(info, '/signed-url', { ...request, operation: 'get' }, alice)
    const complete = await fetch(get.body.url, { headers: get.body.headers })
    expect(sha256(new Uint8Array(await complete.arrayBuffer()))).toBe(sha256(file))
    const part = await fetch(get.body.url, { headers: { range: 'bytes=10-19' } })
    expect(part.status).toBe(206)
    expect(Buffer.from(await part.arrayBuffer())).toEqual(file.subarray(10, 20))
    const head = await ask<UrlAnswer>(info, '/signed-url', { ...request, operation: 'head' }, alice)
    const headers = await fetch(head.body.url, { method: 'HEAD' })
    expect([headers.status, headers.headers.get('content-length')]).toEqual([200, '1000'])
  })

  it('reads with lent credentials below the prefix', async () => {
    const lent = await ask<StsAnswer>(info, '/sts', { rule: 'media', access: 'read' }, alice)
    const { content } = await stsClient(lent.body).get('media/alice/read me.bin')
    expect(sha256(content as Buffer)).toBe(sha256(file))
  })
})
