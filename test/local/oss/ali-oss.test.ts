import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import OSS from 'ali-oss'
import { allow, BUCKET, ROOT, session, startCloud, type TestCloud } from './support/cloud'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud({ now: Date.now })
  cloud.clock.now = Date.now()
})
afterAll(() => cloud.close())

type Client = OSS & {
  signatureUrlV4: (
    method: string,
    expires: number,
    request: { headers?: Record<string, string>; queries?: Record<string, string> },
    name: string,
    additional?: string[],
  ) => Promise<string>
}

function client(authorizationV4: boolean, signer: typeof ROOT = ROOT): Client {
  const options = {
    region: 'oss-cn-hangzhou',
    endpoint: cloud.url,
    sldEnable: true,
    bucket: BUCKET,
    accessKeyId: signer.id,
    accessKeySecret: signer.secret,
    ...(signer.token && { stsToken: signer.token }),
    refreshSTSTokenInterval: 300_000,
    refreshSTSToken: async () => ({
      accessKeyId: signer.id,
      accessKeySecret: signer.secret,
      stsToken: signer.token ?? '',
    }),
    authorizationV4,
  }
  return new OSS(options) as Client
}

const ALL_PARTS = { 'max-parts': 1000, 'part-number-marker': 0, 'encoding-type': 'url' } as const
const NAMES = ['plain.txt', "a b+c%d/报告😀(1)!*'.txt", 'deep/er/still/&=?#.bin', 'trailing/']

