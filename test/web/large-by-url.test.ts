import type { Page } from 'playwright-core'
import { type Info, random, sha256, storedHash, token } from '../e2e/support/client'
import { type OpenPage, type Stage, startStage } from './support/harness'

const KiB = 1024
// Ten parts of 100 KiB, the last one shorter.
const FILE = random(950 * KiB)

type Request = { method: string; url: string; headers: Record<string, string> }
type Upload = { key: string; ticket: string; uploadId: string; partSize: number; partCount: number }
type Parts = {
  parts: (Request & { partNumber: number; size: number })[]
  list: Request
  complete: Request
}

let stage: Stage
let open: OpenPage
let bearer: string

beforeAll(async () => {
  stage = await startStage('test/support/rules/large.ts')
  open = await stage.open()
  bearer = await token(stage.cloud.info, 'alice')
}, 60_000)

afterAll(async () => {
  await open?.close()
  await stage?.close()
})

/** Calls `/signed-url` from within the page. */
function ask<Answer>(page: Page, request: object): Promise<Answer> {
  return page.evaluate(
    async ([authorization, body]) => {
      const answer = await fetch('/signed-url', {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body,
      })
      if (!answer.ok) throw new Error(await answer.text())
      return answer.json()
    },
    [`Bearer ${bearer}`, JSON.stringify(request)] as const,
  )
}

/** Sends one signed request from within the page, with these bytes if any. */
function send(page: Page, { method, url, headers }: Request, bytes = FILE.subarray(0, 0)) {
  return page.evaluate(
    async ([method, url, headers, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
      const allowed = Object.entries(headers).filter(([name]) => name !== 'content-length')
      const answer = await fetch(url, {
        method,
        headers: Object.fromEntries(allowed),
        ...(bytes.length > 0 && { body: bytes }),
      })
      const text = await answer.text()
      if (answer.status !== 200) throw new Error(`${answer.status} ${text}`)
      return text
    },
    [method, url, headers, bytes.toString('base64')] as const,
  )
}

async function begin(page: Page): Promise<Upload> {
  const { initiate, ...begun } = await ask<Omit<Upload, 'uploadId'> & { initiate: Request }>(page, {
    ...{ rule: 'clips', operation: 'multipart', filename: 'long.mp4', contentType: 'video/mp4' },
    contentLength: FILE.length,
  })
  const uploadId = /<UploadId>(\w+)</.exec(await send(page, initiate))?.[1] ?? ''
  return { ...begun, uploadId }
}

function partsOf(page: Page, { ticket, uploadId }: Upload, numbers?: number[]): Promise<Parts> {
  const request = { operation: 'multipart-parts', ticket, uploadId }
  return ask<Parts>(page, { ...request, ...(numbers && { partNumbers: numbers }) })
}

async function sendParts(page: Page, { parts }: Parts, { partSize }: Upload): Promise<void> {
  for (const part of parts) {
    const start = (part.partNumber - 1) * partSize
    await send(page, part, FILE.subarray(start, start + part.size))
  }
}

/** Returns how many events the application received for this upload. */
async function eventsOf({ gateway }: Info, key: string): Promise<number> {
  const events = await (await fetch(`${gateway}/local/events`)).text()
  return events.split(`"subject":"${key}"`).length - 1
}

it('sends a file in parts by URL, goes on after a reload in the middle, and is told once', async () => {
  const { page, complaints } = open
  const preflights = countPreflights()
  const first = await begin(page)
  expect(first.partCount).toBe(10)
  await sendParts(page, await partsOf(page, first, [1, 2, 3, 4, 5]), first)
  await page.evaluate((upload) => localStorage.setItem('upload', upload), JSON.stringify(first))

  await page.reload()
  const kept = await page.evaluate(() => localStorage.getItem('upload') ?? '')
  const upload: Upload = JSON.parse(kept)
  const { list } = await partsOf(page, upload)
  const listed = await send(page, list)
  const found = [...listed.matchAll(/<PartNumber>(\d+)</g)].map(([, number]) => Number(number))
  expect(found).toEqual([1, 2, 3, 4, 5])
  const rest = await partsOf(page, upload, [6, 7, 8, 9, 10])
  await sendParts(page, rest, upload)
  const proof = JSON.parse(await send(page, rest.complete))

  expect(proof).toMatchObject({ status: 'ok', key: upload.key, size: FILE.length })
  expect(await storedHash(stage.cloud.info, upload.key)).toBe(sha256(FILE))
  expect(await eventsOf(stage.cloud.info, upload.key)).toBe(1)
  expect(preflights()).toBeGreaterThanOrEqual(10)
  expect(complaints).toEqual([])
}, 60_000)

/** Counts the browser's preflights to OSS from now on. */
function countPreflights(): () => number {
  const count = () => stage.cloud.requests().filter(({ method }) => method === 'OPTIONS').length
  const before = count()
  return () => count() - before
}
