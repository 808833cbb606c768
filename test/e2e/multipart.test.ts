import {
  ask,
  eventsOf,
  ownerClient,
  type Problem,
  type Proof,
  random,
  sha256,
  storedHash,
  token,
} from './support/client'
import {
  type Begun,
  begin,
  initiate,
  type Parts,
  partsOf,
  refused,
  send,
  sendParts,
  shareLargeFiles,
  sliceOf,
} from './support/large'

const KiB = 1024
const cloud = shareLargeFiles()

describe('an upload in parts by URL', () => {
  const file = random(250 * KiB)

  it('is planned, begun, sent, completed, and ends in a proof', async () => {
    const { begun, urls } = await sendParts(cloud(), file)
    expect(begun).toMatchObject({ partSize: 100 * KiB, partCount: 3 })
    expect(urls.parts.map(({ size }) => size)).toEqual([100 * KiB, 100 * KiB, 50 * KiB])
    const { status, text } = await send(urls.complete)
    const proof: Proof = JSON.parse(text)
    expect({ status, proof }).toMatchObject({
      status: 200,
      proof: { status: 'ok', key: begun.key, size: file.length, contentType: 'video/mp4' },
    })
    expect(await storedHash(cloud(), begun.key)).toBe(sha256(file))
  })

  it('stores what the rule and the request fix', async () => {
    const begun = await begin(cloud(), 5, { metadata: { title: 'Holiday' } })
    const uploadId = await initiate(begun)
    const urls = await partsOf(cloud(), { ticket: begun.ticket, uploadId })
    for (const part of urls.parts) await send(part, random(5))
    expect(await send(urls.complete)).toMatchObject({ status: 200 })
    const { res } = await ownerClient(cloud()).head(begun.key)
    expect(res.headers).toMatchObject({
      'content-type': 'video/mp4',
      'cache-control': 'max-age=60',
      'x-oss-meta-title': 'Holiday',
    })
  })

  it('goes on for a client that lost everything but the ticket and the upload id', async () => {
    const { begun, uploadId } = await sendParts(cloud(), file, [1, 3])
    const again = await partsOf(cloud(), { ticket: begun.ticket, uploadId })
    const { text } = await send(again.list)
    const there = [...text.matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, n]) => Number(n))
    expect(there).toEqual([1, 3])
    const missing = again.parts.filter(({ partNumber }) => !there.includes(partNumber))
    for (const part of missing) await send(part, sliceOf(file, part, begun))
    expect(await send(again.complete)).toMatchObject({ status: 200 })
    expect(await storedHash(cloud(), begun.key)).toBe(sha256(file))
  })

  it('is given up with the abort request', async () => {
    const { urls } = await sendParts(cloud(), file, [1])
    expect(await send(urls.abort)).toMatchObject({ status: 204 })
    expect(await send(urls.list)).toMatchObject({ status: 404 })
  })

  it('never becomes a proven object with a part missing', async () => {
    const { begun, urls } = await sendParts(cloud(), file, [1, 2])
    const { status, text } = await send(urls.complete)
    expect(status).toBe(203)
    expect(text).toContain('CallbackFailed')
    const events = await eventsOf(cloud(), begun.key)
    expect(events.map(({ data }) => data.proof)).not.toContain('callback')
  })

  it('is written once: a second completion finds nothing to complete', async () => {
    const { urls } = await sendParts(cloud(), file)
    expect(await send(urls.complete)).toMatchObject({ status: 200 })
    expect(await send(urls.complete)).toMatchObject({ status: 404 })
  })
})

describe('a caller who lost the right in between', () => {
  const request = { rule: 'paid', filename: 'a/b.mp4', contentType: 'video/mp4', contentLength: 5 }
  const askAs = async (plan: string, body: object) =>
    ask<Begun & Parts & Problem>(
      cloud(),
      '/signed-url',
      body,
      await token(cloud(), 'alice', { plan }),
    )

  it('gets no more URLs for an upload that is under way, for the reason that refuses a new one', async () => {
    const begun = (await askAs('pro', { operation: 'multipart', ...request })).body
    const uploadId = await initiate(begun)
    const more = { operation: 'multipart-parts', ticket: begun.ticket, uploadId }
    expect(await askAs('pro', more)).toMatchObject({ status: 200, body: { parts: [{ size: 5 }] } })
    const lost = await askAs('free', more)
    expect(lost).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
    const anew = await askAs('free', { operation: 'multipart', ...request })
    expect(lost.body.code).toBe(anew.body.code)
  })
})

describe('a multipart wish', () => {
  const request = {
    operation: 'multipart',
    rule: 'clips',
    filename: 'a.mp4',
    contentType: 'video/mp4',
  }

  it.each([
    [1024 * KiB + 1, 'file_too_large'],
    [0, 'file_too_small'],
  ])('is refused for %d bytes', async (contentLength, code) => {
    expect(await refused(cloud(), { ...request, contentLength })).toMatchObject({ code })
  })

  it.each([undefined, -1, 1.5, '5', null])(
    'is refused with the length %j',
    async (contentLength) => {
      const problem = await refused(cloud(), { ...request, contentLength })
      expect(problem.errors?.map(({ path }) => path)).toEqual(['contentLength'])
    },
  )

  it('is refused where the rule has no uploads in parts', async () => {
    expect(await refused(cloud(), { ...request, rule: 'whole', contentLength: 5 })).toMatchObject({
      status: 403,
    })
  })

  it('is refused for a type outside the rule', async () => {
    const problem = await refused(cloud(), {
      ...request,
      contentLength: 5,
      contentType: 'application/pdf',
    })
    expect(problem).toMatchObject({ code: 'file_type_not_allowed' })
  })
})
