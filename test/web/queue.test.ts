import type { Page } from 'playwright-core'
import { random, sha256, storedHash } from '../e2e/support/client'
import {
  choose,
  give,
  holdBack,
  isStored,
  KiB,
  limitSpeed,
  MiB,
  PIXEL,
  press,
  proofIn,
  row,
  type Stage,
  settled,
  startStage,
  unfinishedIn,
} from './support/harness'

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
}, 60_000)

afterAll(() => stage?.close())

async function untilPercent(page: Page, name: string, least: number): Promise<void> {
  const bar = row(page, name).getByRole('progressbar')
  await page.waitForFunction(
    ([element, value]) => (element as HTMLProgressElement).value >= (value as number),
    [await bar.elementHandle(), least] as const,
  )
}

test.each(['Signed URL', 'POST form', 'In parts'])(
  'pauses, goes on, cancels without a trace and retries one file by %s',
  async (way) => {
    const { page, complaints, close } = await stage.open({ rule: 'media', way })
    const limit = await limitSpeed(page)
    const name = `${way}.bin`
    const buffer = random(700 * KiB)
    await limit(500 * KiB)
    await give(page, { name, mimeType: 'a/b', buffer })
    await untilPercent(page, name, 20)
    await press(page, name, 'Pause')
    // The button that was pressed is gone, and the next one has the focus.
    await page.waitForFunction(() => document.activeElement?.ariaLabel?.startsWith('Resume'))
    const starts = way === 'In parts' ? /Paused at \d+%/ : /resuming starts this file again/
    expect(await row(page, name).textContent()).toMatch(starts)
    await press(page, name, 'Resume')
    await untilPercent(page, name, 20)
    await row(page, name).getByRole('button', { name: 'Cancel' }).press('Enter')
    expect(await settled(page, name, 'cancelled')).toContain('Cancelled. Nothing of it is stored.')
    await page.waitForFunction(() => document.activeElement?.ariaLabel?.startsWith('Retry'))
    await limit(-1)
    await press(page, name, 'Retry')
    await settled(page, name, 'done')
    expect(await storedHash(stage.cloud.info, `media/alice/${name}`)).toBe(sha256(buffer))
    expect(await unfinishedIn(stage.cloud)).toEqual([])
    expect(complaints).toEqual([])
    await close()
  },
  60_000,
)

test('pauses, goes on, cancels without a trace and retries one file by STS credentials', async () => {
  const { page, close } = await stage.open({ rule: 'media', way: 'STS credentials' })
  const name = 'sts.bin'
  const buffer = random(2.5 * MiB)
  // The first of three parts is uploaded, and the others are in progress.
  const isLaterPart = ({ searchParams }: URL) => Number(searchParams.get('partNumber')) > 1
  const goOn = await holdBack(page, isLaterPart)
  await give(page, { name, mimeType: 'a/b', buffer })
  await untilPercent(page, name, 20)
  await press(page, name, 'Pause')
  await row(page, name).getByText('Paused at 40%').waitFor()
  await press(page, name, 'Resume')
  await untilPercent(page, name, 20)
  const dropped = page.waitForResponse((each) => each.request().method() === 'DELETE')
  await press(page, name, 'Cancel')
  await settled(page, name, 'cancelled')
  goOn()
  expect((await dropped).status()).toBe(204)
  expect(await isStored(stage.cloud, `media/alice/${name}`)).toBe(false)
  expect(await unfinishedIn(stage.cloud)).toEqual([])
  await page.unroute(isLaterPart)
  await press(page, name, 'Retry')
  await settled(page, name, 'done')
  expect(await storedHash(stage.cloud.info, `media/alice/${name}`)).toBe(sha256(buffer))
  await close()
}, 60_000)

test('shows of many files what all of them come to, three at a time, and moves them all at once', async () => {
  const { page, complaints, close } = await stage.open({ rule: 'media' })
  const limit = await limitSpeed(page)
  const names = Array.from({ length: 12 }, (_, index) => `many-${index}.bin`)
  const files = names.map((name) => ({ name, mimeType: 'a/b', buffer: random(60 * KiB) }))
  const head = page.locator('.summary')
  const all = (name: string) => head.getByRole('button', { name }).click()
  await limit(30 * KiB)
  await give(page, ...files)
  await page.locator('.row[data-state=sending]').nth(2).waitFor()
  expect(await page.locator('.row[data-state=sending]').count()).toBe(3)
  await head.getByText(/\d+ of 12 files/).waitFor()
  await head.getByText(/ of 720 KiB · [\d.]+ KiB\/s · about .+ left/).waitFor()
  await all('Pause all')
  await page.waitForFunction(() => {
    const moving = ':is([data-state=waiting],[data-state=sending],[data-state=proving])'
    return !document.querySelector(`.row${moving}`)
  })
  expect(await page.locator('.row[data-state=paused]').count()).toBeGreaterThan(5)
  await all('Resume all')
  await page.locator('.row[data-state=sending]').first().waitFor()
  await all('Cancel all')
  await head.getByText(/^0 of 0 files|^(\d+) of \1 files/).waitFor()
  await limit(-1)
  await all('Clear finished')
  expect(await page.locator('.row').count()).toBe(0)
  await page.route(`${stage.cloud.info.oss}/**`, async (route) =>
    route.request().method() === 'PUT' ? route.fulfill({ status: 403 }) : route.continue(),
  )
  await give(page, ...files)
  await page.locator('.row[data-state=failed]').nth(11).waitFor()
  await page.unroute(`${stage.cloud.info.oss}/**`)
  await all('Retry failed')
  await head.getByText('12 of 12 files').waitFor()
  for (const { name, buffer } of files) {
    expect(await storedHash(stage.cloud.info, `media/alice/${name}`)).toBe(sha256(buffer))
  }
  expect(complaints.filter((complaint) => !complaint.includes('403'))).toEqual([])
  await close()
}, 60_000)

