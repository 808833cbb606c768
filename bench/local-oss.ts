import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { DEFAULT_SEED } from '../local/ram/account'
import { signForm } from '../shared/signing/form'
import { signHeaders } from '../shared/signing/header'

// Throughput of the local OSS, as a ratio to a bare node:http server that streams to disk, with and
// without MD5, in turns in one run; and its peak memory. All three get the same signed requests on
// kept connections, and every round writes new names: to write over a file is cheaper than to make
// one, and the bare server alone could do so. The budget is the ratio to the server without MD5.
// Run: npm run bench:oss -- [rounds]

const MiB = 1024 ** 2
const LARGE = 100 * MiB
const PART = 100 * 1024
const PARTS = 1000
const [SMALL, SMALL_COUNT] = [1024, 1500]
const PARALLEL = 8
const ROUNDS = Number(process.argv[2] ?? 5)
const BUCKET = 'bench-bucket'
const FORM = 'form'
const LIMIT_MIB = 200
const credentials = DEFAULT_SEED.root

type Server = { name: string; url: string; child: ChildProcess; isOss: boolean }
type Order = {
  method: string
  key: string
  query?: Record<string, string>
  headers?: Record<string, string>
}
type Case = {
  name: string
  floor: number
  bytes: number
  run: (server: Server, round: number) => Promise<unknown>
  /** Not timed; large files would wait in memory for the disk else. */
  clear?: (server: Server, round: number) => Promise<unknown>
}

const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL })
const chunk = Buffer.alloc(MiB, 'x')
const small = Buffer.alloc(SMALL, 'x')

const CASES: Case[] = [
  {
    name: 'PUT 100 MB',
    floor: 0.6,
    bytes: LARGE,
    run: (server, round) => put(server, `large-${round}`, LARGE),
    // The first one is there to be read.
    clear: async (server, round) => round > 0 && remove(server, `large-${round}`),
  },
  { name: 'GET 100 MB', floor: 0.6, bytes: LARGE, run: (server) => get(server, 'large-0') },
  {
    name: 'POST form 100 MB',
    floor: 0.6,
    bytes: LARGE,
    run: postForm,
    clear: (server) => remove(server, FORM),
  },
  { name: '1,000 parts of 100 KB', floor: 0.6, bytes: PARTS * PART, run: multipart },
  {
    name: 'PUT 1 KB',
    floor: 0.25,
    bytes: SMALL_COUNT * SMALL,
    run: (server, round) =>
      inParallel(SMALL_COUNT, (i) => put(server, `small-${round}-${i}`, SMALL)),
  },
  {
    name: 'GET 1 KB',
    floor: 0.25,
    bytes: SMALL_COUNT * SMALL,
    run: (server) => inParallel(SMALL_COUNT, (i) => get(server, `small-0-${i}`)),
  },
]

function prepare(server: Server, order: Order): { path: string; headers: Record<string, string> } {
  const now = Math.floor(Date.now() / 1000)
  const { url, headers } = signHeaders({
    ...order,
    target: targetOf(server),
    credentials,
    now,
  } as Parameters<typeof signHeaders>[0])
  return { path: url.slice(server.url.length), headers }
}

function targetOf({ url }: Server) {
  const addressing = 'path' as const
  return { bucket: BUCKET, region: 'cn-hangzhou', endpoint: url, addressing }
}

function put(server: Server, key: string, size: number, query?: Record<string, string>) {
  return send(server, { method: 'PUT', key, ...(query && { query }) }, size)
}

function get(server: Server, key: string) {
  return send(server, { method: 'GET', key }, 0)
}

function remove(server: Server, key: string) {
  return send(server, { method: 'DELETE', key }, 0)
}

