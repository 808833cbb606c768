import { type LocalCloud, startLocalCloud } from '../../local/cloud'
import {
  ask,
  type Bytes,
  type Info,
  ownerClient,
  type Problem,
  type Proof,
  random,
  sendUrl,
  sha256,
  storedHash,
  token,
  type UrlAnswer,
} from './client'

type Request = { method: string; url: string; headers: Record<string, string> }
type Begun = {
  key: string
  ticket: string
  partSize: number
  partCount: number
  initiate: Request
  expiresAt: string
  ticketExpiresAt: string
}
type Part = Request & { partNumber: number; size: number }
type Parts = { parts: Part[]; list: Request; complete: Request; abort: Request; expiresAt: string }

const KiB = 1024
const GiB = 1024 ** 3
// `npm run test:deep` sends 3 GiB; 1 GiB takes the same way in a third of the time.
const LARGE_GIB = Number(process.env.LARGE_FILE_GIB ?? 1)

let cloud: LocalCloud
let info: Info
let alice: string
let bob: string

beforeAll(async () => {
  cloud = await startLocalCloud({ port: 0, rules: 'test/rules/large.ts', quiet: true })
  info = cloud.info
  alice = await token(info, 'alice')
  bob = await token(info, 'bob')
}, 60_000)

afterAll(() => cloud.close())

async function signed<Body>(wish: object, bearer = alice): Promise<Body> {
  const answer = await ask<Body>(info, '/signed-url', wish, bearer)
  expect(answer).toMatchObject({ status: 200 })
  return answer.body
}

async function refused(wish: object, bearer = alice): Promise<Problem> {
  return (await ask<Problem>(info, '/signed-url', wish, bearer)).body
}

async function send({ method, url, headers }: Request, body?: Bytes) {
  const answer = await fetch(url, { method, headers, ...(body && { body }) })
  return { status: answer.status, text: await answer.text() }
}

function begin(contentLength: number, changed: object = {}): Promise<Begun> {
  const wish = { rule: 'clips', filename: 'a.mp4', contentType: 'video/mp4', contentLength }
  return signed<Begun>({ operation: 'multipart', ...wish, ...changed })
}

async function initiate(begun: Begun): Promise<string> {
  const { status, text } = await send(begun.initiate)
  expect(status).toBe(200)
  return /<UploadId>([^<]+)<\/UploadId>/.exec(text)?.[1] ?? ''
}

function partsOf({ ticket }: Begun, uploadId: string, partNumbers?: number[]): Promise<Parts> {
  const wish = { operation: 'multipart-parts', ticket, uploadId }
  return signed<Parts>({ ...wish, ...(partNumbers && { partNumbers }) })
}

function sliceOf(file: Bytes, { partNumber, size }: Part, { partSize }: Begun): Bytes {
  const start = (partNumber - 1) * partSize
  return file.subarray(start, start + size)
}

/** Begins an upload of this file and sends these of its parts, or all. */
async function sendParts(file: Bytes, numbers?: number[]) {
  const begun = await begin(file.length)
  const uploadId = await initiate(begun)
  const urls = await partsOf(begun, uploadId, numbers)
  for (const part of urls.parts) {
    expect(await send(part, sliceOf(file, part, begun))).toMatchObject({ status: 200 })
  }
  return { begun, uploadId, urls }
}

