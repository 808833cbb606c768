import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Owner = { pid: number; startedAt: number }

const TOLERANCE_MS = 2000

/**
 * Locks a data folder and returns the function that unlocks it; throws if another process, thread
 * or store holds the lock.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock')
  const me = JSON.stringify({ pid: process.pid, startedAt: startOfProcess() })
  for (;;) {
    try {
      writeFileSync(path, me, { mode: 0o600, flag: 'wx' })
      return () => rmSync(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const owner = readOwner(path)
    if (owner && isAlive(owner)) {
      const whose = owner.pid === process.pid ? 'this process' : `process ${owner.pid}`
      throw new Error(`The data folder ${folder} is in use by ${whose}`)
    }
    // Left by a process that was killed.
    rmSync(path, { force: true })
  }
}

function readOwner(path: string): Owner | undefined {
  try {
    // Only this module writes the file.
    return JSON.parse(readFileSync(path, 'utf8')) as Owner
  } catch {
    // Deleted meanwhile, or cut off by a crash.
    return undefined
  }
}

// In a container the next process often gets the same pid.
function isAlive({ pid, startedAt }: Owner): boolean {
  if (pid === process.pid) return Math.abs(startedAt - startOfProcess()) < TOLERANCE_MS
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: the process exists and runs as another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

// Equal in every thread.
function startOfProcess(): number {
  return Date.now() - process.uptime() * 1000
}
