import type { Proof } from './support/client'
import {
  type Begun,
  begin,
  initiate,
  type Part,
  type Parts,
  partsOf,
  send,
  shareLargeFiles,
} from './support/large'

const PART_BYTES = 100 * 1024
const AT_ONCE = 8
const cloud = shareLargeFiles()
const bytes = Buffer.alloc(PART_BYTES, 'a')

type Upload = { begun: Begun; ticket: string; uploadId: string }

async function start(partCount: number, lastBytes = PART_BYTES): Promise<Upload> {
  const begun = await begin(cloud(), (partCount - 1) * PART_BYTES + lastBytes, { rule: 'films' })
  expect(begun.partCount).toBe(partCount)
  return { begun, ticket: begun.ticket, uploadId: await initiate(begun) }
}

async function urlsOf(upload: Upload, numbers: number[]): Promise<Parts[]> {
  const pages = Array.from({ length: Math.ceil(numbers.length / 1000) }, (_, page) =>
    numbers.slice(page * 1000, (page + 1) * 1000),
  )
  return Promise.all(pages.map((page) => partsOf(cloud(), upload, page)))
}

async function sendParts(upload: Upload, numbers: number[]): Promise<void> {
  const waiting = (await urlsOf(upload, numbers)).flatMap(({ parts }) => parts)
  const sendNext = async (): Promise<void> => {
    const part: Part | undefined = waiting.pop()
    if (part === undefined) return
    expect(await send(part, bytes.subarray(0, part.size))).toMatchObject({ status: 200 })
    return sendNext()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sendNext))
}

/** Returns the numbers of the parts that these requests list, each once. */
async function listed(lists: Parts['lists']): Promise<{ numbers: Set<number>; text: string }> {
  const text = (await Promise.all(lists.map((list) => send(list)))).map((page) => page.text).join()
  const numbers = [...text.matchAll(/<PartNumber>(\d+)</g)].map(([, number]) => Number(number))
  return { numbers: new Set(numbers), text }
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('an upload of more than 1,000 parts', () => {
  it('goes on with exactly what all of its lists lack', async () => {
    const missing = [500, 1003]
    const upload = await start(1003, 7)
    await sendParts(
      upload,
      upTo(1003).filter((number) => !missing.includes(number)),
    )
    const { list, lists, complete } = await partsOf(cloud(), upload, [1])
    const first = await listed([list])
    expect(first.text).toContain('<IsTruncated>true<')
    expect(first.numbers.size).toBe(1000)
    const { numbers } = await listed(lists)
    const lacking = upTo(1003).filter((number) => !numbers.has(number))
    expect(lacking).toEqual(missing)
    await sendParts(upload, lacking)
    const { status, text } = await send(complete)
    const proof: Proof = JSON.parse(text)
    expect({ status, size: proof.size }).toEqual({ status: 200, size: 1002 * PART_BYTES + 7 })
  }, 120_000)

  it.each([
    [1000, 1],
    [1001, 2],
    [10_000, 10],
  ])('of %d has %d lists, the first of which is `list`', async (partCount, count) => {
    const { list, lists } = await partsOf(cloud(), await start(partCount), [partCount])
    expect(lists).toHaveLength(count)
    expect(lists[0]).toEqual(list)
    for (const each of lists) expect(await send(each)).toMatchObject({ status: 200 })
  })
})
