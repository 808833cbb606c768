import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as open } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { DEFAULT_SEED } from '../local/ram/account'
import { signHeaders } from '../shared/signing/header'
import type { OssTarget } from '../shared/signing/target'
import { signUrl } from '../shared/signing/url'
import { verdictOf } from './budget'
import { isQuick } from './measure'
import { formAround, pump } from './oss-body'

// Peak memory of the local OSS while 2 GiB is stored in each way, every way in a fresh process.
// Run: npm run bench:memory

const GiB = 1024 ** 3
const BYTES = isQuick ? GiB / 4 : 2 * GiB
const PARTS = 8
const LIMIT_MIB = 200
const BUCKET = 'bench-bucket'
const credentials = DEFAULT_SEED.root

type Oss = { target: OssTarget; now: number }

const WAYS = { put, form, multipart } as const

async function put(bytes: number, { target, now }: Oss): Promise<void> {
  const input = { target, now, credentials, key: 'put.bin', expiresSeconds: 3600 }
  const { url } = signUrl({ ...input, method: 'PUT' })
  await send('PUT', url, { bytes })
}

async function form(bytes: number, { target, now }: Oss): Promise<void> {
  const { contentType, ...around } = formAround(target, 'form.bin', now)
  const url = `${target.endpoint}/${target.bucket}/`
  await send('POST', url, { bytes, headers: { 'content-type': contentType }, ...around })
}

async function multipart(bytes: number, { target, now }: Oss): Promise<void> {
  const input = { target, now, credentials, key: 'multipart.bin' }
  const start = signHeaders({ ...input, method: 'POST', query: { uploads: '' } })
  const text = await send('POST', start.url, { bytes: 0, headers: start.headers })
  const uploadId = /<UploadId>(\w+)</.exec(text)?.[1] ?? ''
  for (let number = 1; number <= PARTS; number += 1) {
    const query = { uploadId, partNumber: String(number) }
    const { url, headers } = signHeaders({ ...input, method: 'PUT', query })
    await send('PUT', url, { bytes: bytes / PARTS, headers })
  }
  const headers = { 'x-oss-complete-all': 'yes' }
  const end = signHeaders({ ...input, method: 'POST', query: { uploadId }, headers })
  await send('POST', end.url, { bytes: 0, headers: end.headers })
}

type Body = { bytes: number; headers?: Record<string, string>; before?: string; after?: string }

function send(method: string, url: string, body: Body): Promise<string> {
  const { bytes, headers = {}, before = '', after = '' } = body
  const length = Buffer.byteLength(before) + bytes + Buffer.byteLength(after)
  return new Promise((resolve, reject) => {
    const outgoing = open(url, { method, headers: { ...headers, 'content-length': length } })
    outgoing.on('error', reject).on('response', (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => {
        if ((response.statusCode ?? 0) < 300) resolve(text)
        else reject(new Error(`${method}: ${response.statusCode} ${text}`))
      })
    })
    outgoing.write(before)
    pump(outgoing, bytes, after)
  })
}

async function measure(way: keyof typeof WAYS, folder: string, script: string): Promise<number> {
  const dataDir = mkdtempSync(join(folder, `${way}-`))
  const child = fork(script, [], { env: { ...process.env, OSS_DATA: dataDir, OSS_BUCKET: BUCKET } })
  try {
    const url = await new Promise<string>((resolve) =>
      child.once('message', (text) => resolve(String(text))),
    )
    const target = {
      bucket: BUCKET,
      region: 'cn-hangzhou',
      endpoint: url,
      addressing: 'path' as const,
    }
    await WAYS[way](BYTES, { target, now: Math.floor(Date.now() / 1000) })
    return peakMib(child)
  } finally {
    child.kill()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

// Linux records the peak resident size of a process.
function peakMib({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024)
}

async function main(): Promise<void> {
  if (process.platform !== 'linux')
    throw new Error('The peak is read from /proc, which requires Linux')
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-memory-'))
  const script = join(folder, 'oss.cjs')
  await build({
    entryPoints: [join(__dirname, 'oss-process.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    target: 'node20',
  })
  try {
    for (const way of Object.keys(WAYS) as (keyof typeof WAYS)[]) {
      const startedAt = Date.now()
      const mib = await measure(way, folder, script)
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
      console.log(
        `${way.padEnd(10)} ${BYTES / GiB} GiB in ${seconds.padStart(5)} s, peak RSS ${mib} MiB, budget <= ${LIMIT_MIB}: ` +
          verdictOf({ value: mib, atMost: LIMIT_MIB }),
      )
      if (mib > LIMIT_MIB) process.exitCode = 1
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

void main()