describe.each([
  ['V4', true],
  ['V1', false],
])('ali-oss with %s', (version, isV4) => {
  it.each(NAMES)('puts, heads, gets and deletes %j', async (name) => {
    const oss = client(isV4)
    const bytes = randomBytes(1000)
    const put = await oss.put(name, bytes, { headers: { 'x-oss-meta-who': 'me' } })
    expect(put.res.status).toBe(200)
    const head = await oss.head(name)
    expect(head.meta).toEqual({ who: 'me' })
    const got = await oss.get(name)
    expect(got.content.equals(bytes)).toBe(true)
    await oss.delete(name)
    await expect(oss.head(name)).rejects.toMatchObject({ code: 'NoSuchKey', status: 404 })
  })

  it('uploads in parts, resumes, lists parts and aborts', async () => {
    const oss = client(isV4)
    const bytes = randomBytes(350_000)
    let checkpoint: OSS.Checkpoint | undefined
    const first = oss.multipartUpload('multi.bin', bytes, {
      partSize: 102_400,
      parallel: 1,
      progress: (done: number, state: OSS.Checkpoint) => {
        checkpoint = state
        if (done > 0.3) throw new Error('stopped')
      },
    })
    await expect(first).rejects.toThrow('stopped')
    expect(checkpoint?.doneParts.length).toBeGreaterThan(0)
    await oss.multipartUpload('multi.bin', bytes, {
      partSize: 102_400,
      ...(checkpoint && { checkpoint }),
    })
    expect((await oss.get('multi.bin')).content.equals(bytes)).toBe(true)
    const { uploadId } = await oss.initMultipartUpload('other.bin')
    await oss.uploadPart('other.bin', uploadId, 2, bytes, 0, 1000)
    const parts = await oss.listParts('other.bin', uploadId, ALL_PARTS)
    expect(parts.parts).toMatchObject({ PartNumber: '2', Size: '1000' })
    await oss.abortMultipartUpload('other.bin', uploadId)
    await expect(oss.listParts('other.bin', uploadId, ALL_PARTS)).rejects.toMatchObject({
      code: 'NoSuchUpload',
    })
  })

  it('copies in parts, and sends a stream in chunks beside its length', async () => {
    const oss = client(isV4)
    const bytes = randomBytes(250_000)
    const framing = { 'Content-Length': bytes.length, 'Transfer-Encoding': 'chunked' }
    await oss.put('framed.bin', Readable.from([bytes]), {
      headers: framing,
    } as OSS.PutObjectOptions)
    const range = { startOffset: 0, endOffset: bytes.length }
    const source = { sourceKey: 'framed.bin', sourceBucketName: BUCKET, ...range }
    await oss.multipartUploadCopy('copied.bin', source, { partSize: 102_400 })
    expect((await oss.get('copied.bin')).content.equals(bytes)).toBe(true)
  })

  it('lists with prefix, delimiter and pages', async () => {
    const oss = client(isV4)
    for (const name of ['l/a', 'l/b/1', 'l/b/2', 'l/c', 'm'])
      await oss.put(`${version}/${name}`, Buffer.from('x'))
    const page = await oss.listV2({ prefix: `${version}/l/`, delimiter: '/', 'max-keys': '2' }, {})
    expect(page.objects.map(({ name }: { name: string }) => name)).toEqual([`${version}/l/a`])
    expect(page.prefixes).toEqual([`${version}/l/b/`])
    expect(page.isTruncated).toBe(true)
    const rest = await oss.listV2(
      { prefix: `${version}/l/`, delimiter: '/', 'continuation-token': page.nextContinuationToken },
      {},
    )
    expect(rest.objects.map(({ name }: { name: string }) => name)).toEqual([`${version}/l/c`])
    const old = await oss.list({ prefix: `${version}/l/`, 'max-keys': 3 }, {})
    expect(old.nextMarker).toBe(`${version}/l/b/2`)
  })

  it('deletes several objects at once, whatever their names', async () => {
    const oss = client(isV4)
    const names = ["it's.txt", 'say "hi".txt', '<a>&#39;&amp;.txt']
    for (const name of names) await oss.put(`${version}/${name}`, Buffer.from('x'))
    await oss.deleteMulti(names.map((name) => `${version}/${name}`))
    for (const name of names) {
      await expect(oss.head(`${version}/${name}`)).rejects.toMatchObject({ status: 404 })
    }
  })

  it('works with an STS token inside its policy only', async () => {
    const policy = allow(['oss:PutObject', 'oss:GetObject'], [`acs:oss:*:*:${BUCKET}/mine/*`])
    const oss = client(isV4, session(cloud, allow(['oss:*'], ['*']), policy))
    await oss.put('mine/a', Buffer.from('1'))
    expect((await oss.get('mine/a')).content.toString()).toBe('1')
    await expect(oss.put('yours/a', Buffer.from('1'))).rejects.toMatchObject({
      code: 'AccessDenied',
      status: 403,
    })
  })

  it('follows a signed URL', async () => {
    const oss = client(isV4)
    await oss.put('url.txt', Buffer.from('by url'))
    const url = isV4
      ? await oss.signatureUrlV4('GET', 60, {}, 'url.txt')
      : oss.signatureUrl('url.txt', { expires: 60 })
    expect(await (await fetch(url)).text()).toBe('by url')
    expect((await fetch(url.replace('url.txt', 'plain.txt'))).status).toBe(403)
  })

  it('says SignatureDoesNotMatch to a wrong secret', async () => {
    await expect(client(isV4, { ...ROOT, secret: 'wrong' }).get('plain.txt')).rejects.toMatchObject(
      {
        code: 'SignatureDoesNotMatch',
        status: 403,
      },
    )
  })
})

it('has the callback answer for ali-oss', async () => {
  const { createServer } = await import('node:http')
  const application = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-length': 11, 'content-type': 'application/json' })
      response.end('{"ok":true}')
    })
  })
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve))
  const address = application.address()
  const port = typeof address === 'object' ? address?.port : 0
  const callback = {
    url: `http://127.0.0.1:${port}/cb`,
    body: `k=\${object}`,
    contentType: undefined,
  }
  const result = await client(true).put('cb.txt', Buffer.from('x'), {
    callback,
  } as OSS.PutObjectOptions)
  expect((result as unknown as { data: unknown }).data).toEqual({ ok: true })
  application.closeAllConnections()
  await new Promise((resolve) => application.close(resolve))
  await expect(
    client(true).put('cb.txt', Buffer.from('x'), { callback } as OSS.PutObjectOptions),
  ).rejects.toMatchObject({ name: 'CallbackFailedError' })
})
