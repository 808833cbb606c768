import type { TrialInput, TrialName, TrialResult } from './trial'
import { tryUpload } from './upload'
import { tryUser } from './user'

/** Tries what OSS and the functions say to another type, size, user or key. Nothing is written under the key of the file. */
export async function tryOut(name: TrialName, input: TrialInput): Promise<TrialResult> {
  if (name === 'user') return tryUser(input)
  if (input.way === 'sts') {
    const { tryBySts } = await import('./sts')
    return tryBySts(name, input)
  }
  return tryUpload(name, input)
}
