import { type Browser, chromium } from 'playwright-core'
import { chromiumPath } from '../../tools/chromium'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts Chromium for a suite: one for all of them would have to be reached through Jest's main process, for more CPU time. */
export function launchBrowser(): Promise<Browser> {
  // In a shell without a locale it would save every file that is not named in ASCII as `download`.
  const env = { ...process.env, LC_ALL: 'C.UTF-8' }
  return chromium.launch({ executablePath: chromiumPath(), headless: true, args: FLAGS, env })
}
