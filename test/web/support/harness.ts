import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { type LocalCloud, startLocalCloud } from '../../../local/start'
import { ownerClient } from '../../e2e/support/client'
import { launchBrowser } from '../../support/browser'

export const KiB = 1024
export const MiB = 1024 * 1024

export type Named = { name: string; mimeType: string; buffer: Buffer }

/** A page of the running local cloud and its reported errors. */
export type OpenPage = { page: Page; complaints: string[]; close: () => Promise<void> }

/** What is chosen when a page is opened. */
export type OpenOptions = BrowserContextOptions & {
  rule?: string
  way?: string
  /** Who is signed in, with the plan free; alice with the plan pro by default. */
  sub?: string
  /** Another page of the local cloud than its uploader. */
  path?: string
}

/** The local cloud with the rules for the page, and a browser that opens it. */
export type Stage = {
  cloud: LocalCloud
  open: (options?: OpenOptions) => Promise<OpenPage>
  close: () => Promise<void>
}

/** Starts the local cloud and the browser. */
export async function startStage(rules = 'test/support/rules/page.ts'): Promise<Stage> {
  const [cloud, browser] = await Promise.all([
    startLocalCloud({ port: 0, rules, log: () => undefined }),
    launchBrowser(),
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
  { rule, way, sub, path, ...options }: OpenOptions,
): Promise<OpenPage> {
  // Motion takes time of the processor, and colours on their way from one state to another are those of neither for axe.
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options })
  // Below that of a test, so that a wait says what it waited for.
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const { origin } = new URL(request.url())
    const isOurs = [cloud.info.gateway, cloud.info.oss].includes(origin)
    if (!isOurs && !/^(data|blob):/.test(request.url())) complaints.push(`loads ${request.url()}`)
  })
  // Its chooser can't be filled by a test; that of a file input is the same for the rest of the page.
  await context.addInitScript(() => Object.assign(window, { showOpenFilePicker: undefined }))
  if (sub) await context.addInitScript(signIn, { sub, plan: 'free' })
  await page.goto(cloud.info.gateway + (path ?? ''))
  if (path === undefined) await page.locator('.choosers').waitFor()
  if (rule) await choose(page, 'What for', rule)
  if (way) await choose(page, 'How it travels', way)
  const close = async () => {
    // A request that a test answers may still be on its way.
    if (!page.isClosed()) await page.unrouteAll({ behavior: 'ignoreErrors' })
    await context.close()
  }
  return { page, complaints, close }
}

function signIn(chosen: { sub: string; plan: string }): void {
  localStorage.setItem('oss-direct:users', JSON.stringify({ known: [chosen], chosen }))
}

/** Chooses in one of the page's groups: "Who you are", "What for", "How it travels". */
export async function choose(page: Page, group: string, label: string): Promise<void> {
  const choices = page.getByRole('group', { name: group }).locator('.choice')
  await choices
    .filter({ has: page.getByText(label, { exact: true }) })
    .getByRole('radio')
    .check()
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
    await route.continue().catch(() => undefined)
  })
  return goOn
}

/** Sets the files of the file input, which starts their upload. */
export async function give(page: Page, ...files: Named[]): Promise<void> {
  await page.locator('#files').setInputFiles(files)
}

/** Returns the row of an upload. */
export function row(page: Page, name: string) {
  return page.locator('.row', { has: page.locator('.name').getByText(name, { exact: true }) })
}

/** Waits until the row of an upload shows this final state, and returns its text. */
export async function settled(page: Page, name: string, state: string): Promise<string> {
  const ended = row(page, name).and(
    page.locator(
      ':is([data-state=done],[data-state=unproven],[data-state=failed],[data-state=cancelled])',
    ),
  )
  await ended.waitFor({ timeout: 20_000 })
  const text = (await ended.textContent()) ?? ''
  const reached = await ended.getAttribute('data-state')
  if (reached !== state) throw new Error(`${name} is ${reached}: ${text}`)
  return text
}

/** Waits until an upload fails, and returns what its row says. */
export function failureOf(page: Page, name: string): Promise<string> {
  return settled(page, name, 'failed')
}

/** Returns the proof that the page shows, by name. */
export async function proofIn(page: Page, name: string): Promise<Record<string, string>> {
  await settled(page, name, 'done')
  const details = row(page, name).getByRole('button', { name: 'Details' })
  if ((await details.getAttribute('aria-pressed')) !== 'true') await details.click()
  const list = row(page, name).locator('dl')
  const [terms, facts] = [
    await list.locator('dt').allInnerTexts(),
    await list.locator('dd').allInnerTexts(),
  ]
  return Object.fromEntries(terms.map((term, index) => [term, facts[index] ?? '']))
}

/** Presses a button of a row: "Pause", "Resume", "Cancel", "Retry", "Remove". */
export async function press(page: Page, name: string, button: string): Promise<void> {
  await row(page, name)
    .getByRole('button', { name: new RegExp(`^${button} `) })
    .click()
}

/** Limits the speed of a page's uploads, in bytes per second; -1 for none. */
export async function limitSpeed(page: Page): Promise<(bytesPerSecond: number) => Promise<void>> {
  const network = await page.context().newCDPSession(page)
  const others = { offline: false, latency: 0, downloadThroughput: -1 }
  return async (uploadThroughput) => {
    await network.send('Network.emulateNetworkConditions', { ...others, uploadThroughput })
  }
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

/** Returns the keys of the uploads in parts that were begun in OSS and not ended. */
export async function unfinishedIn(cloud: LocalCloud): Promise<string[]> {
  const { uploads = [] } = await ownerClient(cloud.info).listUploads({ 'max-uploads': 100 })
  return uploads.map(({ name }: { name: string }) => name)
}

/** A small PNG: two by two pixels. */
export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAE0lEQVR42mPgL8v7//8/AxADWQA2cAfhyVsThwAAAABJRU5ErkJggg==',
  'base64',
)