async function multipart(server: Server, round: number): Promise<void> {
  const key = `parts-${round}`
  const begun = await send(server, { method: 'POST', key, query: { uploads: '' } }, 0)
  const uploadId = /<UploadId>(\w+)</.exec(begun)?.[1] ?? 'none'
  await inParallel(PARTS, (i) => put(server, key, PART, { partNumber: String(i + 1), uploadId }))
  const headers = { 'x-oss-complete-all': 'yes' }
  await send(server, { method: 'POST', key, query: { uploadId }, headers }, 0)
}

async function postForm(server: Server): Promise<void> {
  const now = Math.floor(Date.now() / 1000)
  const fields = signForm({
    fields: { key: FORM },
    target: targetOf(server),
    credentials,
    now,
    policyText: (all) =>
      JSON.stringify({
        expiration: new Date((now + 3600) * 1000).toISOString(),
        conditions: Object.entries(all).map(([name, value]) => ['eq', `$${name}`, value]),
      }),
  })
  const B = 'boundary-of-the-form'
  const part = (name: string, value: string) =>
    `--${B}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}`
  const head = Object.entries(fields)
    .map(([name, value]) => `${part(name, value)}\r\n`)
    .join('')
  const around = { before: head + part('file', ''), after: `\r\n--${B}--\r\n` }
  const headers = { 'content-type': `multipart/form-data; boundary=${B}` }
  // The bare server reads no form; it takes the name from the path.
  const path = `/${BUCKET}/${server.isOss ? '' : FORM}`
  await exchange(server, { method: 'POST', path, headers }, LARGE, around)
}

function send(server: Server, order: Order, size: number): Promise<string> {
  return exchange(server, { method: order.method, ...prepare(server, order) }, size)
}

function exchange(
  server: Server,
  { method, path, headers }: { method: string; path: string; headers: Record<string, string> },
  size: number,
  { before = '', after = '' }: { before?: string; after?: string } = {},
): Promise<string> {
  const length = before.length + size + after.length
  return new Promise((resolve, reject) => {
    const { port } = new URL(server.url)
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent,
        headers: { ...headers, ...(method !== 'GET' && { 'content-length': length }) },
      },
      (response) => readAnswer(response).then(resolve, reject),
    )
    outgoing.once('error', reject)
    outgoing.write(before)
    writeBody(outgoing, size, after)
  })
}

function writeBody(outgoing: ReturnType<typeof request>, size: number, after: string): void {
  if (size === SMALL) {
    outgoing.end(small)
    return
  }
  let left = size
  const pump = () => {
    while (left > 0) {
      const piece = chunk.subarray(0, Math.min(left, chunk.length))
      left -= piece.length
      if (!outgoing.write(piece) && left > 0) {
        outgoing.once('drain', pump)
        return
      }
    }
    outgoing.end(after)
  }
  pump()
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of response) if (text.length < 100_000) text += piece.toString('latin1')
  if ((response.statusCode ?? 0) >= 300) throw new Error(`${response.statusCode} ${text}`)
  return text
}

async function inParallel(count: number, run: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const work = async () => {
    while (next < count) await run(next++)
  }
  await Promise.all(Array.from({ length: PARALLEL }, work))
}

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

function peakMib({ child }: Server): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024)
}

function reportMemory(server: Server): void {
  const mib = peakMib(server)
  const verdict = mib <= LIMIT_MIB ? 'kept' : 'MISSED'
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
    console.log('|---|---:|---:|---:|---:|---|')
    for (const item of CASES) {
      const [oss = 0, bare = 1, withMd5 = 1] = await timeCase(item, servers)
      const cells = [item.name, oss.toFixed(1), (oss / bare).toFixed(2), (oss / withMd5).toFixed(2)]
      const verdict = oss / bare >= item.floor ? 'kept' : 'MISSED'
      console.log(`| ${[...cells, `≥ ${item.floor}`, verdict].join(' | ')} |`)
    }
    for (const server of servers.filter(({ isOss }) => isOss)) reportMemory(server)
    console.log(`Load average meanwhile: ${loadavg()[0]?.toFixed(1)}, on ${cpus().length} cores`)
  } finally {
    for (const { child } of servers) child.kill()
    agent.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}

void main()
