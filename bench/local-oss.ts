import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { verdictOf } from './budget'
import { isQuick } from './measure'
import {
  BUCKET,
  FORM,
  get,
  hangUp,
  inParallel,
  LARGE,
  MiB,
  multipart,
  PART,
  PARTS,
  postForm,
  put,
  remove,
  type Server,
  SMALL,
} from './oss-client'

// Throughput of the local OSS as a ratio to a bare node:http server that streams to disk, with and
// without MD5, alternating in one run; and its peak memory. All three get the same signed requests
// on keep-alive connections. Every round writes new names: overwriting a file is cheaper than
// creating one, and only the bare server could do it. The budget of a large file is the ratio to the
// server with MD5, which OSS answers with, too; that of many small ones the ratio to the one without.
// Run: npm run bench:oss -- [rounds]

const SMALL_COUNT = 1500
const ROUNDS = Number(process.argv[2] ?? (isQuick ? 1 : 5))
const LIMIT_MIB = 200
const LARGE_BUDGET = { of: 'bare with MD5', atLeast: 0.85 } as const

type Case = {
  name: string
  budget: { of: 'bare' | 'bare with MD5'; atLeast: number }
  bytes: number
  run: (server: Server, round: number) => Promise<unknown>
  /** Not timed; otherwise large files would wait in memory for the disk. */
  clear?: (server: Server, round: number) => Promise<unknown>
}

const CASES: Case[] = [
  {
    name: 'PUT 100 MB',
    budget: LARGE_BUDGET,
    bytes: LARGE,
    run: (server, round) => put(server, `large-${round}`, LARGE),
    // The object of round 0 is kept to be downloaded.
    clear: async (server, round) => round > 0 && remove(server, `large-${round}`),
  },
  {
    name: 'GET 100 MB',
    budget: LARGE_BUDGET,
    bytes: LARGE,
    run: (server) => get(server, 'large-0'),
  },
  {
    name: 'POST form 100 MB',
    budget: LARGE_BUDGET,
    bytes: LARGE,
    run: postForm,
    clear: (server) => remove(server, FORM),
  },
  {
    name: '1,000 parts of 100 KB',
    budget: { of: 'bare', atLeast: 0.6 },
    bytes: PARTS * PART,
    run: multipart,
  },
  {
    name: 'PUT 1 KB',
    budget: { of: 'bare', atLeast: 0.25 },
    bytes: SMALL_COUNT * SMALL,
    run: (server, round) =>
      inParallel(SMALL_COUNT, (i) => put(server, `small-${round}-${i}`, SMALL)),
  },
  {
    name: 'GET 1 KB',
    budget: { of: 'bare', atLeast: 0.25 },
    bytes: SMALL_COUNT * SMALL,
    run: (server) => inParallel(SMALL_COUNT, (i) => get(server, `small-0-${i}`)),
  },
]

async function startServer(
  name: string,
  script: string,
  { folder, env = {} }: { folder: string; env?: Record<string, string> },
): Promise<Server> {
  const dataDir = join(folder, `data-${name}`)
  mkdirSync(dataDir)
  const settings = { OSS_DATA: dataDir, OSS_BUCKET: BUCKET, ...env }
  const child = fork(script, [], { env: { ...process.env, ...settings } })
  const url = await new Promise<string>((resolve) => child.once('message', (m) => resolve(`${m}`)))
  return { name, url, child, isOss: name === 'oss' }
}

async function timeCase(
  { run, clear, bytes }: Case,
  servers: readonly Server[],
): Promise<number[]> {
  const best = servers.map(() => 0)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, server] of servers.entries()) {
      const started = performance.now()
      await run(server, round)
      const speed = bytes / MiB / ((performance.now() - started) / 1000)
      best[index] = Math.max(best[index] ?? 0, speed)
      await clear?.(server, round)
    }
  }
  return best
}

function toRow({ name, budget }: Case, [oss = 0, bare = 1, withMd5 = 1]: number[]): string {
  const ratios = { bare: oss / bare, 'bare with MD5': oss / withMd5 }
  const { of, atLeast } = budget
  const verdict = verdictOf({ value: ratios[of], atLeast })
  const values = [oss.toFixed(1), ratios.bare.toFixed(2), ratios['bare with MD5'].toFixed(2)]
  return `| ${[name, ...values, `≥ ${atLeast} of ${of}`, verdict].join(' | ')} |`
}

function peakMib({ child }: Server): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024)
}

function reportMemory(server: Server): void {
  const mib = peakMib(server)
  const verdict = verdictOf({ value: mib, atMost: LIMIT_MIB })
  console.log(`\nPeak memory of the local OSS: ${mib} MiB, budget ≤ ${LIMIT_MIB}: ${verdict}`)
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'oss-bench-'))
  const outfile = (name: string) => join(folder, `${name}.js`)
  const scripts = ['oss-process', 'bare-server'].map((name) => join(__dirname, `${name}.ts`))
  const options = { bundle: true, platform: 'node', target: 'node20', outdir: folder } as const
  await build({ entryPoints: scripts, ...options })
  const servers = await Promise.all([
    startServer('oss', outfile('oss-process'), { folder }),
    startServer('bare', outfile('bare-server'), { folder }),
    startServer('bare+md5', outfile('bare-server'), { folder, env: { BARE_MD5: 'yes' } }),
  ])
  try {
    console.log('| case | local OSS, MB/s | of bare | of bare with MD5 | budget | |')
    console.log('|---|---:|---:|---:|---|---|')
    for (const item of CASES) console.log(toRow(item, await timeCase(item, servers)))
    for (const server of servers.filter(({ isOss }) => isOss)) reportMemory(server)
    console.log(`Load average meanwhile: ${loadavg()[0]?.toFixed(1)}, on ${cpus().length} cores`)
  } finally {
    for (const { child } of servers) child.kill()
    hangUp()
    rmSync(folder, { recursive: true, force: true })
  }
}

void main()
