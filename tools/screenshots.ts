import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, chromium, type Page } from 'playwright-core'
import { en } from '../web/i18n/en'
import { zh } from '../web/i18n/zh'
import { chromiumPath } from './chromium'

// Pictures of the page, in each of its states.
// Run: npm run screenshots                  the four of the README, into docs/images
//      npm run screenshots -- FOLDER        each in every size, theme and language, to be looked at

const README_FOLDER = 'docs/images'
const README_LOOK: Look = { width: 1080, colorScheme: 'light', locale: 'en-GB' }
const HEIGHT = 760
const CUT_HEIGHT = 520
const SLOW_BYTES_PER_SECOND = 600_000
const FILES = ['beach.png', 'forest.png', 'harbour.png', 'meadow.png', 'mountains.png', 'river.png']

type Look = { width: number; colorScheme: 'light' | 'dark'; locale: 'en-GB' | 'zh-CN' }

const LOOKS = [390, 820, 1440].flatMap((width) =>
  (['light', 'dark'] as const).flatMap((colorScheme) =>
    (['en-GB', 'zh-CN'] as const).map((locale): Look => ({ width, colorScheme, locale })),
  ),
)

async function main(): Promise<void> {
  const folder = process.argv[2]
  const executablePath = chromiumPath()
  const cloud = await startCloud()
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    for (const look of folder ? LOOKS : [README_LOOK]) {
      const name = folder ? `-${look.width}-${look.colorScheme}-${look.locale}` : ''
      await takeAll(browser, cloud.gateway, { look, folder: folder ?? README_FOLDER, name })
    }
  } finally {
    await browser.close()
    cloud.stop()
  }
}

