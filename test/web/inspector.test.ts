import { ownerClient } from '../e2e/support/client'
import { findingsOf } from './support/axe'
import {
  give,
  KiB,
  type Named,
  PIXEL,
  row,
  type Stage,
  settled,
  startStage,
} from './support/harness'
import { lookInto, openStep, shownIn, tryOut, watchSecrets } from './support/inspector'

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
}, 60_000)

afterAll(() => stage?.close())

const file = (name: string, buffer: Buffer, mimeType = 'image/png'): Named => ({
  name,
  mimeType,
  buffer,
})

/** The keys below a folder, and their sizes. */
async function storedBelow(prefix: string): Promise<[string, number][]> {
  const { objects = [] } = await ownerClient(stage.cloud.info).listV2({ prefix } as never, {})
  return objects.map(({ name, size }) => [name, size])
}

test('tells each step of a signed URL, tries what is refused, and gives the code', async () => {
  const opened = await stage.open({
    rule: 'avatar',
    way: 'Signed URL',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const { page, complaints, close } = opened
  const secrets = watchSecrets(page)
  await lookInto(opened, file('cat.png', PIXEL))
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('inspector-title')
  const heads = await page.locator('.step-head').allInnerTexts()
  expect(heads.map((head) => head.split('\n')[0])).toEqual([
    ...['Asked', 'Decided', 'Signed', 'Sent', 'Called back', 'Checked', 'Event'],
  ])
  expect(heads.every((head) => /\+[\d,]+ ms$/.test(head))).toBe(true)
  expect(heads.join()).toMatch(/avatar.*alice.*600 seconds.*answered 200.*11 of 11 checks passed/s)

  const asked = await openStep(page, 'Asked')
  expect(asked).toContain('"filename": "cat.png"')
  expect(await openStep(page, 'Decided')).toMatch(
    /sub user\s+alice[\s\S]*signature of the server\s+…/,
  )
  const signed = await openStep(page, 'Signed')
  expect(signed).toMatch(/The size, to the byte\s+content-length: \d+\s+OSS/)
  expect(signed).toContain('x-oss-signature: …')
  await page.locator('.stages > summary').click()
  const stages = await shownIn(page.locator('.stages'))
  expect(stages).toMatch(
    /PUT[\s\S]*avatars\/alice\/[\s\S]*content-type:image\/png[\s\S]*OSS4-HMAC-SHA256/,
  )
  expect(stages).toContain('OSS computed the same signature')
  expect(await openStep(page, 'Sent')).toContain('"status": "ok"')
  expect(await openStep(page, 'Called back')).toMatch(
    /Authorization: …[\s\S]*"operation": "PutObject"/,
  )
  expect((await openStep(page, 'Checked')).match(/passed$/gm)).toHaveLength(11)
  expect(await openStep(page, 'Event')).toContain('"type": "oss-direct.upload.completed"')

  expect(await findingsOf(page)).toEqual([])
  const before = await storedBelow('avatars/')
  expect(before.length).toBeGreaterThan(0)
  expect(await tryOut(page, 'Another content type')).toMatch(
    /403: SignatureDoesNotMatch[\s\S]*type is signed/,
  )
  expect(await tryOut(page, 'One byte more')).toMatch(
    /403: SignatureDoesNotMatch[\s\S]*size is signed/,
  )
  expect(await tryOut(page, 'Another key')).toMatch(
    /403: SignatureDoesNotMatch[\s\S]*path is signed/,
  )
  expect(await tryOut(page, 'Another user')).toMatch(
    /The server answered 403: not_allowed[\s\S]*mallory/,
  )
  expect(await storedBelow('avatars/')).toEqual(before)

  await page.locator('.copy-as').getByRole('button', { name: 'Copy' }).click()
  await page.locator('.copy-as').getByRole('button', { name: 'Copied' }).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toMatch(/createOssDirect[\s\S]*rule: "avatar"[\s\S]*mechanism: "put"/)
  // Where the browser gives no clipboard, the code is selected.
  await page.evaluate(() =>
    Object.assign(navigator.clipboard, { writeText: () => Promise.reject(new Error('no')) }),
  )
  await page.locator('.copy-as').getByRole('button', { name: 'Copied' }).click()
  await page.waitForFunction(() => String(getSelection()).includes('createOssDirect'))
  await page.getByRole('radio', { name: 'Our client' }).focus()
  await page.keyboard.press('ArrowDown')
  await page.locator('.copy-as pre', { hasText: 'curl -sS' }).waitFor()

  expect(secrets().length).toBeGreaterThan(4)
  const html = await page.content()
  for (const secret of [...secrets(), ...secrets().map(encodeURIComponent)])
    expect(html).not.toContain(secret)
  // The browser itself reports the four answers that are refusals.
  expect(complaints.filter((complaint) => !/status of 403/.test(complaint))).toEqual([])
  await page.getByRole('button', { name: 'Close the inspector' }).click()
  expect(await page.locator('.inspector').count()).toBe(0)
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
    /^Look into/,
  )
  await close()
}, 60_000)

test('shows which check failed of an upload that is not proven', async () => {
  const { page, close } = await stage.open({ rule: 'avatar', way: 'POST form' })
  const match = { operation: 'HeadObject', who: 'functions' } as const
  stage.cloud.setFaults([{ match, respond: 503 }])
  await give(page, file('odd.png', PIXEL))
  await settled(page, 'odd.png', 'unproven')
  await row(page, 'odd.png')
    .getByRole('button', { name: /^Look into/ })
    .click()
  await page.locator('.step.bad', { hasText: 'Not proven: object_unavailable' }).waitFor()
  expect(await shownIn(page.locator('.step.bad'))).toContain(
    'OSS told the server, which answered 403',
  )
  const checks = (await openStep(page, 'Checked')).split('\n')
  expect(checks.filter((line) => /^(passed|failed|not reached)$/.test(line))).toEqual([
    ...Array(9).fill('passed'),
    ...['failed', 'not reached'],
  ])
  expect(await openStep(page, 'Event')).toBe('No event')
  // Then it comes by the trigger.
  stage.cloud.setFaults([])
  await page.locator('.step:last-child.good').waitFor()
  await close()
}, 60_000)

test('explains a policy on a phone, in Chinese and in the dark, and tries to break it', async () => {
  const opened = await stage.open({
    locale: 'zh-CN',
    colorScheme: 'dark',
    viewport: { width: 390, height: 844 },
  })
  const { page, close } = opened
  const secrets = watchSecrets(page)
  await page.locator('.settings summary').first().click()
  await page.locator('.choice', { hasText: 'avatar' }).getByRole('radio').check()
  await page.locator('.choice', { hasText: 'PostObject' }).getByRole('radio').check()
  await lookInto(opened, file('猫.png', PIXEL))
  const signed = await openStep(page, '签名')
  expect(signed).toContain('文件大小必须正好是')
  expect(signed).toContain('["eq","$Content-Type","image/png"]')
  expect(signed).toMatch(/关于文件[\s\S]*文件存好之后[\s\S]*由谁签名、何时签名/)
  await page.locator('.step .pieces > summary').click()
  await page.locator('.stages > summary').click()
  expect(await shownIn(page.locator('.stages'))).toContain('OSS 算出了相同的签名')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  expect(await findingsOf(page)).toEqual([])
  const before = await storedBelow('avatars/')
  expect(await tryOut(page, '换一种文件类型')).toContain('403：AccessDenied')
  expect(await tryOut(page, '多一个字节')).toContain('400：EntityTooLarge')
  expect(await tryOut(page, '换一个 Object 名称')).toContain('403：AccessDenied')
  expect(await storedBelow('avatars/')).toEqual(before)
  const html = await page.content()
  for (const secret of secrets()) expect(html).not.toContain(secret)
  await close()
}, 60_000)

test('shows what applies to parts and to credentials, and what nobody enforces', async () => {
  const opened = await stage.open({ rule: 'notes', way: 'STS credentials' })
  const { page, close } = opened
  await lookInto(opened, file('a.txt', Buffer.from('hello'), 'text/plain'))
  expect(await openStep(page, 'Decided')).toMatch(/pfx folder\s+notes\/alice\//)
  expect(await openStep(page, 'Signed')).toMatch(
    /Nothing is written outside this folder\s+notes\/alice\/\s+OSS[\s\S]*size: 2 to 4096 bytes\s+our callback[\s\S]*callback: always\s+nobody/,
  )
  expect(await tryOut(page, 'Another content type')).toMatch(
    /203: CallbackFailed[\s\S]*no event comes/,
  )
  expect(await tryOut(page, 'Another key')).toMatch(/403: AccessDenied[\s\S]*session policy/)
  // The rule has no downloads: the other user gets a key of their own.
  expect(await tryOut(page, 'Another user')).toMatch(/200: OK[\s\S]*notes\/mallory\//)
  const own = (await storedBelow('notes/')).filter(([key]) => key === 'notes/alice/a.txt')
  expect(own).toEqual([['notes/alice/a.txt', 5]])
  await close()

  const parts = await stage.open({ rule: 'media', way: 'In parts' })
  await lookInto(parts, file('film.mp4', Buffer.alloc(250 * KiB), 'video/mp4'))
  await openStep(parts.page, 'Signed')
  const choice = parts.page.locator('.which-request select')
  expect(await choice.locator('option').allTextContents()).toEqual([
    '1. POST begin',
    ...['2. PUT part 1', '3. PUT part 2', '4. PUT part 3'].map((name) =>
      expect.stringMatching(name.slice(3, 11)),
    ),
    '5. POST complete',
  ])
  await choice.selectOption({ index: 1 })
  const part = parts.page.locator('.pieces li', { hasText: 'partNumber' })
  await part.waitFor()
  expect(await shownIn(part)).toMatch(/Which part it is\s+partNumber: \d\s+OSS/)
  const before = await storedBelow('media/')
  for (const name of ['Another content type', 'One byte more', 'Another key']) {
    expect(await tryOut(parts.page, name)).toContain('403: SignatureDoesNotMatch')
  }
  expect(await storedBelow('media/')).toEqual(before)
  const { uploads = [] } = await ownerClient(stage.cloud.info).listUploads({ 'max-uploads': 100 })
  expect(uploads).toEqual([])
  await parts.close()
}, 60_000)
