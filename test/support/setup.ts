import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type BrowserLauncher, openBrowserLauncher } from './browser-server'
import { BROWSER_URL, RUN_FOLDER } from './run'

/** What the end of the run needs of its start. */
export type Run = { tmp: string; folder: string; browser: BrowserLauncher }

/** Where the run is kept between `setup.ts` and `teardown.ts`. */
export const held = globalThis as unknown as { ossDirectTestRun?: Run }

const CACHE = resolve(__dirname, '../../node_modules/.cache/oss-direct')

/** Prepares a run: a temporary folder of its own, a folder of what suites share, and a browser to ask for. */
export default async function setUp(): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  // Below the project, since a bundle of ours looks for its packages from where it is.
  const folder = mkdtempSync(join(CACHE, 'run-'))
  const tmp = mkdtempSync(join(tmpdir(), 'oss-direct-run-'))
  const browser = await openBrowserLauncher()
  held.ossDirectTestRun = { tmp, folder, browser }
  process.env.TMPDIR = tmp
  process.env[RUN_FOLDER] = folder
  process.env[BROWSER_URL] = browser.url
}
