import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type BuiltFunction, buildFunctions } from '../tools/build/functions'
import { environment, functionCalls } from './function-calls'
import type { Task } from './function-process'
import type { SignerMeasure } from './signer-process'

/** The built functions in a temporary folder, and an STS that answers them. */
export type Runner = {
  built: readonly BuiltFunction[]
  /** Runs a task of `function-process.ts` with one function, in a process of its own. */
  run: (task: Task, name: string, execArgv?: readonly string[]) => Promise<unknown>
  /** Measures all our own signers in a process of their own; returns the result of each by its name. */
  runSigners: (
    measure: SignerMeasure,
    execArgv?: readonly string[],
  ) => Promise<Readonly<Record<string, number>>>
  /** Returns the microseconds of AssumeRole by the official SDK. */
  timeStsSdk: () => Promise<number>
  close: () => void
}

/** The name of a process that loads no function. */
export const EMPTY = 'empty'

/** Builds all functions, and starts what their processes need. */
export async function openRunner(): Promise<Runner> {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-functions-'))
  const sts = await serveSts()
  const built = await buildFunctions({ outDir: folder })
  const script = await buildScript(folder, 'function-process')
  writeFileSync(join(folder, 'empty.cjs'), 'process.exit()')
  for (const [name, call] of Object.entries(await functionCalls())) {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(call))
  }
  return {
    built,
    run: (task, name, execArgv = []) =>
      runChild(name === EMPTY ? join(folder, 'empty.cjs') : script, {
        args: [task, join(folder, name, 'index.js'), join(folder, `${name}.json`)],
        env: environment(name, sts.url),
        execArgv,
      }),
    runSigners: async (measure, execArgv = []) => {
      const signers = await buildScript(folder, 'signer-process')
      const bytesOrTimes = await runChild(signers, { args: [measure], env: {}, execArgv })
      return bytesOrTimes as Record<string, number>
    },
    timeStsSdk: async () => {
      const caller = await buildScript(folder, 'sts-process')
      return Number(await runChild(caller, { args: [sts.url], env: {}, execArgv: [] }))
    },
    close: () => {
      sts.close()
      rmSync(folder, { recursive: true, force: true })
    },
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

async function buildScript(folder: string, name: string): Promise<string> {
  const outfile = join(folder, `${name}.cjs`)
  const entryPoints = [join(__dirname, `${name}.ts`)]
  const options = { outfile, bundle: true, platform: 'node', target: 'node20' } as const
  // The HTTP client of the SDK asks for it only where a proxy is set.
  await build({ entryPoints, ...options, external: ['proxy-agent'], logLevel: 'error' })
  return outfile
}

type ChildOptions = { args: string[]; env: Record<string, string>; execArgv: readonly string[] }

// Returns the message that the process sends.
async function runChild(script: string, options: ChildOptions): Promise<unknown> {
  const { args, env, execArgv } = options
  // Both slow down every start of Node.
  const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...inherited } = process.env
  // Log lines are discarded: writing them costs what the terminal or the platform takes.
  const child = fork(script, args, {
    env: { ...inherited, ...env },
    execArgv: [...execArgv],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  let result: unknown
  child.on('message', (message) => {
    result = message
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${args.join(' ')}: ended with ${code}`)
  return result
}
