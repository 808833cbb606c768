import type { Page } from 'playwright-core'
import { eventsOf } from '../../e2e/support/client'
import { share } from '../../support/share'
import { until } from '../../support/until'
import { startStage } from '../support/browser'
import { PART } from '../support/parts'

const stage = share(() => startStage('test/support/rules/parts.ts'))

declare global {
  interface Window {
    upload: import('../../../client').Upload
  }
}

/** Begins to upload a file that is the same in every page. */
function begin(page: Page, name: string, more: object = {}): Promise<void> {
  return page.evaluate(
    ([filename, bytes, options]) => {
      const content = new Uint8Array(bytes).map((_, index) => index % 251)
      const about = { type: 'video/mp4', lastModified: 1_700_000_000_000 }
      const file = new File([content], filename, about)
      window.upload = window.oss.upload(file, { rule: 'films', mechanism: 'parts', ...options })
      window.upload.done.catch(() => {})
    },
    [name, 12 * PART, more] as const,
  )
}

function finish(page: Page) {
  return page.evaluate(() => window.upload.done)
}

/** How many parts of a file OSS was sent. */
function partsOf(name: string): number {
  const requests = stage().cloud.requests()
  return requests.filter(
    (request) =>
      request.service === 'oss' && request.method === 'PUT' && request.key?.endsWith(`/${name}`),
  ).length
}

/** Begins an upload and pauses it once some parts are there. */
async function beginHalf(page: Page, name: string): Promise<void> {
  await begin(page, name, { concurrency: 1 })
  await page.evaluate(
    (bytes) =>
      new Promise<void>((resolve) => {
        const timer = setInterval(() => {
          if (window.upload.progress.sentBytes < bytes) return
          clearInterval(timer)
          window.upload.pause()
          resolve()
        }, 1)
      }),
    3 * PART,
  )
}

it('goes on after its page was closed, without what OSS has, and one event comes', async () => {
  const { page } = await stage().open()
  await beginHalf(page, 'closed.mp4')
  const before = partsOf('closed.mp4')
  const { page: next, complaints } = await stage().openBeside(page)
  await page.close()
  await until(() => next.evaluate(async () => !(await navigator.locks.query()).held?.length))
  await begin(next, 'closed.mp4')
  const { key, proven } = await finish(next)
  expect(proven).toBe(true)
  expect(before).toBeGreaterThanOrEqual(2)
  expect(partsOf('closed.mp4') - before).toBeLessThanOrEqual(10)
  expect(await eventsOf(stage().cloud.info, key)).toHaveLength(1)
  expect(await next.evaluate(() => localStorage.length)).toBe(0)
  expect(complaints).toEqual([])
})

it('is left to its page by another page with the same file, which uploads it for itself', async () => {
  const { page } = await stage().open()
  await beginHalf(page, 'twice.mp4')
  const { page: other } = await stage().openBeside(page)
  const before = partsOf('twice.mp4')
  await begin(other, 'twice.mp4')
  await expect(finish(other)).resolves.toMatchObject({ proven: true })
  expect(partsOf('twice.mp4') - before).toBe(12)
  await page.evaluate(() => window.upload.resume())
  await expect(finish(page)).resolves.toMatchObject({ proven: true })
  await until(async () => (await page.evaluate(() => localStorage.length)) === 0)
})

it('is compared with the CRC-64 in a page whose policy forbids workers', async () => {
  const { page } = await stage().open()
  await begin(page, 'checked.mp4', { verifyCrc64: true })
  await expect(finish(page)).resolves.toMatchObject({ proven: true })
})
