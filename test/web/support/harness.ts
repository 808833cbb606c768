import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { type LocalCloud, startLocalCloud } from '../../../local/start'
import { ownerClient } from '../../e2e/support/client'
import { connectBrowser } from '../../support/browser'

export const MiB = 1024 * 1024

export type Named = { name: string; mimeType: string; buffer: Buffer }

/** A page of the running local cloud and its reported errors. */
export type OpenPage = { page: Page; complaints: string[]; close: () => Promise<void> }

/** The local cloud with the test rules, and a browser that opens its page. */
export type Stage = {
  cloud: LocalCloud
  open: (options?: BrowserContextOptions & { rule?: string }) => Promise<OpenPage>
  close: () => Promise<void>
}

/** Starts the local cloud and the browser. */
export async function startStage(rules = 'test/support/rules/media.ts'): Promise<Stage> {
  const [cloud, browser] = await Promise.all([
    startLocalCloud({ port: 0, rules, log: () => undefined }),
    connectBrowser(),
  ])
  return {
    cloud,
    open: (options = {}) => openPage(browser, cloud, options),
    close: async () => {
      await browser.close()
      await cloud.close()
    },
  }
}

async function openPage(
  browser: Browser,
  cloud: LocalCloud,
  { rule, ...options }: BrowserContextOptions & { rule?: string },
): Promise<OpenPage> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const { origin } = new URL(request.url())
    const isOurs = [cloud.info.gateway, cloud.info.oss].includes(origin)
    if (!isOurs && !request.url().startsWith('data:')) complaints.push(`loads ${request.url()}`)
  })
  await page.goto(cloud.info.gateway)
  await page.getByRole('group', { name: 'Which rule applies' }).getByRole('radio').first().waitFor()
  if (rule) await choose(page, 'Which rule applies', rule)
  return { page, complaints, close: () => context.close() }
}

/** Chooses an option in one of the page's groups: callers, rules, mechanisms. */
export async function choose(page: Page, group: string, label: string): Promise<void> {
  await page.getByRole('group', { name: group }).getByRole('radio', { name: label }).check()
}

/** Delays the requests to a path, or to these URLs, until the returned function is called. */
export async function holdBack(
  page: Page,
  which: string | ((url: URL) => boolean),
): Promise<() => void> {
  let goOn = () => {}
  const isOver = new Promise<void>((done) => {
    goOn = done
  })
  await page.route(typeof which === 'string' ? `**${which}` : which, async (route) => {
    await isOver
    await route.continue()
  })
  return goOn
}

/**
 * Sets the files of the file input, which starts their upload; the browser derives the type of
 * large files from their name.
 */
export async function give(page: Page, ...files: Named[]): Promise<void> {
  const input = page.getByLabel('Choose files')
  if (files.every(({ buffer }) => buffer.length < MiB)) return input.setInputFiles(files)
  // Playwright passes megabytes several times as fast by path.
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-page-'))
  const paths = files.map(({ name }) => join(folder, name))
  for (const [index, { buffer }] of files.entries()) writeFileSync(paths[index] ?? '', buffer)
  await input.setInputFiles(paths)
  // The browser has copied the files.
  rmSync(folder, { recursive: true })
}

/** Returns the row of an upload. */
export function row(page: Page, name: string) {
  return page.getByRole('listitem').filter({ has: page.locator('.head', { hasText: name }) })
}

/** Waits until the row of an upload shows this final state, and returns its text. */
export async function settled(page: Page, name: string, state: string): Promise<string> {
  const ended = row(page, name).and(
    page.locator('[data-state=proven],[data-state=failed],[data-state=cancelled]'),
  )
  await ended.waitFor({ timeout: 20_000 })
  const text = (await ended.textContent()) ?? ''
  const reached = await ended.getAttribute('data-state')
  if (reached !== state) throw new Error(`${name} is ${reached}: ${text}`)
  return text
}

/** Returns the proof that the page shows, by name. */
export async function proofIn(page: Page, name: string): Promise<Record<string, string>> {
  await settled(page, name, 'proven')
  const facts = await row(page, name).locator('dl > div').allInnerTexts()
  return Object.fromEntries(facts.map((fact) => fact.split(/\n+/, 2) as [string, string]))
}

/** Returns true if an object of this key exists, read with the account's keys. */
export async function isStored(cloud: LocalCloud, key: string): Promise<boolean> {
  return ownerClient(cloud.info)
    .head(key)
    .then(
      () => true,
      (error: { status?: number }) => {
        if (error.status !== 404) throw error
        return false
      },
    )
}

/** The smallest PNG: one pixel. */
export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