/** Starts the local cloud with the example's rules in a process of its own. */
async function startCloud(): Promise<{ gateway: string; stop: () => void }> {
  const args = ['tsx', 'local/serve.ts', '--port', '0', '--json', '--quiet']
  const process = spawn('npx', args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const stop = () => globalThis.process.kill(-(process.pid ?? 0))
  for await (const line of createInterface({ input: process.stdout })) {
    const { event, gateway } = JSON.parse(line)
    if (event === 'started') return { gateway, stop }
  }
  throw new Error('The local cloud did not start')
}

type Target = { look: Look; folder: string; name: string }

async function takeAll(browser: Browser, url: string, { look, folder, name }: Target) {
  const { width, ...more } = look
  const messages = look.locale === 'zh-CN' ? zh : en
  const context = await browser.newContext({ ...more, viewport: { width, height: HEIGHT } })
  // Its chooser is the system's, which can't be filled here.
  await context.addInitScript(() => Object.assign(window, { showOpenFilePicker: undefined }))
  const page = await context.newPage()
  mkdirSync(folder, { recursive: true })
  const take = (state: string, place: Pick<Page, 'screenshot'> = page) =>
    place.screenshot({ path: join(resolve(folder), `${state}${name}.png`), animations: 'disabled' })
  await page.goto(url)
  await page.locator('.choosers').waitFor()
  await page.locator('input[name=rule]').first().waitFor({ state: 'attached' })
  await page.locator('.folder[aria-busy=false]').waitFor()
  await take('upload')
  // What a phone folds away is chosen in a wide window.
  await page.setViewportSize({ width: 1440, height: HEIGHT })
  await signInAs(page, `alice${name}`)
  await page.setViewportSize({ width, height: HEIGHT })
  const setSpeed = await limitSpeed(page)
  await page.locator('#files').setInputFiles(await paintAll(page))
  await page.locator('[data-state=done]').nth(2).waitFor()
  await take('queue', page.locator('.queue'))
  await setSpeed(-1)
  await page
    .locator('[data-state=done]')
    .nth(FILES.length - 1)
    .waitFor()
  // Pictures are loaded once they are in sight.
  await page.locator('.files-panel').scrollIntoViewIfNeeded()
  await page.mouse.move(0, 0)
  await page.waitForFunction(areShown)
  await take('files', page.locator('.files-panel'))
  await page.setViewportSize({ width: 1440, height: HEIGHT })
  await uploadByForm(page, messages)
  await page.setViewportSize({ width, height: HEIGHT })
  if (folder === README_FOLDER) await cutInspector(page)
  await take('inspector', page.locator('.inspector'))
  await context.close()
}

/** Leaves of the inspector, which is long, its beginning alone. */
async function cutInspector(page: Page): Promise<void> {
  await page.locator('.inspector-more').evaluate((more) => more.remove())
  await page.locator('.inspector').evaluate((element, height) => {
    Object.assign((element as HTMLElement).style, { height: `${height}px`, overflow: 'hidden' })
  }, CUT_HEIGHT)
}

/** Uploads one more file by a form, looks into it, and opens what was signed. */
async function uploadByForm(page: Page, messages: Record<keyof typeof en, string>): Promise<void> {
  const name = 'portrait.png'
  await page.locator('input[name=rule]').first().check()
  await page.getByRole('radio', { name: messages['how.form'] }).check()
  const [picture] = await paintAll(page)
  await page
    .locator('#files')
    .setInputFiles([{ name, mimeType: 'image/png', buffer: picture?.buffer ?? Buffer.alloc(0) }])
  await page.locator('[data-state=done]').nth(FILES.length).waitFor()
  const label = messages['row.inspect'].replace('{name}', name)
  await page.getByRole('button', { name: label }).click()
  await page.locator('.step').nth(6).locator('time').waitFor()
  await page.locator('.step').nth(2).locator('summary').first().click()
}

/** Returns true once the pictures of the first files are there, in the page. */
function areShown(): boolean {
  const images = [...document.querySelectorAll('.file-list img')]
  return images.filter((image) => (image as HTMLImageElement).naturalWidth > 0).length >= 3
}

/** Signs somebody in who has no files yet. */
async function signInAs(page: Page, sub: string): Promise<void> {
  const chosen = { sub, plan: 'pro' }
  await page.evaluate(
    (users) => localStorage.setItem('oss-direct:users', users),
    JSON.stringify({ known: [chosen], chosen }),
  )
  await page.reload()
  await page.locator('.choosers').waitFor()
  await page.locator('input[name=rule]').last().check({ force: true })
}

/** Makes uploads slow; the returned function sets another speed, -1 for no limit. */
async function limitSpeed(page: Page): Promise<(uploadThroughput: number) => Promise<unknown>> {
  const network = await page.context().newCDPSession(page)
  const rest = { offline: false, latency: 0, downloadThroughput: -1 }
  const set = (uploadThroughput: number) =>
    network.send('Network.emulateNetworkConditions', { ...rest, uploadThroughput })
  await set(SLOW_BYTES_PER_SECOND)
  return set
}

/** Paints landscapes, since no picture is in the repository. */
async function paintAll(page: Page) {
  const painted = FILES.map(async (name, index) => {
    const url = await page.evaluate(paint, index)
    return { name, mimeType: 'image/png', buffer: Buffer.from(url.split(',')[1] ?? '', 'base64') }
  })
  return Promise.all(painted)
}

/** Paints hills before a sky, in the page, and returns them as a data URL. */
function paint(index: number): string {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1200, height: 900 })
  const context = canvas.getContext('2d')
  if (!context) return ''
  const hue = 190 + index * 28
  for (let y = 0; y < 900; y += 2) {
    for (let x = 0; x < 1200; x += 2) {
      const hills = [0, 1, 2].filter(
        (hill) => y > 420 + hill * 140 + 60 * Math.sin(x / (140 - hill * 30) + index + hill * 2),
      ).length
      const light = 82 - hills * 18 - (y / 900) * 12 + Math.random() * 3
      context.fillStyle = `hsl(${hue - hills * 40} 55% ${light}%)`
      context.fillRect(x, y, 2, 2)
    }
  }
  return canvas.toDataURL('image/png')
}

void main()
