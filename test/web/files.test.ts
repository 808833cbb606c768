// Covers web/files: the files of a user, as the page shows them.
import type { Page } from 'playwright-core'
import { ownerClient, random, sha256, storedHash } from '../e2e/support/client'
import { until } from '../support/until'
import { choose, isStored, PIXEL, type Stage, startStage } from './support/harness'

const HOME = 'media/alice/'
const PDF = random(40_000)
const HEBREW = 'מסמך 1.pdf'

const RULES = 'test/support/rules/listed.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startStage(RULES)
  const { put } = store()
  await put('report.pdf', PDF)
  for (const name of ['photo.png', 'trip/2024/day 1.png']) await put(name, PIXEL)
  await put('broken.png', Buffer.from('no picture'))
  await put('notes.txt', Buffer.from('line of text\n'.repeat(6000)))
  await put('empty.txt', Buffer.alloc(0))
  await put(HEBREW, Buffer.from('x'))
  for (const name of Array.from({ length: 61 }, (_, index) => `many/${100 + index}.txt`)) {
    await put(name, Buffer.from(name))
  }
}, 60_000)

afterAll(() => stage.close())

function store() {
  const owner = ownerClient(stage.cloud.info)
  return {
    put: (name: string, body: Buffer) => owner.put(HOME + name, body),
    remove: (name: string) => owner.delete(HOME + name),
    has: (name: string) => isStored(stage.cloud, HOME + name),
  }
}

function row(page: Page, name: string) {
  const title = page.locator('.file-name').getByText(name, { exact: true })
  return page.locator('.file').filter({ has: title })
}

const names = (page: Page) => page.locator('.file-name').allInnerTexts()
const press = (page: Page, label: string) => page.getByRole('button', { name: label }).click()

test('lists folders and files with sizes and dates, opens folders, goes on where a list is long', async () => {
  const { page, complaints, close } = await stage.open()
  await row(page, 'report.pdf').waitFor()
  const expected = ['broken.png', 'empty.txt', 'notes.txt', 'photo.png', 'report.pdf']
  expect(await names(page)).toEqual(['many', 'trip', ...expected, HEBREW])
  expect(await row(page, 'report.pdf').textContent()).toMatch(/39\.1 KiB · .*20\d\d/)
  expect(await row(page, 'empty.txt').textContent()).toContain('0 bytes')
  expect(await page.locator('bdi').getByText(HEBREW).count()).toBe(1)
  expect(await page.locator('.files-panel').textContent()).toContain(
    'Files of avatar are not shown',
  )

  await row(page, 'trip').getByRole('button').click()
  await row(page, '2024').getByRole('button').click()
  await row(page, 'day 1.png').waitFor()
  const crumbs = page.getByRole('navigation', { name: 'Folder' })
  expect(await crumbs.locator('li').allInnerTexts()).toEqual(['media', 'trip', '2024'])
  expect(await crumbs.locator('[aria-current=page]').textContent()).toBe('2024')
  await crumbs.getByRole('button', { name: 'trip' }).click()
  await row(page, '2024').waitFor()
  await crumbs.getByRole('button', { name: 'media' }).click()

  await row(page, 'many').getByRole('button').click()
  await page.getByText('50 files so far.').waitFor()
  await press(page, 'Show more')
  await page.getByText('61 files', { exact: true }).waitFor()
  expect(await page.locator('.file').count()).toBe(61)
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0)
  const list = page.locator('.file-list')
  expect(await list.evaluate(({ clientHeight }) => clientHeight)).toBeLessThan(500)

  // What is chosen for uploads is shown, too.
  await choose(page, 'What for', 'album')
  await page.getByText('No files yet').waitFor()
  expect(await page.locator('.file').count()).toBe(0)
  expect(complaints).toEqual([])
  await close()
}, 60_000)

test('shows pictures and texts, and says what is empty, no picture, or gone in words of its own', async () => {
  await store().put('gone.png', PIXEL)
  const { page, close } = await stage.open()
  const picture = row(page, 'photo.png').locator('img')
  const isShown = (images: Element[]) =>
    images.some((image) => image instanceof HTMLImageElement && image.naturalWidth > 0)
  // Pictures are loaded once their rows are in sight.
  await until(
    () => picture.evaluateAll(isShown),
    () => void row(page, 'photo.png').scrollIntoViewIfNeeded(),
  )
  await row(page, 'broken.png').getByText('not one that a browser can show').waitFor()

  const look = async (name: string, expected: string | RegExp) => {
    await row(page, name).getByRole('button').first().click()
    const dialog = page.getByRole('dialog', { name })
    await dialog.getByText(expected).first().waitFor()
    const text = await dialog.textContent()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    return text
  }
  expect(await look('notes.txt', /line of text/)).toContain('This is the beginning.')
  await look('empty.txt', 'This file is empty')
  await look('report.pdf', 'No preview')
  await look('broken.png', 'Not a picture')

  await store().remove('gone.png')
  await press(page, 'Download gone.png')
  await row(page, 'gone.png').getByText('no longer stored').waitFor()
  await look('gone.png', 'This file is gone')
  expect(page.url()).toBe(`${stage.cloud.info.gateway}/`)
  expect(await page.locator('body').textContent()).not.toMatch(/NoSuchKey|<Error|<\?xml/)
  await close()
}, 60_000)