describe('an upload in parts by URL', () => {
  const file = random(250 * KiB)

  it('is planned, begun, sent, completed, and ends in a proof', async () => {
    const { begun, urls } = await sendParts(file)
    expect(begun).toMatchObject({ partSize: 100 * KiB, partCount: 3 })
    expect(urls.parts.map(({ size }) => size)).toEqual([100 * KiB, 100 * KiB, 50 * KiB])
    const { status, text } = await send(urls.complete)
    const proof: Proof = JSON.parse(text)
    expect({ status, proof }).toMatchObject({
      status: 200,
      proof: { status: 'ok', key: begun.key, size: file.length, contentType: 'video/mp4' },
    })
    expect(await storedHash(info, begun.key)).toBe(sha256(file))
  })

  it('stores what the rule and the wish fix', async () => {
    const begun = await begin(5, { metadata: { title: 'Holiday' } })
    const uploadId = await initiate(begun)
    const urls = await partsOf(begun, uploadId)
    for (const part of urls.parts) await send(part, random(5))
    expect(await send(urls.complete)).toMatchObject({ status: 200 })
    const { res } = await ownerClient(info).head(begun.key)
    expect(res.headers).toMatchObject({
      'content-type': 'video/mp4',
      'cache-control': 'max-age=60',
      'x-oss-meta-title': 'Holiday',
    })
  })

  it('goes on for a client that lost everything but the ticket and the upload id', async () => {
    const { begun, uploadId } = await sendParts(file, [1, 3])
    const again = await partsOf(begun, uploadId)
    const { text } = await send(again.list)
    const there = [...text.matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, n]) => Number(n))
    expect(there).toEqual([1, 3])
    const missing = again.parts.filter(({ partNumber }) => !there.includes(partNumber))
    for (const part of missing) await send(part, sliceOf(file, part, begun))
    expect(await send(again.complete)).toMatchObject({ status: 200 })
    expect(await storedHash(info, begun.key)).toBe(sha256(file))
  })

  it('is given up with the abort request', async () => {
    const { urls } = await sendParts(file, [1])
    expect(await send(urls.abort)).toMatchObject({ status: 204 })
    expect(await send(urls.list)).toMatchObject({ status: 404 })
  })

  it('never becomes a proven object with a part missing', async () => {
    const { urls } = await sendParts(file, [1, 2])
    const { status, text } = await send(urls.complete)
    expect(status).toBe(203)
    expect(text).toContain('CallbackFailed')
  })

  it('is written once: a second completion finds nothing to complete', async () => {
    const { urls } = await sendParts(file)
    expect(await send(urls.complete)).toMatchObject({ status: 200 })
    expect(await send(urls.complete)).toMatchObject({ status: 404 })
  })
})

