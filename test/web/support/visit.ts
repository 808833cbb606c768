import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { type LocalCloud, startLocalCloud } from '../../../local/start'
import { connectBrowser } from '../../support/browser'

/** A visitor's page and what its console complained of. */
export type Visit = { page: Page; complaints: string[]; close: () => Promise<void> }

/** The local cloud whose rules list files, and a browser to visit its page. */
export type Host = {
  cloud: LocalCloud
  visit: (path?: string, options?: VisitOptions) => Promise<Visit>
  close: () => Promise<void>
}

/** The options of a visit. */
export type VisitOptions = BrowserContextOptions & {
  /** The user who is signed in; alice by default. */
  sub?: string
}

/** Starts the local cloud and the browser. */
export async function startHost(rules = 'test/support/rules/listed.ts'): Promise<Host> {
  const [cloud, browser] = await Promise.all([
    startLocalCloud({ port: 0, rules, log: () => undefined }),
    connectBrowser(),
  ])
  return {
    cloud,
    visit: (path = '/', options = {}) => visit(browser, cloud.info.gateway + path, options),
    close: async () => {
      await browser.close()
      await cloud.close()
    },
  }
}

async function visit(
  browser: Browser,
  url: string,
  { sub, ...options }: VisitOptions,
): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  if (sub) {
    const chosen = { sub, plan: 'free' }
    await page.addInitScript(
      (users) => {
        localStorage.setItem('oss-direct:users', users)
      },
      JSON.stringify({ known: [chosen], chosen }),
    )
  }
  await page.goto(url)
  return { page, complaints, close: () => context.close() }
}
