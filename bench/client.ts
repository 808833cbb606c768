import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LocalInfo } from '../local/options'
import { startLocalCloud } from '../local/start'
import { verdictOf } from './budget'
import { measurePage, type PageMeasure, type Way } from './client-page'
import { isQuick } from './measure'
import { arePeersInstalled } from './peer-cases'

// The typed client's uploads in parts, without and with the CRC-64, compared with one plain fetch, with ali-oss and with Uppy,
// all of them in Chromium and in turns; and its peak memory, there and in Node, for a small and a large file.
// Run: npm run bench:client -- [rounds] [megabytes]

const MB = 1_000_000
const MiB = 1024 ** 2
const ROUNDS = Number(process.argv[2] ?? (isQuick ? 1 : 3))
const MEGABYTES = Number(process.argv[3] ?? (isQuick ? 50 : 300))
const PEERS: readonly Way[] = arePeersInstalled() ? ['ali-oss', 'uppy'] : ['ali-oss']
const WAYS: readonly Way[] = ['fetch', 'client', 'verified', ...PEERS]
const MIN_RATIO = 0.8
const MAX_TASK_MS = 50
const MAX_GROWTH_MIB = 64

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-bench-'))
  const cloud = await startLocalCloud({
    port: 0,
    rules: 'test/support/rules/bulk.ts',
    log: () => undefined,
  })
  try {
    await comparePages(cloud.info, writeFile(join(folder, 'page.bin'), MEGABYTES * MB))
    if (!isQuick) await compareSizes(cloud.info, folder)
  } finally {
    await cloud.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function comparePages(info: LocalInfo, path: string): Promise<void> {
  const measures = new Map<Way, PageMeasure[]>(WAYS.map((way) => [way, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of WAYS) measures.get(way)?.push(await measurePage(info, way, path))
  }
  const plain = median(measures.get('fetch'), 'seconds')
  console.log(`${MEGABYTES} MB in Chromium, median of ${ROUNDS}; load ${loadavg()[0]?.toFixed(1)}`)
  for (const way of WAYS) {
    const taken = measures.get(way)
    const ratio = plain / median(taken, 'seconds')
    const task = Math.max(...(taken ?? []).map(({ longestTaskMs }) => longestTaskMs))
    const peak = median(taken, 'peakBytes') / MiB
    console.log(
      `${way.padEnd(8)} ${ratio.toFixed(2)} of fetch, longest task ${task.toFixed(0)} ms, peak ${peak.toFixed(0)} MiB` +
        (way === 'client' ? ` (${clientVerdict(ratio, task)})` : ''),
    )
  }
  console.log(`budgets: at least ${MIN_RATIO} of fetch, no task over ${MAX_TASK_MS} ms`)
}

function clientVerdict(ratio: number, taskMs: number): string {
  const task = verdictOf({ value: taskMs, atMost: MAX_TASK_MS })
  return `throughput ${verdictOf({ value: ratio, atLeast: MIN_RATIO })}, longest task ${task}`
}

async function compareSizes(info: LocalInfo, folder: string): Promise<void> {
  const sizes = [64 * MiB, 1024 * MiB].map((size) => writeFile(join(folder, `${size}.bin`), size))
  for (const [name, peakOf] of [
    ['Node', (path: string) => peakInNode(info, path)],
    ['Chromium', async (path: string) => (await measurePage(info, 'client', path)).peakBytes],
  ] as const) {
    const peaks: number[] = []
    for (const path of sizes) peaks.push((await peakOf(path)) / MiB)
    const [small = 0, large = 0] = peaks
    console.log(
      `${name}: peak ${small.toFixed(0)} MiB for 64 MiB, ${large.toFixed(0)} MiB for 1 GiB` +
        ` (${verdictOf({ value: Math.max(0, large - small), atMost: MAX_GROWTH_MIB })})`,
    )
  }
  console.log(`budget: at most ${MAX_GROWTH_MIB} MiB more`)
}

function peakInNode(info: LocalInfo, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'client-process.ts'), [JSON.stringify(info), path])
    child.on('message', (message) => {
      const { proven, peakBytes } = message as { proven: boolean; peakBytes: number }
      if (proven) resolve(peakBytes)
      else reject(new Error('The upload was not proven'))
    })
    child.on('exit', () => reject(new Error('The upload failed')))
  })
}

function writeFile(path: string, bytes: number): string {
  const block = randomBytes(MiB)
  const file = openSync(path, 'w')
  for (let left = bytes; left > 0; left -= MiB) writeSync(file, block, 0, Math.min(left, MiB))
  closeSync(file)
  return path
}

function median(measures: readonly PageMeasure[] = [], of: keyof PageMeasure): number {
  const sorted = measures.map((measure) => measure[of]).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
