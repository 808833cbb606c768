import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { BUDGET_BYTES, buildFunctions } from '../tools/build/functions'
import { type Budget, printBudgets } from './budget'
import { environment, functionCalls } from './function-calls'
import type { Sizes } from './function-process'
import { median } from './measure'

// Size, cold start, time per call and memory of the built functions, each in a separate process.
// Run: npm run bench:functions

const COLD_STARTS = 21
const MAX_CALL_US = 60
// The times of an empty Node process and of the floor on the machine that the budgets were set on.
const EMPTY_MS = 32
const FLOOR_US = 5
const MAX_COLD_MS = { 'signed-url': 30, 'post-policy': 30, 'upload-callback': 30, sts: 90 }

type Name = keyof typeof MAX_COLD_MS
const NAMES = Object.keys(MAX_COLD_MS) as Name[]

/** The folder, script and STS endpoint of a function process. */
type Setup = { folder: string; script: string; stsEndpoint: string }

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-functions-'))
  const sts = await serveSts()
  try {
    await buildFunctions({ outDir: folder })
    const setup = { folder, script: await buildScripts(folder), stsEndpoint: sts.url }
    for (const [name, call] of Object.entries(await functionCalls())) {
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(call))
    }
    printBudgets([
      ...sizes(folder),
      ...(await coldStarts(setup)),
      ...(await warmCalls(setup)),
      ...(await memory(setup)),
    ])
  } finally {
    sts.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

// Answers every AssumeRole immediately with the same response, so that only our code and the SDK
// are measured.
async function serveSts(): Promise<{ url: string; close: () => void }> {
  const Expiration = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, '')
  const keys = { AccessKeyId: 'STS.id', AccessKeySecret: 'secret', SecurityToken: 'token' }
  const body = JSON.stringify({ RequestId: 'r', Credentials: { ...keys, Expiration } })
  const server = createServer((incoming, outgoing) => {
    incoming.resume()
    outgoing.setHeader('content-type', 'application/json').end(body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

async function buildScripts(folder: string): Promise<string> {
  const outfile = join(folder, 'process.cjs')
  const entryPoints = [join(__dirname, 'function-process.ts')]
  await build({ entryPoints, outfile, bundle: true, platform: 'node', target: 'node20' })
  writeFileSync(join(folder, 'empty.cjs'), 'process.exit()')
  return outfile
}

function sizes(folder: string): Budget[] {
  return NAMES.map((name) => {
    const { size } = statSync(join(folder, name, 'index.js'))
    return { name: `${name}: bundle, bytes`, value: size, atMost: BUDGET_BYTES, digits: 0 }
  })
}

async function coldStarts(setup: Setup): Promise<Budget[]> {
  const times = new Map<string, number[]>(['empty', ...NAMES].map((name) => [name, []]))
  for (let turn = 0; turn < COLD_STARTS; turn += 1) {
    for (const [name, list] of times) {
      const startedAt = performance.now()
      await run(setup, 'cold', name)
      list.push(performance.now() - startedAt)
    }
  }
  const empty = median(times.get('empty') ?? [])
  const speed = empty / EMPTY_MS
  return NAMES.flatMap((name) => {
    const value = median(times.get(name) ?? []) - empty
    return atSpeed(
      `${name}: cold first answer over empty Node, ms`,
      value,
      speed,
      MAX_COLD_MS[name],
    )
  })
}

async function warmCalls(setup: Setup): Promise<Budget[]> {
  const value = Number(await run(setup, 'warm', 'signed-url'))
  const speed = Number(await run(setup, 'floor', 'signed-url')) / FLOOR_US
  return atSpeed('signed-url: event in to response out, us', value, speed, MAX_CALL_US)
}

// The measured value, and the value scaled to the machine that the budget was set on.
function atSpeed(name: string, value: number, speed: number, atMost: number): Budget[] {
  return [
    { name, value, atMost },
    { name: `  the same at ${speed.toFixed(2)} times our speed`, value: value / speed, atMost },
  ]
}

// V8's young generation grows to 48 MiB before a collection; the used heap shows leaks.
async function memory(setup: Setup): Promise<Budget[]> {
  const budgets: Budget[] = []
  for (const name of ['signed-url', 'post-policy'] as const) {
    const [empty, after, later] = (await run(setup, 'memory', name)) as [Sizes, Sizes, Sizes]
    const resident = after.resident - empty.resident
    const heap = after.heap - empty.heap
    budgets.push(
      {
        name: `${name}: MiB resident over empty Node after 10,000 calls`,
        value: resident,
        atMost: 15,
      },
      { name: `${name}: MiB of heap in use over empty Node after them`, value: heap, atMost: 15 },
      {
        name: `${name}: MiB of heap more after 10,000 others`,
        value: later.heap - after.heap,
        atMost: 0.5,
      },
    )
  }
  return budgets
}

// Log lines are discarded: writing them costs what the terminal or the platform takes.
async function run(setup: Setup, task: string, name: string): Promise<unknown> {
  const { folder, script, stsEndpoint } = setup
  // Both slow down every start of Node.
  const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...inherited } = process.env
  const isEmpty = name === 'empty'
  const args = [task, join(folder, name, 'index.js'), join(folder, `${name}.json`)]
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const
  const child = fork(isEmpty ? join(folder, 'empty.cjs') : script, args, {
    env: { ...inherited, ...environment(name, stsEndpoint) },
    execArgv: [],
    stdio: [...stdio],
  })
  let result: unknown
  child.on('message', (message) => {
    result = message
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${task} of ${name} ended with ${code}`)
  return result
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
