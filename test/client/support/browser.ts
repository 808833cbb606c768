import { build } from 'esbuild'
import type { BrowserContext, Page } from 'playwright-core'
import type * as Client from '../../../client'
import { type LocalCloud, startLocalCloud } from '../../../local/start'
import { CLIENT_BUNDLE } from '../../../tools/build/client'
import { launchBrowser } from '../../support/browser'
import { issueToken } from '../../support/token'

declare global {
  /** What the page of a test has: the client's module, and a client of alice. */
  interface Window {
    client: typeof Client
    oss: Client.OssDirect
  }
}

/** A page of the local cloud with the client, and what its console complained of. */
type ClientPage = { page: Page; complaints: string[] }

/** A local cloud and a browser. */
export type Stage = {
  cloud: LocalCloud
  open: () => Promise<ClientPage>
  /** Opens another page of the same browser profile. */
  openBeside: (page: Page) => Promise<ClientPage>
  close: () => Promise<void>
}

/** Starts a local cloud with these rules, and a browser. */
export async function startStage(rules: string): Promise<Stage> {
  const [cloud, browser] = await Promise.all([
    startLocalCloud({ port: 0, rules, log: () => undefined }),
    launchBrowser(),
  ])
  const openIn = async (context: BrowserContext) => preparePage(await context.newPage(), cloud)
  return {
    cloud,
    open: async () => openIn(await browser.newContext()),
    openBeside: (page) => openIn(page.context()),
    close: async () => {
      await browser.close()
      await cloud.close()
    },
  }
}

async function preparePage(page: Page, cloud: LocalCloud): Promise<ClientPage> {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  const files = await bundle()
  await page.route(`${cloud.info.gateway}/client/*`, (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: files.get(new URL(route.request().url()).pathname) ?? '',
    }),
  )
  await page.goto(cloud.info.gateway)
  const token = await issueToken(cloud.info, { sub: 'alice' })
  // As text: the compiler of the tests would make a `require` of the import.
  await page.evaluate(`import('/client/index.mjs').then((client) => {
    const getToken = () => ${JSON.stringify(token)}
    window.client = client
    window.oss = client.createOssDirect({ baseUrl: location.origin, getToken })
  })`)
  return { page, complaints }
}

/** The files of the client as the package has them, by their paths. */
async function bundle(): Promise<Map<string, string>> {
  const outdir = '/client'
  const { outputFiles } = await build({ ...CLIENT_BUNDLE, outdir, write: false })
  return new Map(outputFiles.map(({ path, text }) => [path, text]))
}
