import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type Budget, printBudgets } from './budget'
import { measure, type Timings, timeAsChild } from './measure'
import { arePeersInstalled, isPeer } from './peer-cases'
import { CASES, PARTS, signingCases } from './signing-cases'

// The cost of signing and verifying, each case in separate processes. Run: npm run bench:signing

const CACHE = join(__dirname, '../node_modules/.cache/oss-direct')

function toBudgets(timings: Timings): Budget[] {
  const time = (name: string) => timings[name] ?? Number.NaN
  const over = (slow: string, fast: string) => time(slow) / time(fast)
  return [
    {
      name: 'V4 URL, times faster than ali-oss',
      value: over(CASES.url4Theirs, CASES.url4),
      atLeast: 12,
    },
    { name: 'V4 URL, times the floor', value: over(CASES.url4, CASES.floor), atMost: 1.4 },
    {
      name: 'V1 URL, times faster than ali-oss',
      value: over(CASES.url1Theirs, CASES.url1),
      atLeast: 3,
    },
    {
      name: 'V4 form, times faster than ali-oss',
      value: over(CASES.formTheirs, CASES.form),
      atLeast: 3,
    },
    { name: `one of ${PARTS} parts, us`, value: time(CASES.parts) / PARTS, atMost: 10 },
    { name: 'callback, us', value: time(CASES.callback), atMost: 60 },
    {
      name: 'callback, times faster than the published sample',
      value: over(CASES.callbackTheirs, CASES.callback),
      atLeast: 5,
    },
  ]
}

// The peers' time as a multiple of ours for the same kind of signature.
function timesOurs(name: string, timings: Timings): string {
  const [kind = ''] = name.split(':')
  const [, ours] = Object.entries(timings).find(([own]) => own.startsWith(`${kind}: ours`)) ?? []
  const ratio = (timings[name] ?? Number.NaN) / (ours ?? Number.NaN)
  return Number.isNaN(ratio) || ratio === 1 ? '' : `${ratio.toFixed(2)} x ours`.padStart(15)
}

// Bundled, as deployed: tsx compiles each import into a getter, which makes small functions slower.
async function bundle(folder: string): Promise<string> {
  const outfile = join(folder, 'signing.cjs')
  await build({
    entryPoints: [__filename],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    external: ['ali-oss', 'esbuild'],
    define: { __dirname: JSON.stringify(__dirname) },
  })
  return outfile
}

async function main(): Promise<void> {
  if (await timeAsChild(signingCases())) return
  const names = Object.values(CASES).filter((name) => arePeersInstalled() || !isPeer(name))
  // Below the project, where `ali-oss` is found.
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'bench-'))
  try {
    print(await measure(await bundle(folder), names))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function print(timings: Timings): void {
  for (const [name, time] of Object.entries(timings)) {
    console.log(name.padEnd(66), time.toFixed(2).padStart(9), 'us', timesOurs(name, timings))
  }
  if (!arePeersInstalled()) console.log('The peers of S3 are not installed: npm ci --prefix bench')
  console.log('')
  printBudgets(toBudgets(timings))
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
