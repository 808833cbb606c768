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

/** The error, or one that says what is wrong with this folder where that is its cause. */
export function asFolderError(error: unknown, folder: string, wayOut: string): unknown {
  const { code = '', syscall } = error as NodeJS.ErrnoException
  const reason = syscall === 'listen' ? undefined : REASONS[code]
  if (reason === undefined) return error
  const message = `The folder ${folder} ${reason}. ${wayOut}`
  return Object.assign(new Error(message, { cause: error }), { code })
}
