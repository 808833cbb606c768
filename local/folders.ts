import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'is a file',
  ENOTDIR: 'is below a file',
  ENOENT: 'is not there',
  EACCES: 'may not be written',
  EPERM: 'may not be written',
  EROFS: 'is on a disk that can only be read',
  ENOSPC: 'is on a disk that is full',
  EDQUOT: 'is on a disk that is full',
}

/** Returns the error, or a clearer one if this folder is its cause. */
export function asFolderError(error: unknown, folder: string, wayOut: string): unknown {
  const { code = '', syscall } = error as NodeJS.ErrnoException
  const reason = syscall === 'mkdir' && code === 'ENOENT' ? "can't be used" : REASONS[code]
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
