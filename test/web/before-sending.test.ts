import type { Page } from 'playwright-core'
import { choose, give, isStored, proofIn, type Stage, settled, startStage } from './support/harness'

const MECHANISMS = ['Signed URL', 'POST form', 'STS credentials']
const HOW = 'How permission is passed on'
const NOTE = { mimeType: 'text/plain', buffer: Buffer.alloc(4096) }

let stage: Stage

beforeAll(async () => {
  stage = await startStage('test/support/rules/narrow.ts')
}, 60_000)

afterAll(() => stage.close())

/** What a page asks the functions for and sends to OSS. */
function watchRequests(page: Page): string[] {
  const seen: string[] = []
  const isWatched = (url: string) =>
    url.startsWith(stage.cloud.info.oss) || /\/(?:sts|signed-url|post-policy)$/.test(url)
  page.on('request', (request) => {
    if (isWatched(request.url())) seen.push(`${request.method()} ${request.url()}`)
  })
  return seen
}

test.each(MECHANISMS)('refuses a type and sizes outside the rule by %s', async (mechanism) => {
  const { page, close } = await stage.open({ rule: 'notes' })
  await choose(page, HOW, mechanism)
  const seen = watchRequests(page)
  await give(
    page,
    { ...NOTE, name: 'page.html', mimeType: 'text/html' },
    { ...NOTE, name: 'over.txt', buffer: Buffer.alloc(4097) },
    { ...NOTE, name: 'large.txt', buffer: Buffer.alloc(6350) },
    { ...NOTE, name: 'small.txt', buffer: Buffer.alloc(1) },
  )
  const type = await settled(page, 'page.html', 'failed')
  expect(type).toContain('File type not allowed: this one is text/html')
  expect(type).toContain('This rule allows the content types text/plain.')
  for (const [name, words] of [
    ['over.txt', 'File too large: at most 4096 bytes, this one has 4097 bytes'],
    ['large.txt', 'File too large: at most 4 KiB, this one has 6.2 KiB'],
    ['small.txt', 'File too small: at least 2 bytes, this one has 1 byte'],
  ] as const) {
    expect(await settled(page, name, 'failed')).toContain(words)
  }
  expect(seen).toEqual([])
  await give(
    page,
    { ...NOTE, name: 'at.txt' },
    { ...NOTE, name: 'two.txt', buffer: Buffer.from('ab') },
  )
  await proofIn(page, 'at.txt')
  await proofIn(page, 'two.txt')
  await close()
})

test.each(MECHANISMS)('refuses names that can not be stored by %s', async (mechanism) => {
  const { page, close } = await stage.open({ rule: 'notes' })
  await choose(page, HOW, mechanism)
  const seen = watchRequests(page)
  for (const [name, words] of [
    ['zero\u200bwidth.txt', 'an invisible character (U+200B, character 5)'],
    ['bidi\u202etxt.exe', 'a character that changes the direction of text (U+202E, character 5)'],
    ['back\\slash.txt', 'a backslash (U+005C, character 5)'],
    ['bell\u0007.txt', 'a control character or broken text (U+0007, character 5)'],
  ] as const) {
    await give(page, { ...NOTE, name })
    const text = await settled(page, name, 'failed')
    expect(text).toContain(`This name can't be stored: it holds ${words}`)
    expect(text).toContain('Rename the file, then choose it again.')
  }
  expect(seen).toEqual([])
  await close()
})

test('refuses by STS credentials a key one byte too long, and takes one at the limit', async () => {
  const { page, close } = await stage.open({ rule: 'notes' })
  await choose(page, HOW, 'STS credentials')
  const seen = watchRequests(page)
  const longest = 'n'.repeat(1023 - 'notes/alice/'.length)
  await give(page, { ...NOTE, name: `${longest}n` })
  expect(await settled(page, longest, 'failed')).toContain('it has 1024 bytes with its folders')
  expect(seen).toEqual([expect.stringMatching(/^POST .*\/sts$/)])
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await give(page, { ...NOTE, name: longest })
  await proofIn(page, longest)
  await close()
})

test('goes by the rules as they are when a file is sent', async () => {
  const { page, close } = await stage.open({ rule: 'notes' })
  await choose(page, HOW, 'STS credentials')
  const upload = { contentTypes: ['text/plain'], maxBytes: 5, mechanisms: ['sts'] }
  const rules = [{ name: 'notes', isForSome: false, upload }]
  await page.route('**/local/rules', (route) => route.fulfill({ json: { rules } }))
  await give(page, { ...NOTE, name: 'edited.txt' })
  expect(await settled(page, 'edited.txt', 'failed')).toContain('at most 5 bytes')
  expect(await isStored(stage.cloud, 'notes/alice/edited.txt')).toBe(false)
  await page.unroute('**/local/rules')
  await page.getByRole('button', { name: 'Retry edited.txt' }).click()
  await proofIn(page, 'edited.txt')
  await close()
})
