import type { Page } from 'playwright-core'
import {
  choose,
  failureOf,
  give,
  isStored,
  PIXEL,
  press,
  row,
  type Stage,
  settled,
  startStage,
} from './support/harness'

const HOW = 'How it travels'
const WAYS = ['Automatic', 'Signed URL', 'POST form', 'STS credentials']
const NOTE = { mimeType: 'text/plain', buffer: Buffer.alloc(4096) }

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
}, 60_000)

afterAll(() => stage?.close())

/** What a page asks the functions for, its rules aside, and sends to OSS. */
function watchRequests(page: Page): string[] {
  const seen: string[] = []
  page.on('request', (request) => {
    const isAsked = /\/(?:sts|signed-url|post-policy)$/.test(request.url())
    const isForRules = /"operation":"(rules|list)"/.test(request.postData() ?? '')
    const isListed = request.url().includes('list-type=2')
    if (isListed || isForRules) return
    if (isAsked || request.url().startsWith(stage.cloud.info.oss)) {
      seen.push(`${request.method()} ${request.url()}`)
    }
  })
  return seen
}

async function clear(page: Page): Promise<void> {
  const buttons = page.getByRole('button', { name: /^Remove / })
  for (let left = await buttons.count(); left > 0; left--) await buttons.first().click()
}

test('refuses types, sizes and names outside the rule by every way, before a byte is sent', async () => {
  const { page, complaints, close } = await stage.open({ rule: 'notes' })
  const seen = watchRequests(page)
  for (const way of WAYS) {
    await choose(page, HOW, way)
    const files = [
      [
        'page.html',
        'Wrong type: text/html is not taken here, but text/plain',
        'Choose another file',
      ],
      ['over.txt', 'Too large: at most 4,096 bytes, and this file has 4,097 bytes', 'smaller'],
      ['large.txt', 'Too large: at most 4 KiB, and this file has 6.2 KiB', 'smaller'],
      ['small.txt', 'Too small: at least 2 bytes, and this file has 1 byte', ''],
      ['zero\u200bwidth.txt', 'an invisible character (U+200B, character 5)', 'Rename the file'],
      ['bidi\u202etxt.exe', 'changes the direction of text (U+202E, character 5)', 'Rename'],
      ['back\\slash.txt', 'it has a backslash (U+005C, character 5)', 'Rename the file'],
      ['bell\u0007.txt', 'a control character or broken text (U+0007, character 5)', 'Rename'],
    ] as const
    const sizes: Record<string, number> = { 'over.txt': 4097, 'large.txt': 6350, 'small.txt': 1 }
    await give(
      page,
      ...files.map(([name]) => ({
        name,
        mimeType: name.endsWith('html') ? 'text/html' : 'text/plain',
        buffer: Buffer.alloc(sizes[name] ?? 9),
      })),
    )
    const rows = page.locator('.row[data-state=failed]')
    await rows.nth(files.length - 1).waitFor()
    const texts = await rows.allTextContents()
    for (const [index, [, title, advice]] of files.entries()) {
      expect(texts[index]).toContain(title)
      expect(texts[index]).toContain(advice)
    }
    await clear(page)
  }
  expect(seen).toEqual([])
  await choose(page, HOW, 'STS credentials')
  await give(
    page,
    { ...NOTE, name: 'at.txt' },
    { ...NOTE, name: 'two.txt', buffer: Buffer.from('ab') },
  )
  await settled(page, 'at.txt', 'done')
  await settled(page, 'two.txt', 'done')
  expect(complaints).toEqual([])
  await close()
}, 60_000)

test('refuses by STS credentials a key one byte too long, and takes one at the limit', async () => {
  const { page, close } = await stage.open({ rule: 'notes', way: 'STS credentials' })
  const seen = watchRequests(page)
  const longest = 'n'.repeat(1023 - 'notes/alice/'.length)
  await give(page, { ...NOTE, name: `${longest}n` })
  expect(await failureOf(page, `${longest}n`)).toContain(
    'This name is too long: 1,024 bytes with its folders, and at most 1,023 are allowed',
  )
  expect(seen).toEqual([expect.stringMatching(/^POST .*\/sts$/)])
  await give(page, { ...NOTE, name: longest })
  await settled(page, longest, 'done')
  await close()
})

test('goes by the rules as they are when a file is sent, and lets a retry go by those of then', async () => {
  const { page, close } = await stage.open({ rule: 'notes', way: 'STS credentials' })
  await page.route('**/signed-url', async (route) => {
    const answer = await (await route.fetch()).json()
    for (const { upload } of answer.rules ?? []) if (upload) upload.maxBytes = 5
    await route.fulfill({ json: answer })
  })
  await give(page, { ...NOTE, name: 'edited.txt' })
  expect(await failureOf(page, 'edited.txt')).toContain('at most 5 bytes')
  expect(await isStored(stage.cloud, 'notes/alice/edited.txt')).toBe(false)
  await page.unroute('**/signed-url')
  await press(page, 'edited.txt', 'Retry')
  await settled(page, 'edited.txt', 'done')
  await close()
})