describe('every binding of a part', () => {
  const file = random(250 * KiB)
  let begun: Begun
  let uploadId: string
  let urls: Parts
  let first: Part

  beforeAll(async () => {
    begun = await begin(file.length)
    uploadId = await initiate(begun)
    urls = await partsOf(begun, uploadId)
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
    const wish = { operation: 'multipart-parts', ticket: begun.ticket, uploadId }
    expect(await refused(wish, bob)).toMatchObject({ status: 403, code: 'invalid_ticket' })
    expect(await refused({ ...wish, key: 'clips/bob/a.mp4' })).toMatchObject({ status: 400 })
  })

  it.each([
    ['abc', 'invalid_ticket'],
    ['', 'invalid_request'],
    ['x'.repeat(4000), 'invalid_request'],
  ])('refuses the ticket %.10j', async (ticket, code) => {
    expect(await refused({ operation: 'multipart-parts', ticket, uploadId })).toMatchObject({
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
    const { url } = await signed<UrlAnswer>(put)
    const encoded = new URL(url).searchParams.get('callback-var') ?? ''
    const other = JSON.parse(Buffer.from(encoded, 'base64').toString())['x:ticket']
    for (const ticket of [flipped, other]) {
      const problem = await refused({ operation: 'multipart-parts', ticket, uploadId })
      expect(problem).toMatchObject({ status: 403, code: 'invalid_ticket' })
    }
  })

  it.each([[[0]], [[4]], [[1.5]], [[]], [['1']], [[10_001]], ['1'], [null]])(
    'refuses the part numbers %j',
    async (partNumbers) => {
      const wish = { operation: 'multipart-parts', ticket: begun.ticket, uploadId, partNumbers }
      const problem = await refused(wish)
      expect(problem).toMatchObject({ status: 400, code: 'invalid_request' })
      expect(problem.errors?.[0]?.path).toMatch(/^partNumbers/)
    },
  )

  it.each(['', 'a&b', '../x', 'x'.repeat(65), null, 5])('refuses the upload id %j', async (id) => {
    const wish = { operation: 'multipart-parts', ticket: begun.ticket, uploadId: id }
    expect((await refused(wish)).errors?.[0]?.path).toBe('uploadId')
  })
})

describe('a multipart wish', () => {
  const wish = {
    operation: 'multipart',
    rule: 'clips',
    filename: 'a.mp4',
    contentType: 'video/mp4',
  }

  it.each([
    [1024 * KiB + 1, 'file_too_large'],
    [0, 'file_too_small'],
  ])('is refused for %d bytes', async (contentLength, code) => {
    expect(await refused({ ...wish, contentLength })).toMatchObject({ code })
  })

  it.each([undefined, -1, 1.5, '5', null])(
    'is refused with the length %j',
    async (contentLength) => {
      const problem = await refused({ ...wish, contentLength })
      expect(problem.errors?.map(({ path }) => path)).toEqual(['contentLength'])
    },
  )

  it('is refused where the rule has no uploads in parts', async () => {
    expect(await refused({ ...wish, rule: 'whole', contentLength: 5 })).toMatchObject({
      status: 403,
    })
  })

  it('is refused for a type outside the rule', async () => {
    const problem = await refused({ ...wish, contentLength: 5, contentType: 'application/pdf' })
    expect(problem).toMatchObject({ code: 'file_type_not_allowed' })
  })
})

describe('100 wishes in one request', () => {
  const put = { rule: 'clips', operation: 'put', filename: 'a.mp4', contentType: 'video/mp4' }

  it('each get their own verdict, in order', async () => {
    const requests = Array.from({ length: 100 }, (_, index) => ({ ...put, contentLength: index }))
    const { results } = await signed<{ results: (UrlAnswer & Problem)[] }>({ requests })
    expect(results).toHaveLength(100)
    expect(results[0]).toMatchObject({ status: 403, code: 'file_too_small' })
    expect(results[5]).toMatchObject({ headers: { 'content-length': '5' } })
    expect(await sendUrl(results[5] as UrlAnswer, random(5))).toMatchObject({ status: 200 })
  })

  it('may mix whatever a single request may ask for', async () => {
    const requests = [
      { ...put, contentLength: 5 },
      { ...put, operation: 'multipart', contentLength: 5 },
      { operation: 'get', rule: 'clips', key: 'clips/bob/a.mp4' },
      null,
      { requests: [] },
    ]
    const { results } = await signed<{ results: Record<string, unknown>[] }>({ requests })
    expect(results.map(({ code, partCount, method }) => code ?? partCount ?? method)).toEqual([
      'PUT',
      1,
      'not_allowed',
      'invalid_request',
      'invalid_request',
    ])
  })

  it.each([[[]], [Array(101).fill({})], ['x'], [null], [{}]])(
    'are refused as %.20j',
    async (requests) => {
      expect(await refused({ requests })).toMatchObject({ status: 400, code: 'invalid_request' })
    },
  )

  it('are refused with anything beside them', async () => {
    expect(await refused({ requests: [put], rule: 'clips' })).toMatchObject({ status: 400 })
  })
})

describe(`a file of ${LARGE_GIB} GiB`, () => {
  it('goes up in parts by URL and comes back byte for byte', async () => {
    const contentLength = LARGE_GIB * GiB
    const wish = {
      operation: 'multipart',
      rule: 'videos',
      filename: 'long.mp4',
      contentType: 'video/mp4',
    }
    const begun = await signed<Begun>({ ...wish, contentLength })
    expect(begun.partCount).toBe(128 * LARGE_GIB)
    const uploadId = await initiate(begun)
    const pattern = random(begun.partSize)
    const numbers = Array.from({ length: begun.partCount }, (_, index) => index + 1)
    await Promise.all([sendEvery(0), sendEvery(1), sendEvery(2)])
    async function sendEvery(worker: number): Promise<void> {
      const bytes = Buffer.from(pattern)
      for (let at = worker; at < numbers.length; at += 3) {
        // Asked for one by one, late: nothing expires in a queue.
        const { parts } = await partsOf(begun, uploadId, [at + 1])
        bytes.writeUInt32LE(at + 1)
        expect(await send(parts[0] as Part, bytes)).toMatchObject({ status: 200 })
      }
    }
    const { complete } = await partsOf(begun, uploadId)
    const { status, text } = await send(complete)
    expect({ status, text }).toMatchObject({ status: 200, text: expect.stringContaining('"ok"') })
    const get = await signed<UrlAnswer>({ operation: 'get', rule: 'videos', key: begun.key })
    expect(await matches(get.url, pattern)).toBe(contentLength)
  }, 600_000)
})

/** Reads a URL and counts the bytes that are as every part was sent; stops at the first that is not. */
async function matches(url: string, pattern: Buffer): Promise<number> {
  const { body } = await fetch(url)
  let at = 0
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    for (let from = 0; from < chunk.length; ) {
      const inPart = at % pattern.length
      const length = Math.min(chunk.length - from, pattern.length - inPart)
      const expected = pattern.subarray(inPart, inPart + length)
      const number = Buffer.alloc(4)
      number.writeUInt32LE(Math.floor(at / pattern.length) + 1)
      const seen = Buffer.from(chunk.subarray(from, from + length))
      for (let index = 0; index < 4 - inPart && index < length; index++) {
        if (seen[index] !== number[inPart + index]) return at
        seen[index] = expected[index] ?? 0
      }
      if (!seen.equals(expected)) return at
      from += length
      at += length
    }
  }
  return at
}
