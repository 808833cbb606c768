import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildFunctions } from '../../../tools/build/functions'
import { makeOnce } from '../../support/run'
import { until } from '../../support/until'
import { SERVER_ENVIRONMENT } from './server'

/** The web server as it is deployed, in a process of its own. */
export type ServerProcess = {
  url: string
  kill: (signal: NodeJS.Signals) => void
  /** Resolves to the exit status once it has ended. */
  ended: Promise<number | null>
  output: () => string
}

const children = new Set<ChildProcess>()

/** Ends what a test left running. */
export function killServers(): void {
  for (const child of children) child.kill('SIGKILL')
}

/** The path of the bundle with the rules `media`, built once in a run. */
export async function builtServer(): Promise<string> {
  const folder = await makeOnce('web-server', async (outDir) => {
    await buildFunctions({ outDir, rulesFile: 'test/support/rules/media.ts', webServer: true })
  })
  return join(folder, 'web-server', 'index.js')
}

/** Starts it with these arguments and this environment alone; `url` is `''` if it did not start. */
export async function startProcess(
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
  base: Readonly<Record<string, string>> = SERVER_ENVIRONMENT,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [await builtServer(), '--port', '0', ...args], {
    env: { ...base, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
  }
  let hasEnded = false
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      hasEnded = true
      children.delete(child)
      resolve(code)
    })
  })
  const output = () => lines.join('')
  const findUrl = () => /"event":"listening","url":"([^"]+)"/.exec(output())?.[1]
  await until(() => hasEnded || findUrl() !== undefined)
  return { url: findUrl() ?? '', kill: (signal) => child.kill(signal), ended, output }
}
