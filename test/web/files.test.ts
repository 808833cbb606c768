import { random, sha256 } from '../e2e/support/client'
import { choose, give, holdBack, PIXEL, proofIn, type Stage, startStage } from './support/harness'

const PNG = { name: 'face.png', mimeType: 'image/png', buffer: PIXEL }
const WHO = 'Who uploads'

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
}, 60_000)

afterEach(() => stage.cloud.clock.set(Date.now()))

afterAll(() => stage.close())

test('lists a proven image and shows it through a signed URL, after a reload as well', async () => {
  const { page, complaints, close } = await stage.open()
  await give(page, PNG)
  await proofIn(page, 'face.png')
  for (const look of ['now', 'after a reload']) {
    const image = page.getByRole('img', { name: 'face.png' })
    await image.waitFor()
    const handle = await image.elementHandle()
    await page.waitForFunction((element) => (element as HTMLImageElement).naturalWidth > 0, handle)
    const src = new URL((await image.getAttribute('src')) ?? '')
    expect([look, src.origin]).toEqual([look, stage.cloud.info.oss])
    expect(src.searchParams.has('x-oss-signature')).toBe(true)
    await page.reload()
  }
  expect(complaints).toEqual([])
  await close()
})

test('saves what is no image under its own name', async () => {
  const { page, complaints, close } = await stage.open()
  const buffer = random(50_000)
  await give(page, { name: '报告 1.pdf', mimeType: 'application/pdf', buffer })
  await proofIn(page, '报告 1.pdf')
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: '报告 1.pdf' }).click()
  const saved = await download
  expect(saved.suggestedFilename()).toBe('报告 1.pdf')
  const chunks: Buffer[] = []
  for await (const chunk of await saved.createReadStream()) chunks.push(chunk)
  expect(sha256(Buffer.concat(chunks))).toBe(sha256(buffer))
  expect(complaints).toEqual([])
  await close()
})

test('keeps the files of two callers apart', async () => {
  const { page, close } = await stage.open()
  await give(page, { ...PNG, name: 'hers.png' })
  await proofIn(page, 'hers.png')
  await choose(page, WHO, 'bob')
  await page.getByText('Files of bob').waitFor()
  expect(await page.locator('#files li').count()).toBe(0)
  await give(page, { ...PNG, name: 'his.png' })
  await proofIn(page, 'his.png')
  expect(await page.locator('#files li').allInnerTexts()).toEqual([expect.stringContaining('his')])
  await choose(page, WHO, 'alice')
  await page.locator('#files', { hasText: 'hers.png' }).waitFor()
  await page.reload()
  expect(await page.getByRole('radio', { name: 'alice' }).isChecked()).toBe(true)
  expect(await page.locator('#files li').allInnerTexts()).toEqual([expect.stringContaining('hers')])
  await close()
})

test('does not list an upload under a caller who was chosen while it ran', async () => {
  const { page, close } = await stage.open()
  const goOn = await holdBack(page, '/signed-url')
  await give(page, { ...PNG, name: 'hers.png' })
  await choose(page, WHO, 'bob')
  goOn()
  await proofIn(page, 'hers.png')
  expect(await page.locator('#files li').count()).toBe(0)
  await choose(page, WHO, 'alice')
  await page.locator('#files', { hasText: 'hers.png' }).waitFor()
  await close()
})

test('asks for a new URL when the last one is over, and not before', async () => {
  const { page, close } = await stage.open()
  await page.clock.install()
  let signedCount = 0
  page.on('request', (request) => {
    if (request.postData()?.includes('"operation":"get"')) signedCount += 1
  })
  await give(page, { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') })
  await proofIn(page, 'a.txt')
  const link = page.getByRole('link', { name: 'a.txt' })
  const before = await link.getAttribute('href')
  await link.hover()
  await page.mouse.move(0, 0)
  expect(signedCount).toBe(1)
  await page.clock.fastForward('16:00')
  stage.cloud.clock.set(stage.cloud.clock.now() + 16 * 60_000)
  await link.hover()
  await page.waitForFunction(
    ([element, url]) => element instanceof HTMLAnchorElement && element.href !== url,
    [await link.elementHandle(), before] as const,
  )
  expect(signedCount).toBe(2)
  await close()
})

test('says that a file is gone, and forgets it when told to', async () => {
  const { page, close } = await stage.open()
  await give(page, PNG)
  await proofIn(page, 'face.png')
  await page.route(`${stage.cloud.info.oss}/**`, (route) => route.fulfill({ status: 404 }))
  await page.reload()
  await page.getByText('no longer exists').waitFor()
  await page.getByRole('button', { name: 'Forget face.png' }).click()
  await page.getByText('Nothing yet').waitFor()
  expect(await page.locator('#files li').count()).toBe(0)
  await close()
})

test('starts afresh when what the browser remembers is damaged', async () => {
  const { page, complaints, close } = await stage.open()
  await page.evaluate(() => {
    localStorage.setItem('oss-direct:callers', '{"known":[null,7],"chosen":3}')
    localStorage.setItem('oss-direct:uploads:alice', '[{"key":1}]')
  })
  await page.reload()
  expect(await page.getByRole('radio', { name: 'alice' }).isChecked()).toBe(true)
  await page.getByText('Nothing yet').waitFor()
  expect(complaints).toEqual([])
  await close()
})
