import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { eventsOf, random, sha256, storedHash } from '../e2e/support/client'
import {
  give,
  holdBack,
  KiB,
  limitSpeed,
  press,
  row,
  type Stage,
  settled,
  startStage,
  unfinishedIn,
} from './support/harness'

// Ten parts of 100 KiB, the last one shorter.
const BYTES = random(950 * KiB)

let stage: Stage
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oss-direct-page-'))
  stage = await startStage()
}, 60_000)

afterAll(async () => {
  await stage?.close()
  rmSync(folder, { recursive: true })
})

/** A file with a date of its own, by which it is known again. */
function fileOf(name: string, bytes = BYTES): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

function partNumber({ searchParams }: URL): number {
  return Number(searchParams.get('partNumber'))
}

/** Sends five of ten parts and holds back the others. */
async function sendHalf(page: Page, path: string, name: string): Promise<() => void> {
  const goOn = await holdBack(page, (url) => partNumber(url) > 5)
  await page.locator('#files').setInputFiles(path)
  await row(page, name)
    .getByText(/5[0-9]%/)
    .waitFor()
  return goOn
}

/** The numbers of the parts that are sent from now on. */
function watchParts(page: Page): number[] {
  const sent: number[] = []
  page.on('request', (request) => {
    const number = partNumber(new URL(request.url()))
    if (request.method() === 'PUT' && number) sent.push(number)
  })
  return sent
}

test('goes on after a reload in the middle with what is missing, once its file is chosen again, and is told once', async () => {
  const { page, complaints, close } = await stage.open({ rule: 'media', way: 'In parts' })
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.type())
    void dialog.accept()
  })
  const path = fileOf('long.mp4')
  await sendHalf(page, path, 'long.mp4')
  // Nothing would be lost, so nothing is asked.
  await page.locator('h1').click()
  await page.reload()
  expect(dialogs).toEqual([])
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  const unfinished = page.getByRole('region', { name: 'Not finished yet' })
  await unfinished.getByText('long.mp4').waitFor()
  const chooser = page.waitForEvent('filechooser')
  await unfinished.getByRole('button', { name: 'Choose long.mp4 again' }).click()
  await (await chooser).setFiles(fileOf('other.mp4', random(10)))
  await unfinished.getByText(/That is another file. Choose long\.mp4, unchanged since/).waitFor()
  const sent = watchParts(page)
  // Chosen anywhere, it is the same upload, whatever is chosen for new files.
  await page.getByRole('radio', { name: /^avatar/ }).check()
  await page.locator('#files').setInputFiles(path)
  await settled(page, 'long.mp4', 'done')
  expect(sent.sort((one, other) => one - other)).toEqual([6, 7, 8, 9, 10])
  expect(await unfinished.count()).toBe(0)
  const key = 'media/alice/long.mp4'
  expect(await storedHash(stage.cloud.info, key)).toBe(sha256(BYTES))
  expect(await eventsOf(stage.cloud.info, key)).toHaveLength(1)
  expect(await unfinishedIn(stage.cloud)).toEqual([])
  expect(complaints).toEqual([])
  await close()
}, 60_000)

test('finds an upload again after its tab was closed, and leaves no part in OSS when it is discarded', async () => {
  const { page, close } = await stage.open({ rule: 'media', way: 'In parts' })
  await sendHalf(page, fileOf('closed.mp4'), 'closed.mp4')
  await page.close()
  const later = await page.context().newPage()
  await later.goto(stage.cloud.info.gateway)
  const unfinished = later.getByRole('region', { name: 'Not finished yet' })
  await unfinished.getByText('closed.mp4').waitFor()
  expect(await unfinishedIn(stage.cloud)).toEqual(['media/alice/closed.mp4'])
  // What another user left is nobody else's.
  await later.getByRole('radio', { name: /^bob/ }).check()
  await unfinished.waitFor({ state: 'detached' })
  await later.getByRole('radio', { name: /^alice/ }).check()
  const dropped = later.waitForResponse((each) => each.request().method() === 'DELETE')
  await unfinished.getByRole('button', { name: 'Discard closed.mp4' }).click()
  await dropped
  expect(await unfinishedIn(stage.cloud)).toEqual([])
  await unfinished.waitFor({ state: 'detached' })
  await close()
}, 60_000)

test('goes on after a reload with credentials and ali-oss too, and leaves no part of what is discarded', async () => {
  const { page, complaints, close } = await stage.open({ rule: 'media', way: 'STS credentials' })
  const bytes = random(2.5 * 1024 * KiB)
  const begin = async (name: string) => {
    await holdBack(page, (url) => partNumber(url) > 1)
    await page.locator('#files').setInputFiles(fileOf(name, bytes))
    await row(page, name)
      .getByText(/4[0-9]%/)
      .waitFor()
    await page.reload()
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await unfinished.getByText(name).waitFor()
  }
  const unfinished = page.getByRole('region', { name: 'Not finished yet' })
  await begin('lent.mp4')
  const sent = watchParts(page)
  await page.locator('#files').setInputFiles(join(folder, 'lent.mp4'))
  await settled(page, 'lent.mp4', 'done')
  expect(sent.sort()).toEqual([2, 3])
  expect(await storedHash(stage.cloud.info, 'media/alice/lent.mp4')).toBe(sha256(bytes))
  await page.getByRole('radio', { name: 'STS credentials' }).check()
  await begin('left.mp4')
  expect(await unfinishedIn(stage.cloud)).toEqual(['media/alice/left.mp4'])
  const dropped = page.waitForResponse((each) => each.request().method() === 'DELETE')
  await unfinished.getByRole('button', { name: 'Discard left.mp4' }).click()
  await dropped
  expect(await unfinishedIn(stage.cloud)).toEqual([])
  await unfinished.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
  await close()
}, 60_000)

