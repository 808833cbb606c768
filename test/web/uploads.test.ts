import { random, sha256, storedHash } from '../e2e/support/client'
import { choose, give, MiB, PIXEL, proofIn, row, type Stage, startStage } from './support/harness'

const MECHANISMS = ['Signed URL', 'POST form', 'STS credentials']
const HOW = 'How permission is passed on'
const STRANGE_NAME = 'a b+c%20% 😀 文件 e\u0301.bin'

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
}, 60_000)

afterAll(() => stage.close())

test.each(MECHANISMS)(
  'sends 3 MiB by %s and shows what the callback proved',
  async (mechanism) => {
    const { page, complaints, close } = await stage.open()
    const buffer = random(3 * MiB)
    await choose(page, HOW, mechanism)
    await give(page, { name: 'film.mp4', mimeType: 'video/mp4', buffer })
    const proof = await proofIn(page, 'film.mp4')
    expect(proof).toMatchObject({
      Key: 'media/alice/film.mp4',
      Size: `${3 * MiB} bytes`,
      Type: 'video/mp4',
      Status: 'ok',
    })
    expect(await storedHash(stage.cloud.info, 'media/alice/film.mp4')).toBe(sha256(buffer))
    expect(complaints).toEqual([])
    await close()
  },
  60_000,
)

test.each(MECHANISMS)(
  'keeps every byte of an empty and a strangely named file by %s',
  async (mechanism) => {
    const { page, complaints, close } = await stage.open()
    const buffer = random(300_000)
    await choose(page, HOW, mechanism)
    await give(
      page,
      { name: STRANGE_NAME, mimeType: '', buffer },
      { name: 'nothing.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    )
    const strange = await proofIn(page, STRANGE_NAME)
    const empty = await proofIn(page, 'nothing.txt')
    expect(strange).toMatchObject({
      Key: `media/alice/${STRANGE_NAME.normalize('NFC')}`,
      Type: 'application/octet-stream',
    })
    expect(empty).toMatchObject({ Key: 'media/alice/nothing.txt', Size: '0 bytes' })
    expect(await storedHash(stage.cloud.info, strange.Key ?? '')).toBe(sha256(buffer))
    expect(await storedHash(stage.cloud.info, empty.Key ?? '')).toBe(sha256(Buffer.alloc(0)))
    expect(complaints).toEqual([])
    await close()
  },
  60_000,
)

test('borrows new credentials and a new ticket in the middle of an upload when they are due', async () => {
  const { page, complaints, close } = await stage.open()
  let issuedCount = 0
  await page.route('**/sts', async (route) => {
    issuedCount += 1
    const answer = await (await route.fetch()).json()
    // The first ticket is invalid, so that only a later one can prove the upload.
    if (issuedCount === 1) answer.callback.callbackVar['x:ticket'] = 'stale'
    await route.fulfill({ json: { ...answer, refreshAfter: answer.serverTime } })
  })
  await choose(page, HOW, 'STS credentials')
  await give(page, { name: 'slow.bin', mimeType: 'a/b', buffer: random(3 * MiB) })
  await proofIn(page, 'slow.bin')
  expect(issuedCount).toBeGreaterThan(1)
  expect(complaints).toEqual([])
  await close()
})

test.each(MECHANISMS)(
  'uploads by %s from a device whose clock is years behind',
  async (mechanism) => {
    const { page, complaints, close } = await stage.open()
    await page.clock.setSystemTime('2001-02-03T04:05:06Z')
    await choose(page, HOW, mechanism)
    await give(page, { name: 'old.bin', mimeType: 'a/b', buffer: random(2 * MiB) })
    await proofIn(page, 'old.bin')
    expect(complaints).toEqual([])
    await close()
  },
)

test('sends many files, three at a time, each to its end', async () => {
  const { page, complaints, close } = await stage.open()
  const names = Array.from({ length: 8 }, (_, index) => `many-${index}.bin`)
  await give(page, ...names.map((name) => ({ name, mimeType: 'a/b', buffer: Buffer.from(name) })))
  for (const name of names) await proofIn(page, name)
  for (const name of names) {
    const hash = await storedHash(stage.cloud.info, `media/alice/${name}`)
    expect(hash).toBe(sha256(Buffer.from(name)))
  }
  expect(complaints).toEqual([])
  await close()
}, 60_000)

test('takes a file that is dropped anywhere on the page', async () => {
  const { page, complaints, close } = await stage.open()
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }))
    return transfer
  })
  await page.dispatchEvent('h1', 'dragover', { dataTransfer: dropped })
  await page.dispatchEvent('h1', 'drop', { dataTransfer: dropped })
  await proofIn(page, 'dropped.txt')
  const hash = await storedHash(stage.cloud.info, 'media/alice/dropped.txt')
  expect(hash).toBe(sha256(Buffer.from('dropped')))
  expect(complaints).toEqual([])
  await close()
})

test('is used by keyboard alone: sign in, choose, upload, dismiss', async () => {
  const { page, complaints, close } = await stage.open()
  const focused = () => page.evaluate(() => document.activeElement?.id ?? '')
  const tabTo = async (id: string) => {
    for (let step = 0; step < 20 && (await focused()) !== id; step += 1) {
      await page.keyboard.press('Tab')
    }
    expect(await focused()).toBe(id)
  }
  await tabTo('user-name')
  await page.keyboard.type('carol')
  await tabTo('plan-pro')
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await page.getByRole('radio', { name: /carol/ }).waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowDown')
  expect(await page.getByRole('radio', { name: /avatar/ }).isChecked()).toBe(true)
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowDown')
  expect(await page.getByRole('radio', { name: /POST form/ }).isChecked()).toBe(true)
  // Set up early: the browser must know before the key press that the test handles its dialog.
  const chooser = page.waitForEvent('filechooser')
  await tabTo('file')
  await page.keyboard.press('Enter')
  await (await chooser).setFiles([{ name: 'face.png', mimeType: 'image/png', buffer: PIXEL }])
  const proof = await proofIn(page, 'face.png')
  expect(proof.Key).toMatch(/^avatars\/carol\/[\w-]+\.png$/)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await row(page, 'face.png').waitFor({ state: 'detached' })
  expect(await focused()).toBe('file')
  expect(complaints).toEqual([])
  await close()
})

test('tells a screen reader how an upload goes', async () => {
  const { page, close } = await stage.open()
  await page.evaluate(() => {
    const said: string[] = []
    const announcer = document.querySelector('[role=status]')
    if (!announcer) throw new Error('Nothing announces')
    new MutationObserver(() => said.push(announcer.textContent ?? '')).observe(announcer, {
      childList: true,
    })
    Object.assign(window, { said })
  })
  await give(page, { name: 'said.bin', mimeType: 'a/b', buffer: random(2 * MiB) })
  await proofIn(page, 'said.bin')
  const said = await page.evaluate(() => (window as unknown as { said: string[] }).said)
  expect(said.at(-1)).toBe('said.bin: Stored, and proven by the callback')
  expect(said.length).toBeLessThan(9)
  await close()
})

test.each([
  ['light', 360],
  ['dark', 1280],
] as const)(
  'fits a %s screen %i pixels wide without scrolling sideways',
  async (colorScheme, width) => {
    const { page, close } = await stage.open({ colorScheme, viewport: { width, height: 700 } })
    const name = `${'a-very-long-name-'.repeat(9)}.png`
    await give(page, { name, mimeType: 'image/png', buffer: PIXEL })
    await proofIn(page, name)
    await page.locator('#files img').waitFor()
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow).toBe(0)
    await close()
  },
)
