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

/** The built functions in a temporary folder, and an STS that answers them. */
export type Runner = {
  built: readonly BuiltFunction[]
  /** Runs a task of `function-process.ts` with one function, in a process of its own. */
  run: (task: Task, name: string, execArgv?: readonly string[]) => Promise<unknown>
  close: () => void
}

/** The name of a process that loads no function. */
export const EMPTY = 'empty'

/** Builds all functions, and starts what their processes need. */
export async function openRunner(): Promise<Runner> {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-functions-'))
  const sts = await serveSts()
  const built = await buildFunctions({ outDir: folder })
  const script = await buildScripts(folder)
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

async function buildScripts(folder: string): Promise<string> {
  const outfile = join(folder, 'process.cjs')
  const entryPoints = [join(__dirname, 'function-process.ts')]
  await build({ entryPoints, outfile, bundle: true, platform: 'node', target: 'node20' })
  writeFileSync(join(folder, 'empty.cjs'), 'process.exit()')
  return outfile
}

type ChildOptions = { args: string[]; env: Record<string, string>; execArgv: readonly string[] }

/** Runs a script in a process of its own and returns the message that it sends. */
export async function runChild(script: string, options: ChildOptions): Promise<unknown> {
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
