import { random } from './support/client'
import {
  type Begun,
  initiate,
  type Part,
  partsOf,
  send,
  shareLargeFiles,
  signed,
} from './support/large'

const KiB = 1024
const GiB = 1024 ** 3
// `npm run test:deep` sends 3 GiB. By default as many parts of the minimum size take the same path.
const LARGE_GIB = Number(process.env.LARGE_FILE_GIB ?? 0)
const LARGE =
  LARGE_GIB > 0
    ? { rule: 'videos', partCount: 128 * LARGE_GIB, contentLength: LARGE_GIB * GiB }
    : { rule: 'reels', partCount: 128, contentLength: 128 * 100 * KiB }
const cloud = shareLargeFiles()

describe(`a file of ${LARGE.partCount} parts`, () => {
  it('goes up in parts by URL and comes back byte for byte', async () => {
    const { rule, partCount, contentLength } = LARGE
    const request = { operation: 'multipart', rule, filename: 'long.mp4', contentType: 'video/mp4' }
    const begun = await signed<Begun>(cloud(), { ...request, contentLength })
    expect(begun.partCount).toBe(partCount)
    const uploadId = await initiate(begun)
    const pattern = random(begun.partSize)
    const numbers = Array.from({ length: begun.partCount }, (_, index) => index + 1)
    await Promise.all([sendEvery(0), sendEvery(1), sendEvery(2)])
    async function sendEvery(worker: number): Promise<void> {
      const bytes = Buffer.from(pattern)
      for (let at = worker; at < numbers.length; at += 3) {
        // Requested one by one, late, so that no URL expires in a queue.
        const { parts } = await partsOf(cloud(), { ticket: begun.ticket, uploadId }, [at + 1])
        bytes.writeUInt32LE(at + 1)
        expect(await send(parts[0] as Part, bytes)).toMatchObject({ status: 200 })
      }
    }
    const { complete } = await partsOf(cloud(), { ticket: begun.ticket, uploadId })
    const { status, text } = await send(complete)
    expect({ status, text }).toMatchObject({ status: 200, text: expect.stringContaining('"ok"') })
    const get = await signed(cloud(), { operation: 'get', rule, key: begun.key })
    expect(await matches(get.url, pattern)).toBe(contentLength)
  }, 600_000)
})

/** Reads a URL and counts the bytes that match the parts as sent; stops at the first mismatch. */
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