test('goes on by itself after a reload where the browser keeps the handle of the file', async () => {
  const { page, complaints, close } = await stage.open({ rule: 'media', way: 'In parts' })
  await holdBack(page, (url) => partNumber(url) > 5)
  await page.evaluate(async (size) => {
    const root = await navigator.storage.getDirectory()
    const handle = await root.getFileHandle('handled.mp4', { create: true })
    const writable = await handle.createWritable()
    await writable.write(new Uint8Array(size).fill(7))
    await writable.close()
    Object.assign(window, { showOpenFilePicker: async () => [handle] })
  }, 950 * KiB)
  await page.getByRole('button', { name: 'Choose files' }).click()
  await row(page, 'handled.mp4')
    .getByText(/5[0-9]%/)
    .waitFor()
  await page.reload()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await settled(page, 'handled.mp4', 'done')
  const hash = await storedHash(stage.cloud.info, 'media/alice/handled.mp4')
  expect(hash).toBe(sha256(Buffer.alloc(950 * KiB, 7)))
  expect(complaints).toEqual([])
  await close()
}, 60_000)

test('agrees with another tab: who is known, what goes on, and that one file is sent once', async () => {
  const { page, complaints, close } = await stage.open({ rule: 'media', way: 'In parts' })
  const path = fileOf('twice.mp4')
  const goOn = await sendHalf(page, path, 'twice.mp4')
  const other = await page.context().newPage()
  await other.goto(stage.cloud.info.gateway)
  await other.getByRole('radio', { name: 'In parts' }).check()
  expect(await other.getByRole('region', { name: 'Not finished yet' }).count()).toBe(0)
  await other.locator('#files').setInputFiles(path)
  expect(await settled(other, 'twice.mp4', 'failed')).toContain(
    'This file is already being uploaded, here or in another tab',
  )
  await other.getByText('Sign in as somebody else').click()
  await other.getByLabel('User name').fill('dave')
  await other.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('radio', { name: /^dave/ }).waitFor()
  expect(await page.getByRole('radio', { name: /^alice/ }).isChecked()).toBe(true)
  goOn()
  await settled(page, 'twice.mp4', 'done')
  expect(await eventsOf(stage.cloud.info, 'media/alice/twice.mp4')).toHaveLength(1)
  expect(complaints).toEqual([])
  await close()
}, 60_000)

test('waits for the network and goes on by itself, also after a part that was cut off', async () => {
  const { page, close } = await stage.open({ rule: 'media', way: 'In parts' })
  const limit = await limitSpeed(page)
  await page.route(
    (url) => partNumber(url) === 2,
    (route) => route.abort('connectionreset'),
    { times: 1 },
  )
  await limit(400 * KiB)
  await page.locator('#files').setInputFiles(fileOf('cut.mp4'))
  await row(page, 'cut.mp4')
    .getByText(/[2-4][0-9]%/)
    .waitFor()
  await page.context().setOffline(true)
  await row(page, 'cut.mp4').getByText('Waiting for the network').waitFor()
  await page.context().setOffline(false)
  await settled(page, 'cut.mp4', 'done')
  expect(await storedHash(stage.cloud.info, 'media/alice/cut.mp4')).toBe(sha256(BYTES))
  await close()
}, 60_000)

test('warns before a tab is closed that would lose something, and leaves no part of what has failed', async () => {
  const { page, close } = await stage.open({ rule: 'media', way: 'Signed URL' })
  const goOn = await holdBack(page, ({ pathname }) => pathname.endsWith('lost.bin'))
  await give(page, { name: 'lost.bin', mimeType: 'a/b', buffer: random(100) })
  await row(page, 'lost.bin').getByRole('progressbar').waitFor()
  await page.locator('h1').click()
  const dialog = page.waitForEvent('dialog')
  await page.close({ runBeforeUnload: true })
  expect((await dialog).type()).toBe('beforeunload')
  await (await dialog).dismiss()
  goOn()
  await settled(page, 'lost.bin', 'done')
  await page.getByRole('radio', { name: 'In parts' }).check()
  await page.route(
    (url) => partNumber(url) > 5,
    (route) => route.abort(),
  )
  await page.clock.install()
  await page.locator('#files').setInputFiles(fileOf('failed.mp4'))
  const failed = page.locator('.row[data-state=failed]')
  while ((await failed.count()) === 0) await page.clock.fastForward(20_000)
  expect(await unfinishedIn(stage.cloud)).toEqual(['media/alice/failed.mp4'])
  const dropped = page.waitForResponse((each) => each.request().method() === 'DELETE')
  await press(page, 'failed.mp4', 'Remove')
  await dropped
  expect(await unfinishedIn(stage.cloud)).toEqual([])
  await close()
}, 60_000)
