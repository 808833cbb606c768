/**
 * Pages with the real packages of other clients, for tests in Chromium.
 *
 * - `test/clients/pages/NAME.mjs` (or `.jsx`) is the code of the page `NAME`, as an adopter writes it, or it opens a file of
 *   `examples/clients`. It imports its packages by name; all pages are bundled together, once in a run.
 * - A page finds what it needs in `location.search`, which `open` sets, and tells results by `tell` of `pages/tell.mjs`.
 * - In a test: `const clients = shareClients()`, then `const { page, told } = await clients().open('antd', { rule })`.
 *   `told(2)` waits until the page has told two results, and returns them.
 */
import { createReadStream, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, parse } from 'node:path'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { type LocalCloud, startLocalCloud } from '../../../local/start'
import { launchBrowser } from '../../support/browser'
import { makeOnce } from '../../support/run'
import { share } from '../../support/share'
import { issueToken } from '../../support/token'
import { until } from '../../support/until'
import { ALIASES } from './aliases'
import { vuePlugin } from './vue-plugin'

const PAGES = join(__dirname, '../pages')

/** An open page, what it complained of, and its results. */
type OpenClient = {
  page: Page
  complaints: string[]
  told: (count: number) => Promise<string[]>
  close: () => Promise<void>
}

/** The local cloud and the pages that a browser opens. */
export type Clients = {
  cloud: LocalCloud
  open: (name: string, settings?: Record<string, string>) => Promise<OpenClient>
  close: () => Promise<void>
}

/** Shares a local cloud with these rules and the pages among the tests of a file. */
export function shareClients(rules = 'test/support/rules/web.ts'): () => Clients {
  return share(async (): Promise<Clients> => {
    const [cloud, browser, site] = await Promise.all([
      startLocalCloud({ port: 0, rules, log: () => undefined }),
      launchBrowser(),
      servePages(),
    ])
    return {
      cloud,
      open: (name, settings = {}) => openPage(browser, { cloud, site: site.url, name, settings }),
      close: async () => {
        await Promise.all([browser.close(), site.close(), cloud.close()])
      },
    }
  })
}

async function bundlePages(folder: string): Promise<void> {
  await build({
    entryPoints: readdirSync(PAGES).map((file) => join(PAGES, file)),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    // Else esbuild takes the JSX of the project's own page, which is Preact's.
    tsconfigRaw: { compilerOptions: { jsx: 'react-jsx' } },
    alias: ALIASES,
    plugins: [vuePlugin],
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    logLevel: 'error',
  })
}

async function servePages(): Promise<{ url: string; close: () => Promise<void> }> {
  const folder = await makeOnce('client-pages', bundlePages)
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page')
    const { name, ext } = parse(pathname)
    if (ext === '.js' || ext === '.css') {
      response.setHeader('content-type', ext === '.js' ? 'text/javascript' : 'text/css')
      createReadStream(join(folder, name + ext))
        .on('error', () => response.writeHead(404).end())
        .pipe(response)
      return
    }
    response.setHeader('content-type', 'text/html; charset=utf-8').end(toHtml(name))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return { url: `http://127.0.0.1:${port}`, close }
}

function toHtml(name: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${name}</title>
<link rel="icon" href="data:,"><div id="app"></div><ol id="told"></ol>
<script type="module" src="/${name}.js"></script></html>`
}

type PageInput = {
  cloud: LocalCloud
  site: string
  name: string
  settings: Record<string, string>
}

async function openPage(
  browser: Browser,
  { cloud, site, name, settings }: PageInput,
): Promise<OpenClient> {
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  const { gateway } = cloud.info
  const token = await issueToken(cloud.info, { sub: 'alice', claims: { plan: 'pro' } })
  await page.goto(`${site}/${name}?${new URLSearchParams({ gateway, token, ...settings })}`)
  const told = async (count: number) => {
    const items = page.locator('#told li')
    await until(async () => {
      const found = await items.count()
      if (found < count && complaints.length > 5) throw new Error(complaints.join('\n'))
      return found >= count
    })
    return items.allTextContents()
  }
  return { page, complaints, told, close: () => context.close() }
}