test('saves a file under its name and copies a link that is good as long as it says', async () => {
  const { page, complaints, close } = await stage.open()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const saving = page.waitForEvent('download')
  await press(page, 'Download report.pdf')
  const saved = await saving
  expect(saved.suggestedFilename()).toBe('report.pdf')
  const chunks: Buffer[] = []
  for await (const chunk of await saved.createReadStream()) chunks.push(chunk)
  expect(sha256(Buffer.concat(chunks))).toBe(sha256(PDF))

  await press(page, 'Copy a link to report.pdf')
  await row(page, 'report.pdf').getByText('It works for 15 minutes').waitFor()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  const fetched = await fetch(link)
  expect(sha256(Buffer.from(await fetched.arrayBuffer()))).toBe(sha256(PDF))

  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  await press(page, 'Copy a link to photo.png')
  const shown = await row(page, 'photo.png').getByLabel('Signed link').inputValue()
  expect((await fetch(shown)).status).toBe(200)
  expect(complaints).toEqual([])
  await close()
}, 60_000)

test('deletes five seconds later, and not at all for who takes it back or leaves', async () => {
  const { put, has, remove } = store()
  for (const name of ['a.txt', 'b.txt', 'c.txt']) await put(name, Buffer.from(name))
  const { page, complaints, close } = await stage.open()
  await page.clock.install()
  await press(page, 'Delete a.txt')
  await page.getByText('Will be deleted in 5 seconds').waitFor()
  expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Keep it: a.txt')
  await page.keyboard.press('Enter')
  await page.clock.runFor(6000)
  await row(page, 'a.txt').getByRole('button', { name: 'Delete a.txt' }).waitFor()

  await press(page, 'Delete b.txt')
  await page.clock.runFor(4900)
  expect(await has('b.txt')).toBe(true)
  await page.clock.runFor(200)
  await row(page, 'b.txt').waitFor({ state: 'detached' })
  expect([await has('a.txt'), await has('b.txt')]).toEqual([true, false])
  expect(await page.locator(':focus').getAttribute('id')).toBe('files-title')

  await press(page, 'Delete c.txt')
  await page.getByText('Will be deleted').waitFor()
  await page.reload()
  await row(page, 'c.txt').getByRole('button', { name: 'Delete c.txt' }).waitFor()
  await page.clock.runFor(6000)
  expect(await has('c.txt')).toBe(true)
  expect(complaints).toEqual([])
  for (const name of ['a.txt', 'c.txt']) await remove(name)
  await close()
}, 60_000)

test('replaces a file in its folder under its own name, whatever the new one is called', async () => {
  const { put, has } = store()
  await put('trip/old.txt', Buffer.from('old'))
  const { page, complaints, close } = await stage.open()
  await row(page, 'trip').getByRole('button').click()
  const buffer = Buffer.from('a longer text')
  const chooser = row(page, 'old.txt').locator('input[type=file]')
  await chooser.setInputFiles({ name: 'any.txt', mimeType: 'text/plain', buffer })
  await row(page, 'old.txt').getByText('13 bytes').waitFor()
  expect(await storedHash(stage.cloud.info, `${HOME}trip/old.txt`)).toBe(sha256(buffer))
  expect([await has('trip/any.txt'), await has('old.txt')]).toEqual([false, false])
  expect(complaints).toEqual([])
  await close()
}, 60_000)

test("shows the files of the user who is signed in, in the browser's language, and what may be done", async () => {
  const { page, complaints, close } = await stage.open({ sub: 'bob', locale: 'zh-CN' })
  await page.getByText('还没有文件').waitFor()
  expect(await page.locator('#files-title').textContent()).toContain('bob')
  await ownerClient(stage.cloud.info).put('album/bob/b.png', PIXEL)
  await page.getByRole('radio', { name: 'album', exact: true }).check()
  await row(page, 'b.png').waitFor()
  const labels = await row(page, 'b.png')
    .locator('.icon-button')
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')))
  // The rule neither replaces nor removes.
  expect(labels).toEqual(['复制 b.png 的链接', '下载 b.png'])
  expect(complaints).toEqual([])
  await close()
}, 60_000)
