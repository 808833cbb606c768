import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'
import { startLocalCloud } from '../local/start'
import { PAGE_BUDGET_BYTES } from '../tools/build/budgets'
import { buildPage } from '../tools/build/page'
import { chromiumPath } from '../tools/chromium'
import { printBudgets } from './budget'
import { isQuick } from './measure'

// The page in Chromium: its first paint, and its longest task while a large file is uploaded and 200 rows are there. Other load
// lengthens a task by the clock, but not what the processor works on it.
// Run: npm run bench:page -- [rounds] [megabytes]

const ROUNDS = Number(process.argv[2] ?? (isQuick ? 3 : 7))
const MEGABYTES = Number(process.argv[3] ?? (isQuick ? 50 : 300))
const ROWS = 200
const MAX_PAINT_MS = 500
const MAX_TASK_MS = 50

async function main(): Promise<void> {
  const executablePath = chromiumPath()
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-bench-'))
  const cloud = await startLocalCloud({
    port: 0,
    rules: 'test/support/rules/bulk.ts',
    log: () => undefined,
  })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const paints: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      paints.push(await firstPaint(browser, cloud.info.gateway))
    }
    const { longestMs, longestCpuMs, seconds } = await upload(
      browser,
      cloud.info.gateway,
      writeFiles(folder),
    )
    console.log(
      `${MEGABYTES} MB and ${ROWS - 1} small files in ${seconds.toFixed(1)} s; load ${loadavg()[0]?.toFixed(1)}; ` +
        `the longest task took ${longestMs.toFixed(0)} ms by the clock`,
    )
    printBudgets([
      { name: 'first paint, ms, median', value: median(paints), digits: 0, atMost: MAX_PAINT_MS },
      {
        name: 'longest task, ms of the processor',
        value: longestCpuMs,
        digits: 0,
        atMost: MAX_TASK_MS,
      },
      { name: 'page, bytes compressed', value: await size(), digits: 0, atMost: PAGE_BUDGET_BYTES },
    ])
  } finally {
    await browser.close()
    await cloud.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Returns when a page that was never visited shows something, in milliseconds after it was asked for. */
async function firstPaint(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(url)
  await page.locator('#files').waitFor({ state: 'attached' })
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  )
  await context.close()
  if (paint === undefined) throw new Error('The page was not painted')
  return paint
}

/** Uploads these files by the page; returns the longest tasks of its main thread meanwhile, in milliseconds. */
async function upload(browser: Browser, url: string, paths: readonly string[]) {
  const page = await browser.newPage()
  await page.goto(url)
  await page.locator('.choosers').waitFor()
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] })
  const begun = performance.now()
  await page.locator('#files').setInputFiles(paths)
  await page.getByText(`${ROWS} of ${ROWS}`).waitFor({ timeout: 600_000 })
  const seconds = (performance.now() - begun) / 1000
  const tasks = tasksIn(await browser.stopTracing())
  await page.close()
  return {
    seconds,
    longestMs: Math.max(...tasks.map(({ dur }) => dur)) / 1000,
    longestCpuMs: Math.max(...tasks.map(({ tdur }) => tdur)) / 1000,
  }
}

/** A task of a thread: how long it took, and how long the processor worked on it, in microseconds. */
type Task = { name: string; pid: number; tid: number; dur: number; tdur: number }

function tasksIn(trace: Buffer): Task[] {
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as {
    traceEvents: (Task & { args: { name?: string } })[]
  }
  const main = traceEvents.filter(
    ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain',
  )
  const isOnMain = ({ pid, tid }: Task) => main.some((each) => each.pid === pid && each.tid === tid)
  return traceEvents.filter((event) => event.name === 'RunTask' && isOnMain(event))
}

function writeFiles(folder: string): string[] {
  const large = join(folder, 'large.bin')
  const file = openSync(large, 'w')
  ftruncateSync(file, MEGABYTES * 1_000_000)
  closeSync(file)
  const small = Array.from({ length: ROWS - 1 }, (_, index) => {
    const path = join(folder, `small-${index}.txt`)
    writeFileSync(path, String(index))
    return path
  })
  return [large, ...small]
}

async function size(): Promise<number> {
  const files = Object.entries(await buildPage())
  const own = files.filter(
    ([path]) => !['/ali-oss.js', '/favicon.ico', '/plain.css'].includes(path),
  )
  return own.reduce((sum, [, { body }]) => sum + gzipSync(body).length, 0)
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0
}

void main()
