import { type Browser, chromium } from 'playwright-core'
import { BROWSER_URL, fromSetup } from './run'

/** The run's one Chromium; closing what this returns ends its own pages alone. */
export async function connectBrowser(): Promise<Browser> {
  const answer = await fetch(fromSetup(BROWSER_URL))
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return chromium.connect(text)
}
