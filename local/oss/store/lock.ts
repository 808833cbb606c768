import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const held = new Set<string>()

/** Takes a data folder for this process; throws when another one that still runs has it. */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock')
  const owner = readOwner(path)
  if (held.has(path) || (owner !== undefined && owner !== process.pid && isRunning(owner))) {
    throw new Error(`The data folder ${folder} is in use by process ${owner}`)
  }
  writeFileSync(path, String(process.pid), { mode: 0o600 })
  held.add(path)
  return () => {
    held.delete(path)
    rmSync(path, { force: true })
  }
}

function readOwner(path: string): number | undefined {
  try {
    const owner = Number(readFileSync(path, 'utf8'))
    return Number.isInteger(owner) && owner > 0 ? owner : undefined
  } catch {
    // No lock file: nobody has it.
    return undefined
  }
}

function isRunning(process_: number): boolean {
  try {
    return process.kill(process_, 0)
  } catch (error) {
    // EPERM: it runs as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