test('offers what the user may use alone: uses, ways, types of files', async () => {
  const { page, complaints, close } = await stage.open()
  const uses = page.getByRole('group', { name: 'What for' }).locator('.choice')
  const ways = page.getByRole('group', { name: HOW }).locator('.label')
  const accept = () => page.locator('#files').getAttribute('accept')
  expect(await uses.allTextContents()).toEqual([
    'mediaAny file, up to 200 MiB',
    'avatarPNG, JPEG, or WebP, up to 5 MiB',
    'documentsPDF or pictures',
    'notestext/plain, at least 2 bytes, up to 4 KiB',
    'numberedAny file',
    'strictAny file',
    'keptAny file',
  ])
  expect(await ways.allTextContents()).toEqual([
    ...['Automatic', 'Signed URL', 'POST form', 'In parts', 'STS credentials'],
  ])
  expect(await accept()).toBeNull()
  await choose(page, 'What for', 'documents')
  expect(await ways.allTextContents()).toEqual(['Automatic', 'Signed URL', 'In parts'])
  expect(await accept()).toBe('application/pdf,image/*')
  await choose(page, 'What for', 'strict')
  expect(await ways.allTextContents()).toEqual(['STS credentials'])
  await choose(page, 'What for', 'documents')
  await choose(page, 'Who you are', 'bob')
  await uses.filter({ hasText: 'avatar' }).waitFor()
  expect((await uses.allTextContents()).join()).not.toContain('documents')
  expect(complaints).toEqual([])
  await close()
})

test('says when it is not known what the user may use, or when that is nothing', async () => {
  const { page, close } = await stage.open()
  await page.route('**/signed-url', (route) => route.abort())
  await page.reload()
  await page.getByText('What you may use is not known: No connection.').waitFor({ timeout: 20_000 })
  await page.unroute('**/signed-url')
  await page.route('**/signed-url', async (route) => {
    const answer = await (await route.fetch()).json()
    await route.fulfill({ json: { ...answer, rules: [] } })
  })
  await page.getByRole('button', { name: 'Ask again' }).click()
  await page.getByText('You may not upload anything here').waitFor()
  expect(await page.locator('.choosers').count()).toBe(0)
  await close()
}, 40_000)

test('says that a name is taken before it replaces, and keeps both or skips as the user wants', async () => {
  const { page, complaints, close } = await stage.open({ rule: 'media' })
  const note = (name: string, text: string) => ({
    ...{ name, mimeType: 'text/plain', buffer: Buffer.from(text) },
  })
  await give(page, note('one.txt', 'first'), note('two.tar.gz', 'first'), note('three.txt', '1'))
  for (const name of ['one.txt', 'two.tar.gz', 'three.txt']) await settled(page, name, 'done')
  await page.getByRole('button', { name: 'Clear finished' }).click()
  // As another visit does, which remembers nothing.
  await page.reload()
  await page.locator('.choosers').waitFor()
  await give(page, note('one.txt', 'second'), note('two.tar.gz', 'second'), note('three.txt', '2'))
  await page.getByText('3 names are taken').waitFor()
  const asking = row(page, 'one.txt')
  expect(await asking.textContent()).toMatch(
    /one\.txt is already stored \(5 bytes, .+\)\. Yours replaces it\./,
  )
  await asking.getByRole('button', { name: 'Replace' }).click()
  await row(page, 'two.tar.gz').getByRole('button', { name: 'Keep both' }).click()
  await row(page, 'three.txt').getByRole('button', { name: 'Skip' }).click()
  await settled(page, 'one.txt', 'done')
  await settled(page, 'two (2).tar.gz', 'done')
  await row(page, 'three.txt').waitFor({ state: 'detached' })
  // The same name twice in one list: the later one asks.
  await give(page, note('four.txt', '1'), note('four.txt', '2'))
  await page
    .getByText('Another file of this list has this name')
    .or(page.getByText('four.txt is already stored'))
    .waitFor()
  await page.locator('.row[data-state=asking]').getByRole('button', { name: 'Keep both' }).click()
  await settled(page, 'four (2).txt', 'done')
  // A rule that keeps what is there offers no replacement.
  await choose(page, 'What for', 'kept')
  await give(page, note('five.txt', '1'))
  await settled(page, 'five.txt', 'done')
  await press(page, 'five.txt', 'Remove')
  await give(page, note('five.txt', '2'))
  await page.getByText('files are not replaced here').waitFor()
  expect(await row(page, 'five.txt').getByRole('button', { name: 'Replace' }).count()).toBe(0)
  await row(page, 'five.txt').getByRole('button', { name: 'Keep both' }).click()
  await settled(page, 'five (2).txt', 'done')
  // A rule with a key of its own for each file has nothing to replace.
  await choose(page, 'What for', 'avatar')
  const face = { name: 'face.png', mimeType: 'image/png', buffer: PIXEL }
  await give(page, face)
  await settled(page, 'face.png', 'done')
  await give(page, face)
  await page.locator('.row[data-state=done]', { hasText: 'face.png' }).nth(1).waitFor()
  expect(complaints).toEqual([])
  await close()
}, 60_000)
