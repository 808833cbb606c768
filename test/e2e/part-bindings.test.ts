import { random } from './support/client'
import {
  type Begun,
  begin,
  initiate,
  type Part,
  type Parts,
  partsOf,
  type Request,
  refused,
  send,
  shareLargeFiles,
  signed,
  sliceOf,
} from './support/large'

const KiB = 1024
const cloud = shareLargeFiles()

describe('every binding of a part', () => {
  const file = random(250 * KiB)
  let begun: Begun
  let uploadId: string
  let urls: Parts
  let first: Part

  beforeAll(async () => {
    begun = await begin(cloud(), file.length)
    uploadId = await initiate(begun)
    urls = await partsOf(cloud(), { ticket: begun.ticket, uploadId })
    first = urls.parts[0] as Part
  })

  const slice = () => sliceOf(file, first, begun)

  it.each<[string, (part: Part) => Request]>([
    ['another verb', (part) => ({ ...part, method: 'POST' })],
    ['another key', (part) => ({ ...part, url: part.url.replace('/clips/', '/clips/x') })],
    [
      'another part number',
      (part) => ({ ...part, url: part.url.replace('partNumber=1', 'partNumber=2') }),
    ],
    ['another upload', (part) => ({ ...part, url: part.url.replace(/uploadId=./, 'uploadId=-') })],
    ['an added parameter', (part) => ({ ...part, url: `${part.url}&x=1` })],
    ['an extra x-oss header', (part) => ({ ...part, headers: { 'x-oss-meta-a': '1' } })],
    ['a content type', (part) => ({ ...part, headers: { 'content-type': 'text/html' } })],
    [
      'another expiry',
      (part) => ({ ...part, url: part.url.replace(/expires=\d+/, 'expires=86400') }),
    ],
    [
      'another signature',
      (part) => ({ ...part, url: part.url.replace(/.$/, (c) => (c === '0' ? '1' : '0')) }),
    ],
  ])('refuses %s', async (_, change) => {
    const changed = change(first)
    const { 'content-length': _length, ...headers } = changed.headers
    const { status, text } = await send({ ...changed, headers }, slice())
    expect(status).toBe(403)
    expect(text).toContain('SignatureDoesNotMatch')
  })

  it.each([
    ['one byte more', 1],
    ['one byte less', -1],
  ])('refuses %s', async (_, more) => {
    const { status } = await send({ ...first, headers: {} }, random(first.size + more))
    expect(status).toBe(403)
  })

  it('still takes the part as it was granted', async () => {
    expect(await send(first, slice())).toMatchObject({ status: 200 })
  })

  it.each<[string, (request: Request) => Request]>([
    [
      'a callback changed',
      (request) => ({ ...request, url: request.url.replace(/callback=./, 'callback=f') }),
    ],
    [
      'a callback dropped',
      (request) => ({ ...request, url: request.url.replace(/callback=[^&]*&/, '') }),
    ],
    [
      'overwriting allowed',
      (request) => ({ ...request, headers: { 'x-oss-complete-all': 'yes' } }),
    ],
  ])('refuses a completion with %s', async (_, change) => {
    expect(await send(change(urls.complete))).toMatchObject({ status: 403 })
  })

  it('gives a ticket holder no URL for another key or another caller', async () => {
    const request = { operation: 'multipart-parts', ticket: begun.ticket, uploadId }
    expect(await refused(cloud(), request, 'bob')).toMatchObject({
      status: 403,
      code: 'invalid_ticket',
    })
    expect(await refused(cloud(), { ...request, key: 'clips/bob/a.mp4' })).toMatchObject({
      status: 400,
    })
  })

  it.each([
    ['a word', 'abc', 'invalid_ticket'],
    ['no character', '', 'invalid_request'],
    ['4,000 characters', 'x'.repeat(4000), 'invalid_request'],
  ])('refuses a ticket of %s', async (_, ticket, code) => {
    expect(
      await refused(cloud(), { operation: 'multipart-parts', ticket, uploadId }),
    ).toMatchObject({
      code,
    })
  })

  it('refuses a flipped ticket, and that of a single PUT', async () => {
    const flipped = begun.ticket.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'))
    const put = {
      rule: 'clips',
      operation: 'put',
      filename: 'a.mp4',
      contentType: 'video/mp4',
      contentLength: 5,
    }
    const { url } = await signed(cloud(), put)
    const encoded = new URL(url).searchParams.get('callback-var') ?? ''
    const other = JSON.parse(Buffer.from(encoded, 'base64').toString())['x:ticket']
    for (const ticket of [flipped, other]) {
      const problem = await refused(cloud(), { operation: 'multipart-parts', ticket, uploadId })
      expect(problem).toMatchObject({ status: 403, code: 'invalid_ticket' })
    }
  })

  it.each([[[0]], [[4]], [[1.5]], [[]], [['1']], [[10_001]], ['1']])(
    'refuses the part numbers %j',
    async (partNumbers) => {
      const request = { operation: 'multipart-parts', ticket: begun.ticket, uploadId, partNumbers }
      const problem = await refused(cloud(), request)
      expect(problem).toMatchObject({ status: 400, code: 'invalid_request' })
      expect(problem.errors?.[0]?.path).toMatch(/^partNumbers/)
    },
  )

  it.each(['', 'a&b', '../x', 'x'.repeat(65), 5])('refuses the upload id %j', async (id) => {
    const request = { operation: 'multipart-parts', ticket: begun.ticket, uploadId: id }
    expect((await refused(cloud(), request)).errors?.[0]?.path).toBe('uploadId')
  })
})
