import { createHash } from 'node:crypto'
import { get } from 'node:http'
import type { Page } from 'playwright-core'
import { token } from '../e2e/client'
import { MiB, type OpenPage, type Stage, startStage } from './harness'

const BYTES = 200 * MiB
const KEY = 'media/alice/large.bin'

type Request = { method: string; url: string; headers: Record<string, string> }
type Upload = { ticket: string; uploadId: string; partSize: number }
type Parts = {
  parts: (Request & { partNumber: number; size: number })[]
  list: Request
  complete: Request
}

let stage: Stage
let open: OpenPage
let bearer: string

beforeAll(async () => {
  stage = await startStage()
  open = await stage.open()
  bearer = await token(stage.cloud.info, 'alice')
}, 60_000)

afterAll(async () => {
  await open?.close()
  await stage?.close()
})

/** Asks `/signed-url` from within the page. */
function ask<Answer>(page: Page, wish: object): Promise<Answer> {
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
    [`Bearer ${bearer}`, JSON.stringify(wish)] as const,
  )
}

/** Sends one signed request from within the page; `size` bytes of the file from `start` on, if any. */
function send(page: Page, { method, url, headers }: Request, start = 0, size = 0): Promise<string> {
  return page.evaluate(
    async ([method, url, headers, start, size]) => {
      const words = new Uint32Array(size / 4)
      for (let at = 0; at < words.length; at += 1) words[at] = Math.imul(start / 4 + at, 2654435761)
      const allowed = Object.entries(headers).filter(([name]) => name !== 'content-length')
      const answer = await fetch(url, {
        method,
        headers: Object.fromEntries(allowed),
        ...(size > 0 && { body: words }),
      })
      const text = await answer.text()
      if (answer.status !== 200) throw new Error(`${answer.status} ${text}`)
      return text
    },
    [method, url, headers, start, size] as const,
  )
}

async function begin(page: Page): Promise<Upload> {
  const wish = { rule: 'media', filename: 'large.bin', contentType: 'application/octet-stream' }
  const begun = await ask<{ ticket: string; partSize: number; initiate: Request }>(page, {
    ...wish,
    operation: 'multipart',
    contentLength: BYTES,
  })
  const uploadId = /<UploadId>(\w+)</.exec(await send(page, begun.initiate))?.[1] ?? ''
  return { ticket: begun.ticket, partSize: begun.partSize, uploadId }
}

function partsOf(page: Page, { ticket, uploadId }: Upload, numbers?: number[]): Promise<Parts> {
  const wish = { operation: 'multipart-parts', ticket, uploadId }
  return ask<Parts>(page, { ...wish, ...(numbers && { partNumbers: numbers }) })
}

async function sendParts(page: Page, { parts }: Parts, { partSize }: Upload): Promise<void> {
  for (const part of parts) {
    await send(page, part, (part.partNumber - 1) * partSize, part.size)
  }
}

function expectedHash(): string {
  const words = new Uint32Array(BYTES / 4)
  for (let at = 0; at < words.length; at += 1) words[at] = Math.imul(at, 2654435761)
  return createHash('sha256').update(words).digest('hex')
}

async function storedHash(page: Page): Promise<string> {
  const { url } = await ask<Request>(page, { rule: 'media', operation: 'get', key: KEY })
  const hash = createHash('sha256')
  await new Promise((resolve, reject) => {
    get(url, (answer) => answer.on('data', (chunk) => hash.update(chunk)).on('end', resolve)).on(
      'error',
      reject,
    )
  })
  return hash.digest('hex')
}

it('sends 200 MiB in parts by URL, goes on after a reload in the middle, and is told once', async () => {
  const { page, complaints } = open
  const first = await begin(page)
  const half = Array.from({ length: BYTES / first.partSize / 2 }, (_, index) => index + 1)
  await sendParts(page, await partsOf(page, first, half), first)
  await page.evaluate((upload) => localStorage.setItem('upload', upload), JSON.stringify(first))

  await page.reload()
  const kept = await page.evaluate(() => localStorage.getItem('upload') ?? '')
  const upload: Upload = JSON.parse(kept)
  const { list } = await partsOf(page, upload)
  const found = [...(await send(page, list)).matchAll(/<PartNumber>(\d+)</g)].map(([, n]) =>
    Number(n),
  )
  expect(found).toEqual(half)
  const all = Array.from({ length: BYTES / upload.partSize }, (_, index) => index + 1)
  const missing = all.filter((number) => !found.includes(number))
  const rest = await partsOf(page, upload, missing)
  await sendParts(page, rest, upload)
  const proof = JSON.parse(await send(page, rest.complete))

  expect(proof).toMatchObject({ status: 'ok', key: KEY, size: BYTES })
  expect(await storedHash(page)).toBe(expectedHash())
  const events = await (await fetch(`${stage.cloud.info.gateway}/local/events`)).text()
  expect(events.split(`"subject":"${KEY}"`)).toHaveLength(2)
  expect(complaints).toEqual([])
}, 240_000)
