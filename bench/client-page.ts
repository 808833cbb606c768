import { readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { LocalInfo } from '../local/options'
import { issueToken } from '../test/support/token'
import { CLIENT_BUNDLE } from '../tools/build/client'
import { chromiumPath } from '../tools/chromium'
import { addUppy, UPPY_UPLOAD } from './client-uppy'

/** The ways in which a page uploads a file. */
export type Way = 'fetch' | 'client' | 'verified' | 'ali-oss' | 'uppy'

/** What one upload took. */
export type PageMeasure = {
  seconds: number
  /** The longest task of the page's main thread; 0 where none took 50 ms. */
  longestTaskMs: number
  /** The peak of the page's process. */
  peakBytes: number
}

// In the page: each resolves when OSS has the file. The rest of the page is the same for all.
const WAYS: Readonly<Record<Way, string>> = {
  fetch: `async (file, ask) => {
    const { url, headers } = await ask('/signed-url', {
      rule: 'bulk', operation: 'put', filename: 'fetch.bin', contentType: 'video/mp4', contentLength: file.size,
    })
    delete headers['content-length']
    const response = await fetch(url, { method: 'PUT', headers, body: file })
    if (response.status !== 200) throw new Error(await response.text())
  }`,
  client: byClient({}),
  verified: byClient({ verifyCrc64: true }),
  'ali-oss': `async (file, ask) => {
    const { prefix, headers, callback, ...options } = await ask('/sts?as=ali-oss', { rule: 'bulk', access: 'write' })
    const client = new OSS(options)
    await client.multipartUpload(prefix + 'ali-oss.bin', file, { headers, callback, mime: 'video/mp4' })
  }`,
  uppy: UPPY_UPLOAD,
}

function byClient(more: object): string {
  const options = { rule: 'bulk', filename: 'client.bin', contentType: 'video/mp4', ...more }
  return `async (file, ask, token) => {
    const oss = ossDirect.createOssDirect({ baseUrl: location.origin, getToken: () => token })
    const options = ${JSON.stringify({ ...options, mechanism: 'parts' })}
    const { proven, reason } = await oss.upload(file, options).done
    if (!proven) throw reason
  }`
}

/** Uploads a file from a page of a browser of its own, and measures it. */
export async function measurePage(info: LocalInfo, way: Way, path: string): Promise<PageMeasure> {
  const executablePath = chromiumPath()
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const page = await openPage(browser, info)
    if (way === 'uppy') await addUppy(page, info)
    await page.setInputFiles('#chosen', path)
    const token = await issueToken(info, { sub: 'alice' })
    // tsx names functions by a helper of its own, which the page does not have.
    const taken = await page.evaluate<{ seconds: number; longestTaskMs: number }>(
      `{ const __name = (value) => value; (${run.toString()})(${WAYS[way]}, ${JSON.stringify(token)}) }`,
    )
    return { ...taken, peakBytes: await peakOf(browser) }
  } finally {
    await browser.close()
  }
}

async function openPage(browser: Browser, { gateway }: LocalInfo): Promise<Page> {
  const page = await browser.newPage({ bypassCSP: true })
  // In one script: Playwright can't serve files without passing every body of a request through itself.
  const { outputFiles } = await build({
    ...CLIENT_BUNDLE,
    ...{ splitting: false, format: 'iife', globalName: 'ossDirect', write: false },
  })
  await page.goto(gateway)
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' })
  await page.addScriptTag({ url: '/ali-oss.js' })
  await page.evaluate(() => {
    document.body.innerHTML = '<input id="chosen" type="file">'
  })
  return page
}

type Upload = (
  file: File,
  ask: (path: string, body: object) => Promise<unknown>,
  token: string,
) => Promise<void>

async function run(upload: Upload, token: string) {
  const file = (document.querySelector('#chosen') as HTMLInputElement).files?.[0] as File
  const ask = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    return (await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).json()
  }
  let longestTaskMs = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration)
  })
  observer.observe({ type: 'longtask' })
  const begun = performance.now()
  await upload(file, ask, token)
  const seconds = (performance.now() - begun) / 1000
  await new Promise((resolve) => setTimeout(resolve, 100))
  return { seconds, longestTaskMs }
}

async function peakOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const peaks = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => peakRss(id))
  return Math.max(...peaks)
}

function peakRss(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024
}
