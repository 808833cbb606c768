// Covers web: what everyone needs, in every state, size, theme and language.
import type { Page } from 'playwright-core'
import { en } from '../../web/i18n/en'
import { zh } from '../../web/i18n/zh'
import { ownerClient } from '../e2e/support/client'
import { findingsEverywhere, VIEWS } from './support/axe'
import { PIXEL, type Stage, startStage } from './support/harness'

type Messages = typeof en | typeof zh

const ARABIC = 'تقرير 1.png'
// No colour depends on the language: each size is looked at in Chinese in one of the themes.
const IN_CHINESE = VIEWS.filter((_, index) => [1, 2, 5].includes(index))
const LANGUAGES = [
  ['en-GB', en, VIEWS],
  ['zh-CN', zh, IN_CHINESE],
] as const

const RULES = 'test/support/rules/listed.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startStage(RULES)
  const owner = ownerClient(stage.cloud.info)
  for (const name of ['a.png', ARABIC, 'folder/b.txt']) {
    await owner.put(`media/alice/${name}`, PIXEL)
  }
}, 60_000)

afterAll(() => stage.close())

/** Returns a message with its name filled in. */
function say(messages: Messages, id: keyof typeof en, name = ''): string {
  return messages[id].replace('{name}', name)
}

function give(page: Page, ...names: string[]): Promise<void> {
  const files = names.map((name) => ({ name, mimeType: 'image/png', buffer: PIXEL }))
  return page.locator('#files').setInputFiles(files)
}

/** Returns sentences of the page without a Chinese word; what is code, or a name, is no sentence. */
function englishIn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const spoken = ['aria-label', 'title', 'placeholder', 'alt']
    const shown = [...document.body.querySelectorAll('*')].filter(
      (element) => !element.closest('code, pre, bdi, script, noscript, [lang=en]'),
    )
    const texts = shown.flatMap((element) => [
      ...[...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE),
      ...spoken.flatMap((name) => element.getAttributeNode(name) ?? []),
    ])
    return texts
      .map(({ textContent }) => textContent ?? '')
      .filter((text) => /[a-z]{2,} [a-z]{2,}/i.test(text) && !/\p{Script=Han}/u.test(text))
  })
}

/** The states of the page, each reached from the one before. */
function statesOf(
  page: Page,
  locale: string,
  messages: Messages,
): [string, () => Promise<unknown>][] {
  const press = (id: keyof typeof en, name: string) =>
    page.getByRole('button', { name: say(messages, id, name), exact: true }).click()
  const fresh = `${locale}.png`
  let release = () => {}
  return [
    ['files', () => page.locator('.file', { hasText: 'broken.png' }).waitFor()],
    [
      'uploading',
      async () => {
        const held = new Promise<void>((resolve) => {
          release = resolve
        })
        await page.route(`${stage.cloud.info.oss}/**`, async (route) => {
          if (route.request().method() === 'PUT') await held
          await route.continue()
        })
        await give(page, fresh, `${locale} ${ARABIC}`)
        await page.locator('[data-state=sending]').first().waitFor()
      },
    ],
    [
      'done and failed',
      async () => {
        release()
        await page.locator('[data-state=done]').first().waitFor()
        await page.getByRole('radio', { name: 'album' }).first().check()
        const file = { name: 'notes.txt', mimeType: 'text/plain', buffer: PIXEL }
        await page.locator('#files').setInputFiles(file)
        await page.locator('[data-state=failed]').waitFor()
      },
    ],
    ['inspector', () => press('row.inspect', fresh)],
    [
      'inspector, opened',
      async () => {
        await page.locator('.step').nth(6).locator('time').waitFor()
        await page.locator('.inspector details').evaluateAll((all) => {
          for (const each of all) each.setAttribute('open', '')
        })
        await page.locator('.try-out button').first().click()
        await page.locator('.trial p').first().waitFor()
      },
    ],
    [
      'notes on files',
      async () => {
        await page.getByRole('radio', { name: 'media', exact: true }).check()
        await page.locator('.file', { hasText: 'gone.txt' }).waitFor()
        await ownerClient(stage.cloud.info).delete('media/alice/gone.txt')
        await press('files.download', 'gone.txt')
        await press('files.copyLink', 'a.png')
        await press('files.delete', 'broken.png')
        await page.locator('.file-note p').nth(1).waitFor()
      },
    ],
    ['preview', () => page.getByRole('button', { name: ARABIC }).last().click()],
  ]
}

/** Returns texts in which a name that is written from right to left could turn its neighbours around. */
function notIsolated(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.body.querySelectorAll('*')]
      .filter((element) => !element.closest('bdi, [dir=auto]'))
      .flatMap((element) => [...element.childNodes])
      .filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
      .map(({ textContent }) => textContent ?? '')
      .filter((text) => /\p{Script=Arabic}/u.test(text) && !/\u2068.*\u2069/.test(text)),
  )
}

/** Returns how many pixels the page is too wide at a window of this width. */
async function excessAt(page: Page, width: number): Promise<number> {
  await page.setViewportSize({ width, height: 450 })
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
}

test.each(LANGUAGES)(
  'has nothing that axe finds, in %s',
  async (locale, messages, views) => {
    const owner = ownerClient(stage.cloud.info)
    await owner.put('media/alice/gone.txt', PIXEL)
    await owner.put('media/alice/broken.png', Buffer.from('no picture'))
    const { page, close } = await stage.open({ locale })
    const found: string[] = []
    const english: string[] = []
    for (const [state, reach] of statesOf(page, locale, messages)) {
      await page.setViewportSize({ width: 1440, height: 900 })
      await reach()
      found.push(
        ...(await findingsEverywhere(page, views)).map((finding) => `${state}: ${finding}`),
      )
      english.push(...(await englishIn(page)))
      expect([state, await notIsolated(page)]).toEqual([state, []])
      // Twice the size in a window of 1280 px, and the narrowest one of WCAG 1.4.10.
      for (const width of [640, 320]) {
        expect([state, await excessAt(page, width)]).toEqual([state, 0])
      }
      const moving = await page.evaluate(() => document.getAnimations().length)
      expect([state, moving]).toEqual([state, 0])
    }
    expect(found).toEqual([])
    if (messages === zh) expect(english).toEqual([])
    await close()
    const empty = await stage.open({ locale, sub: 'bob' })
    await empty.page.getByText(messages['files.empty']).waitFor()
    expect(await findingsEverywhere(empty.page, views)).toEqual([])
    await empty.page.goto(`${stage.cloud.info.gateway}/plain`)
    expect(await findingsEverywhere(empty.page, views)).toEqual([])
    await empty.close()
  },
  120_000,
)
