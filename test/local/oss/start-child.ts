import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { ChildOptions } from './child'

/** An OSS in a process of its own. */
export type Child = { process: ChildProcess; port: number }

/** Starts one and waits until it listens. */
export async function startChild(options: ChildOptions, cwd?: string): Promise<Child> {
  const script = join(__dirname, 'child.ts')
  const tsx = require.resolve('tsx')
  const child = spawn(process.execPath, ['--import', tsx, script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(cwd !== undefined && { cwd }),
  })
  const [line] = await once(child.stdout, 'data')
  return { process: child, port: Number(line) }
}
