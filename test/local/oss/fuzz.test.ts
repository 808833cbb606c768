import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, NOW, send, type TestCloud, textOf } from './support/cloud'
import { createRandom, oddRequest } from './support/mutate'
import { type Child, dropChildren, memoryOf, startChild } from './support/start-child'

// FUZZ_REQUESTS=20000 FUZZ_SEED=2 npx jest test/local/oss/fuzz
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 1000)
const SEED = Number(process.env.FUZZ_SEED ?? 1)
const PARALLEL = 64
const IDLE_MS = 200
// Until then code is still being compiled and V8's young generation still grows.
const WARM_UP = 2000

const folder = mkdtempSync(join(tmpdir(), 'oss-fuzz-'))

afterAll(() => {
  dropChildren()
  rmSync(folder, { recursive: true, force: true })
})

/**
 * Sends bytes and returns the status lines of the responses; ends the connection if the server
 * waits for more.
 */
function exchange(port: number, bytes: Buffer): Promise<string[]> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    const patience = setTimeout(() => socket.end(), 2 * IDLE_MS)
    socket.on('data', (chunk) => {
      if (answer.length < 100_000) answer += chunk.toString('latin1')
    })
    // A reset is also an answer, to bytes that are not a request.
    socket.once('error', () => socket.destroy())
    socket.once('close', () => {
      clearTimeout(patience)
      resolve([...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status = '']) => status))
    })
    socket.write(bytes)
  })
}

function openFiles({ process: { pid } }: Child): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

async function storm(
  child: Child,
  { seed, count, uploadId }: { seed: number; count: number; uploadId: string },
): Promise<Map<string, number>> {
  const random = createRandom(seed)
  const seen = new Map<string, number>()
  let left = count
  const work = async () => {
    while (left > 0) {
      left -= 1
      const bytes = oddRequest(random, uploadId)
      for (const status of await exchange(child.port, bytes)) {
        seen.set(status, (seen.get(status) ?? 0) + 1)
        if (/^50[^1]/.test(status)) throw new Error(`${status} to ${bytes.toString('latin1')}`)
      }
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, work))
  return seen
}

it('answers whatever it is sent, and keeps nothing of it', async () => {
  const [dataDir, cwd] = [join(folder, 'data'), join(folder, 'cwd')]
  mkdirSync(cwd)
  const child = await startChild({ dataDir, now: NOW, idleMs: IDLE_MS }, cwd)
  const cloud = { port: child.port, clock: { now: NOW } } as TestCloud
  const begun = await ask(cloud, { method: 'POST', key: 'm', query: { uploads: '' } })
  const uploadId = textOf(begun.text, 'UploadId') ?? ''
  const crashed = once(child.process, 'exit').then(([code]) => {
    throw new Error(`The server exited with ${code}`)
  })
  await Promise.race([storm(child, { seed: SEED + 1_000_000, count: WARM_UP, uploadId }), crashed])
  const [files, before] = [openFiles(child), await memoryOf(child)]
  const seen = await Promise.race([
    storm(child, { seed: SEED, count: REQUESTS, uploadId }),
    crashed,
  ])
  for (const status of ['200', '204', '400', '403', '404', '501']) {
    expect([status, seen.get(status) ?? 0]).toEqual([status, expect.any(Number)])
    expect(seen.get(status) ?? 0).toBeGreaterThan(0)
  }
  for (let i = 0; i < 100 && openFiles(child) > files; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(openFiles(child)).toBeLessThanOrEqual(files)
  const after = await memoryOf(child)
  expect(after.liveMib).toBeLessThan(before.liveMib + 4)
  expect(after.residentMib).toBeLessThan(before.residentMib + 32)
  expect((await ask(cloud, { method: 'PUT', key: 'after' }, 'all')).status).toBe(200)
  expect((await send(child, { method: 'GET', path: '/demo-bkt/after', headers: {} })).status).toBe(
    403,
  )
  expect(readdirSync(folder).sort()).toEqual(['cwd', 'data'])
  expect(readdirSync(cwd)).toEqual([])
  expect(readdirSync(dataDir).sort()).toEqual(['blobs', 'callback-key.pem', 'journal', 'lock'])
  crashed.catch(() => undefined)
}, 600_000)
