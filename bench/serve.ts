import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { buildFunctions, WEB_SERVER } from '../tools/build/functions'
import { credentials } from './example'
import { environment, functionCalls } from './function-calls'
import { isQuick, median } from './measure'
import { printDay } from './serve-day'

// The web server at 100 requests at once, compared with the functions behind the gateway, one request at a time: each on
// one core, in turns. What a request computes is the time that the kernel counts for the process, which other load on the
// machine does not change much. On Linux. Run: npm run bench:serve

const ROUNDS = isQuick ? 1 : 5
const SECONDS = isQuick ? 1 : 2
const NAMES = ['signed-url', 'post-policy', 'upload-callback'] as const
type Name = (typeof NAMES)[number]
// None of the three asks it.
const NO_STS = 'http://127.0.0.1:1'

type Result = {
  requests: { average: number; total: number }
  latency: { p99: number }
  non2xx: number
}
type Options = { url: string; method: 'POST'; headers: object; body: string } & {
  connections: number
  duration: number
}
const autocannon = require('autocannon') as (options: Options) => Promise<Result>

const WAYS = [
  { way: 'gateway', connections: 1 },
  { way: 'serve', connections: 1 },
  { way: 'serve', connections: 100 },
] as const

type Measured = { perSecond: number[]; p99Ms: number[]; cpuMs: number[] }
const NOTHING: Measured = { perSecond: [], p99Ms: [], cpuMs: [] }
type Target = { url: string; pid: number }
// Of the kernel, for the times of a process (proc(5)).
const TICK_MS = 10
const children: ChildProcess[] = []

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-serve-'))
  try {
    await buildFunctions({ outDir: folder, webServer: true })
    const targets = { gateway: await startGateway(folder), serve: await startServer(folder) }
    const results = new Map<string, Measured>()
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of NAMES) {
        for (const { way, connections } of WAYS) {
          const row = `${name} ${way} ${connections}`
          const before = cpuMsOf(targets[way])
          const { requests, latency } = await send(targets[way].url, name, connections)
          const cpuMs = (cpuMsOf(targets[way]) - before) / requests.total
          const kept = results.get(row) ?? structuredClone(NOTHING)
          kept.perSecond.push(requests.average)
          kept.p99Ms.push(latency.p99)
          kept.cpuMs.push(cpuMs)
          results.set(row, kept)
        }
      }
    }
    print(results)
  } finally {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

// User and system time of all its threads.
function cpuMsOf({ pid }: Target): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const [user, system] = fields.split(' ').slice(11, 13)
  return (Number(user) + Number(system)) * TICK_MS
}

async function startGateway(folder: string): Promise<Target> {
  const outfile = join(folder, 'gateway', 'gateway.cjs')
  await build({
    entryPoints: [join(__dirname, 'gateway-process.ts')],
    ...{
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      external: ['esbuild', 'ali-oss'],
    },
    // The gateway reads its worker from the folder of its source.
    define: { __dirname: JSON.stringify(join(__dirname, '../local/fc')) },
    nodePaths: [join(__dirname, '../node_modules')],
  })
  const file = join(folder, 'variables.json')
  const variables = NAMES.map((name) => [name, environment(name, NO_STS)])
  writeFileSync(file, JSON.stringify(Object.fromEntries(variables)))
  return start([outfile, folder, file], { NODE_PATH: join(__dirname, '../node_modules') })
}

function startServer(folder: string): Promise<Target> {
  const own = Object.assign({}, ...NAMES.map((name) => environment(name, NO_STS)))
  const { accessKeyId, accessKeySecret, securityToken } = credentials
  return start([join(folder, WEB_SERVER, 'index.js'), '--port', '0'], {
    ...own,
    ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: securityToken,
  })
}

// Both on the first core; the client takes what it gets of the others.
function start(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Target> {
  const command = ['-c', '0', process.execPath, ...args]
  const { PATH = '' } = process.env
  const child = spawn('taskset', command, {
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return new Promise((resolve, reject) => {
    let text = ''
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)))
    child.stdout.on('data', (chunk: Buffer) => {
      // Read on, so that log lines cost what they cost elsewhere.
      if (text.length < 10_000) text += chunk.toString()
      const [, url] = /"event":"listening","url":"([^"]+)"/.exec(text) ?? []
      if (url) resolve({ url, pid: child.pid ?? 0 })
    })
  })
}

const calls = functionCalls()

async function send(url: string, name: Name, connections: number): Promise<Result> {
  const { event } = (await calls)[name]
  const { rawPath, headers, body } = JSON.parse(event)
  const options = { url: url + rawPath, method: 'POST' as const, headers, body }
  const result = await autocannon({ ...options, connections, duration: SECONDS })
  if (result.non2xx > 0) throw new Error(`${name}: ${result.non2xx} requests were refused`)
  return result
}

function print(results: ReadonlyMap<string, Measured>): void {
  const of = (row: string) => {
    const { perSecond, p99Ms, cpuMs } = results.get(row) ?? NOTHING
    return { perSecond: median(perSecond), p99Ms: median(p99Ms), cpuMs: median(cpuMs) }
  }
  console.log(`median of ${ROUNDS} rounds of ${SECONDS} s, one core\n`)
  console.log(`${'route'.padEnd(18)}way      at once   requests/s   p99, ms   CPU, ms`)
  for (const name of NAMES) {
    for (const { way, connections } of WAYS) {
      const { perSecond, p99Ms, cpuMs } = of(`${name} ${way} ${connections}`)
      const cells = [perSecond.toFixed(0), p99Ms.toFixed(1), cpuMs.toFixed(3)]
      const numbers = cells.map((cell) => cell.padStart(10)).join('')
      console.log(
        `${name.padEnd(18)}${way.padEnd(9)}${String(connections).padStart(7)}   ${numbers}`,
      )
    }
    const [server, gateway] = [of(`${name} serve 100`), of(`${name} gateway 1`)]
    const [faster, less] = [server.perSecond / gateway.perSecond, gateway.cpuMs / server.cpuMs]
    console.log(
      `  ${faster.toFixed(1)} times the requests, for ${less.toFixed(1)} times less CPU\n`,
    )
  }
  const cpuMs = (name: Name) => of(`${name} serve 100`).cpuMs
  printDay({ signCpuMs: cpuMs('signed-url'), callbackCpuMs: cpuMs('upload-callback') })
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
