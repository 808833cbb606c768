import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChildOptions } from './child'

/** An OSS in a process of its own. */
export type Child = { process: ChildProcess; port: number }

let folder: string | undefined

const SCRIPT = 'child.js'

/** Starts one and waits until it listens. */
export async function startChild(options: ChildOptions, cwd?: string): Promise<Child> {
  folder ??= buildChild()
  const child = spawn(process.execPath, [join(folder, SCRIPT), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(cwd !== undefined && { cwd }),
  })
  const [line] = await once(child.stdout, 'data')
  return { process: child, port: Number(line) }
}

/** Removes what starting children left. */
export function dropChildren(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  folder = undefined
}

// One file, since a process that has no TypeScript to read starts ten times as fast.
function buildChild(): string {
  const built = mkdtempSync(join(tmpdir(), 'oss-child-'))
  const esbuild = require.resolve('esbuild/bin/esbuild')
  execFileSync(esbuild, [
    join(__dirname, 'child.ts'),
    '--bundle',
    '--platform=node',
    '--target=node20',
    '--log-level=error',
    `--outfile=${join(built, SCRIPT)}`,
  ])
  return built
}
