import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { transformSync } from 'esbuild'
import type { Instance, InstanceOptions } from '../../../local/fc/instance'
import type { InvocationContext } from '../../../local/fc/worker-messages'
import { CONSUMER } from '../../../tools/build/functions'
import { makeOnce } from '../../support/run'
import { extractCode } from './extract'
import type { Entry, FromRuntime, ToRuntime } from './messages'

type Deployed = Instance & { version: string }

type Start = {
  node: string
  entry: Entry
  env: Readonly<Record<string, string>>
  context: InvocationContext
  log: (line: string) => void
  /** The offset of the cloud's clock in ms, where it has one. */
  offset?: () => number
}

/** Starts a process of this Node with the function's entry; rejects if it cannot be loaded or its initializer fails. */
export async function startRuntime({ node, entry, env, context, log, offset }: Start) {
  const runtime = join(await makeOnce('runtime', writeRuntime), 'runtime.js')
  const child = fork(runtime, [], {
    execPath: node,
    // Those of the suite would be the project's.
    execArgv: [],
    cwd: entry.code,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...env },
    silent: true,
  })
  for (const input of [child.stdout, child.stderr]) {
    if (input) createInterface({ input }).on('line', log)
  }
  const ended = once(child, 'exit')
  const isAlive = () => child.exitCode === null && child.signalCode === null
  async function send(message: ToRuntime, seconds: number): Promise<FromRuntime> {
    const signal = AbortSignal.timeout(seconds * 1000)
    const answer = once(child, 'message', { signal }) as Promise<[FromRuntime]>
    child.send({ ...message, ...(offset && { offsetMs: offset() }) })
    const failed = ended.then(() => {
      throw new Error('The process ended')
    })
    const [received] = await Promise.race([answer, failed])
    if (received.kind === 'threw') throw new Error(received.message)
    return received
  }
  async function stop(): Promise<void> {
    child.kill('SIGKILL')
    await ended
  }
  const { timeout } = context.function
  const ready = await send({ kind: 'start', ...entry, context }, timeout).catch(async (error) => {
    await stop()
    throw error
  })
  const invoke: Instance['invoke'] = async (event, invocation) => {
    const text = Buffer.from(event).toString('base64')
    const answer = await send({ kind: 'invoke', event: text, context: invocation }, timeout)
    return answer.kind === 'returned' ? answer.text : ''
  }
  const version = ready.kind === 'ready' ? ready.version : ''
  return { invoke, isAlive, stop, version } satisfies Deployed
}

async function writeRuntime(folder: string): Promise<void> {
  const source = readFileSync(join(__dirname, 'runtime.ts'), 'utf8')
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs', target: 'node20' })
  writeFileSync(join(folder, 'runtime.js'), code)
}

/** The versions of Node that functions of this suite were started with. */
export const startedVersions = new Set<string>()

const extracted = new Map<string, string>()

/** Takes the place of the local cloud's threads: each instance is a process with the code of the function's zip. */
export function startWith(findNode: () => string) {
  return async ({ file, env, clock, context, log }: InstanceOptions): Promise<Instance> => {
    const folder = dirname(file)
    const code = extracted.get(folder) ?? extractCode(folder)
    extracted.set(folder, code)
    const started = await startRuntime({
      node: findNode(),
      entry: {
        ...{ code, handler: 'index.handler' },
        // As in `s.yaml`.
        initializer: basename(folder) === CONSUMER ? undefined : 'index.initializer',
      },
      ...{ env, context, log },
      offset: () => new Float64Array(clock)[0] ?? 0,
    })
    startedVersions.add(started.version)
    return started
  }
}
