// Covers docs/page.md: its walk, step by step, with the example's rules.
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { give, PIXEL, press, type Stage, startStage } from './support/harness'

const [, ...STEPS] = readFileSync('docs/page.md', 'utf8').split(/^### \d\. /m)

let stage: Stage

beforeAll(async () => {
  stage = await startStage('rules.ts')
}, 60_000)

afterAll(() => stage.close())

/** Returns what the page says in a step, in its order. */
function saidIn(title: string): string[] {
  const step = STEPS.find((text) => text.startsWith(`${title}\n`))
  const [own = ''] = step?.split(/^## /m) ?? []
  return Array.from(own.matchAll(/^> (.*)$/gm), ([, sentence = '']) => sentence)
}

/** Waits until the page says each of these. */
async function hear(page: Page, sentences: readonly string[]): Promise<void> {
  expect(sentences.length).toBeGreaterThan(0)
  for (const sentence of sentences) await page.getByText(toPattern(sentence)).first().waitFor()
}

// Names are isolated by characters that nobody sees.
function toPattern(sentence: string): RegExp {
  const words = sentence.split(' ').map((word) => word.replace(/[.?+()[\]]/g, '\\$&'))
  return new RegExp(words.join('\u2069? \u2068?'))
}

const photo = (index: number) => `photo-${String(index).padStart(2, '0')}.png`

test('the page says on the walk what its document says that it does', async () => {
  const { page, complaints, close } = await stage.open()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const button = (name: string) => page.getByRole('button', { name, exact: true })

  const [here = '', first = '', chosen = ''] = saidIn('Choose')
  await hear(page, [here, first])
  await page.locator('.choice', { hasText: 'documents' }).getByRole('radio').check()
  await hear(page, [chosen])

  const photos = Array.from({ length: 25 }, (_, index) => photo(index + 1))
  await give(page, ...photos.map((name) => ({ name, mimeType: 'image/png', buffer: PIXEL })))
  await hear(page, saidIn('Drop 25 files'))
  await page.locator('.files-more').getByText('25 files', { exact: true }).waitFor()
  expect(complaints).toEqual([])

  const story = saidIn('Look into one')
  await press(page, photo(1), 'Look into')
  await hear(page, story.slice(0, -2))
  await button('One byte more').click()
  await hear(page, story.slice(-2))

  await button(`Copy a link to ${photo(2)}`).click()
  await hear(page, saidIn('Share one'))
  const link = await page.evaluate(() => navigator.clipboard.readText())
  const shared = await fetch(link)
  expect([shared.status, Buffer.from(await shared.arrayBuffer())]).toEqual([200, PIXEL])

  const [wrong = '', advice = '', pending = '', left = ''] = saidIn('Break one')
  await give(page, { name: 'notes.txt', mimeType: 'text/plain', buffer: PIXEL })
  await button('Retry failed').waitFor()
  // The list shows the rows that are in sight.
  await page.locator('.rows').evaluate((list) => list.scrollTo(0, list.scrollHeight))
  await hear(page, [wrong, advice])
  await button(`Delete ${photo(3)}`).click()
  await hear(page, [pending])
  await page.locator('.files-more').getByText(left, { exact: true }).waitFor()
  await close()
}, 90_000)

test('has five steps, each with what the page says', () => {
  const titles = STEPS.map((step) => step.split('\n')[0] ?? '')
  expect(titles).toEqual(['Choose', 'Drop 25 files', 'Look into one', 'Share one', 'Break one'])
  expect(titles.map((title) => saidIn(title).length)).toEqual([3, 3, 8, 1, 4])
})
