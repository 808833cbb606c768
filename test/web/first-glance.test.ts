import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import { sha256, storedHash } from '../e2e/support/client'
import { give, PIXEL, row, type Stage, settled, startStage } from './support/harness'

let stage: Stage
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oss-direct-page-'))
  mkdirSync(join(folder, 'trip/day one/empty'), { recursive: true })
  writeFileSync(join(folder, 'trip/map.txt'), 'map')
  writeFileSync(join(folder, 'trip/day one/sea.txt'), 'sea')
  writeFileSync(join(folder, 'trip/.DS_Store'), 'junk')
  stage = await startStage()
}, 60_000)

afterAll(async () => {
  await stage?.close()
  rmSync(folder, { recursive: true })
})

function sidewaysIn(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
}

test('shows on a phone one sentence and one place for files, the settings folded, nothing sideways', async () => {
  const { page, complaints, close } = await stage.open({
    ...{ viewport: { width: 390, height: 664 }, hasTouch: true, isMobile: true },
  })
  const button = page.getByRole('button', { name: 'Choose files' })
  const box = await button.boundingBox()
  expect(box && box.y > 0 && box.y + box.height < 664 && box.x + box.width < 390).toBe(true)
  await page.getByText('Your files go straight to OSS.').waitFor()
  await page.getByText('As alice · media · Automatic').waitFor()
  expect(await page.locator('.settings').getByRole('radio').filter({ visible: true }).count()).toBe(
    0,
  )
  expect(await page.locator('#camera').getAttribute('capture')).toBe('environment')
  await page.getByRole('button', { name: 'Take a photo' }).waitFor()
  await page.getByText('As alice · media · Automatic').tap()
  // A word of the product is explained when it is touched.
  await page.getByRole('button', { name: 'What is this: STS credentials' }).tap()
  const tip = page.getByRole('tooltip').filter({ visible: true })
  expect(await tip.textContent()).toContain('short-lived keys (Security Token Service)')
  const long = `${'a-very-long-name-'.repeat(9)}.png`
  await give(page, { name: long, mimeType: 'image/png', buffer: PIXEL })
  await settled(page, long, 'done')
  expect(await sidewaysIn(page)).toBe(0)
  expect(complaints).toEqual([])
  await close()
})

test('takes chosen and dropped folders and keeps the paths of their files', async () => {
  const { page, complaints, close } = await stage.open({ rule: 'media' })
  await page.locator('#folder').setInputFiles(join(folder, 'trip'))
  await settled(page, 'map.txt', 'done')
  await settled(page, 'sea.txt', 'done')
  expect(await page.locator('.row').count()).toBe(2)
  expect(await row(page, 'sea.txt').locator('.folder').textContent()).toBe('trip/day one/')
  const hash = await storedHash(stage.cloud.info, 'media/alice/trip/day one/sea.txt')
  expect(hash).toBe(sha256(Buffer.from('sea')))
  await page.getByRole('button', { name: 'Clear finished' }).click()
  const session = await page.context().newCDPSession(page)
  await drop(session, [join(folder, 'trip'), join(folder, 'trip/map.txt')])
  await page.locator('.row').nth(2).waitFor()
  // What is there already is named before it is replaced.
  await page.getByText('2 names are taken').waitFor()
  await page.locator('.taken-names').getByRole('button', { name: 'Replace' }).click()
  await page.locator('.row[data-state=done]').nth(2).waitFor()
  expect(await storedHash(stage.cloud.info, 'media/alice/map.txt')).toBe(sha256(Buffer.from('map')))
  expect(complaints).toEqual([])
  await close()
}, 60_000)

async function drop(session: CDPSession, files: string[]): Promise<void> {
  const data = { items: [], files, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 300, y: 200, data })
  }
}

test('shows 200 files in a list of bounded height, the one in progress in sight', async () => {
  const { page, complaints, close } = await stage.open({
    ...{ rule: 'media', way: 'Signed URL', viewport: { width: 1440, height: 900 } },
  })
  const files = Array.from({ length: 200 }, (_, index) => ({
    ...{ name: `many-${index}.png`, mimeType: 'image/png', buffer: PIXEL },
  }))
  await give(page, ...files)
  await page
    .locator('.summary')
    .getByText(/ of 200 files/)
    .waitFor()
  await row(page, 'many-60.png').waitFor({ timeout: 60_000 })
  expect(await page.locator('.row').count()).toBeLessThan(100)
  const { list, queue } = await page.evaluate(() => ({
    list: document.querySelector('.rows')?.clientHeight ?? 0,
    queue: document.querySelector('.queue')?.clientHeight ?? 0,
  }))
  expect(list).toBeLessThan(0.61 * 900)
  expect(queue).toBeLessThan(900)
  const running = page.locator('.row:is([data-state=sending],[data-state=proving])').first()
  await expect(isInSight(page)).resolves.toBe(true)
  await running.waitFor()
  await page.getByRole('button', { name: 'Cancel all' }).click()
  await page.getByRole('button', { name: 'Clear finished' }).click()
  expect(complaints).toEqual([])
  await close()
}, 120_000)

/** Whether a row that is on its way is within the visible part of the list. */
function isInSight(page: Page): Promise<boolean> {
  return page
    .waitForFunction(() => {
      const list = document.querySelector('.rows')?.getBoundingClientRect()
      const rows = document.querySelectorAll(
        '.row:is([data-state=sending],[data-state=proving],[data-state=offline])',
      )
      return [...rows].some((each) => {
        const { top, bottom } = each.getBoundingClientRect()
        return list && top >= list.top && bottom <= list.bottom
      })
    })
    .then(() => true)
}
