import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserServer } from 'playwright-core'
import { findChromium } from '../../tools/chromium'

/** A server that starts Chromium for the first suite that asks, and tells every suite where to connect. */
export type BrowserLauncher = { url: string; close: () => Promise<void> }

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Opens one; a run without a suite of the web page never starts a browser. */
export async function openBrowserLauncher(): Promise<BrowserLauncher> {
  let launched: Promise<BrowserServer> | undefined
  const server = createServer((_, response) => {
    launched ??= launchChromium()
    launched.then(
      (browser) => response.end(browser.wsEndpoint()),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    const browser = await launched?.catch(() => undefined)
    await browser?.close()
  }
  return { url: `http://127.0.0.1:${port}`, close }
}

async function launchChromium(): Promise<BrowserServer> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No Chromium: run npx tsx tools/chromium.ts')
  const { chromium } = await import('playwright-core')
  // In a shell without a locale it would save every file that is not named in ASCII as `download`.
  const env = { ...process.env, LC_ALL: 'C.UTF-8' }
  return chromium.launchServer({ executablePath, headless: true, args: FLAGS, env })
}
