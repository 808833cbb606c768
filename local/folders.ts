import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'is a file',
  ENOTDIR: 'is below a file',
  ENOENT: 'does not exist',
  EACCES: 'is not writable',
  EPERM: 'is not writable',
  EROFS: 'is on a read-only disk',
  ENOSPC: 'is on a full disk',
  EDQUOT: 'is on a full disk',
}

/** Returns the error, or a clearer one if this folder is its cause. */
export function asFolderError(error: unknown, folder: string, wayOut: string): unknown {
  const { code = '', syscall } = error as NodeJS.ErrnoException
  const reason = syscall === 'mkdir' && code === 'ENOENT' ? 'cannot be used' : REASONS[code]
  if (syscall === 'listen' || reason === undefined) return error
  const message = `The folder ${folder} ${reason}. ${wayOut}`
  return Object.assign(new Error(message, { cause: error }), { code })
}

/** Creates a folder and its parents. Node's recursive `mkdir` does not terminate below `/proc`. */
export function makeFolder(folder: string, mode = 0o777): void {
  try {
    mkdirSync(folder, { mode })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && statSync(folder).isDirectory()) return
    const parent = dirname(folder)
    if (code !== 'ENOENT' || existsSync(parent)) throw error
    makeFolder(parent)
    mkdirSync(folder, { mode })
  }
}