test('shows a picture while it is sent, and says when nothing moves', async () => {
  const { page, close } = await stage.open({ rule: 'media', way: 'Signed URL' })
  const limit = await limitSpeed(page)
  await page.clock.install()
  await limit(2 * KiB)
  const buffer = Buffer.concat([PIXEL, random(300 * KiB)])
  await give(page, { name: 'still.png', mimeType: 'image/png', buffer })
  await row(page, 'still.png').locator('.thumbnail img').waitFor()
  await untilPercent(page, 'still.png', 1)
  await page.clock.fastForward(6000)
  await row(page, 'still.png').getByText('Nothing moves at the moment').waitFor()
  await limit(-1)
  await settled(page, 'still.png', 'done')
  await choose(page, 'How it travels', 'STS credentials')
  await limit(2 * KiB)
  const isSent = page.waitForRequest(
    (request) => request.method() === 'PUT' && request.url().includes('lent.png'),
  )
  await give(page, { name: 'lent.png', mimeType: 'image/png', buffer })
  await isSent
  await page.clock.fastForward(21_000)
  await row(page, 'lent.png').getByText('Nothing moves at the moment').waitFor()
  await limit(-1)
  await settled(page, 'lent.png', 'done')
  await close()
}, 60_000)

test('is used by keyboard alone: sign in, choose, upload, look at the proof, remove', async () => {
  const { page, complaints, close } = await stage.open()
  const focused = () =>
    page.evaluate(() => {
      const { activeElement: element } = document
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : ''
      return `${label || element?.ariaLabel || element?.textContent}`
    })
  const tabTo = async (name: string, key = 'Tab') => {
    for (let step = 0; step < 25 && !(await focused()).startsWith(name); step++) {
      await page.keyboard.press(key)
    }
    expect(await focused()).toContain(name)
  }
  await tabTo('Sign in as somebody else')
  await page.keyboard.press('Enter')
  await tabTo('User name')
  await page.keyboard.type('carol')
  await tabTo('On the pro plan')
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await page.getByRole('radio', { name: /carol/ }).waitFor()
  await page.locator('.settings').getByRole('radio', { name: /media/ }).waitFor()
  await tabTo('What for')
  expect(await page.getByRole('tooltip').filter({ visible: true }).textContent()).toContain(
    'Each use is a rule of the server',
  )
  await page.keyboard.press('Escape')
  await tabTo('media')
  await page.keyboard.press('ArrowDown')
  expect(await page.getByRole('radio', { name: /avatar/ }).isChecked()).toBe(true)
  await tabTo('Automatic')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  expect(await page.getByRole('radio', { name: 'POST form' }).isChecked()).toBe(true)
  // Set up early: the browser must know before the key press that the test handles its dialog.
  const chooser = page.waitForEvent('filechooser')
  await tabTo('Choose files', 'Shift+Tab')
  await page.keyboard.press('Enter')
  await (await chooser).setFiles([{ name: 'face.png', mimeType: 'image/png', buffer: PIXEL }])
  const proof = await proofIn(page, 'face.png')
  expect(proof.Key).toMatch(/^avatars\/carol\/[\w-]+\.png$/)
  await tabTo('Remove face.png')
  await page.keyboard.press('Enter')
  await row(page, 'face.png').waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.activeElement?.textContent === 'Choose files')
  expect(complaints).toEqual([])
  await close()
})

test('tells a screen reader how one upload goes and how many end, not every byte', async () => {
  const { page, close } = await stage.open({ rule: 'media' })
  await page.evaluate(() => {
    const said: string[] = []
    const announcer = document.querySelector('#announcer')
    if (!announcer) throw new Error('Nothing announces')
    new MutationObserver(() => said.push(announcer.textContent ?? '')).observe(announcer, {
      childList: true,
    })
    Object.assign(window, { said })
  })
  const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said)
  const file = { mimeType: 'a/b', buffer: random(300 * KiB) }
  await give(page, { ...file, name: 'said.bin' })
  await settled(page, 'said.bin', 'done')
  expect((await said()).at(-1)).toBe('said.bin: Stored and proven')
  expect((await said()).length).toBeLessThan(9)
  await give(page, { ...file, name: 'two.bin' }, { ...file, name: 'over', buffer: Buffer.alloc(0) })
  await settled(page, 'two.bin', 'done')
  await settled(page, 'over', 'done')
  expect((await said()).at(-1)).toBe('3 files uploaded')
  await close()
})
