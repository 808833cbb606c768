import type { Ask } from './api'
import { type Failure, toFailure } from './failure'
import { MECHANISMS, type Mechanism } from './mechanisms/mechanisms'
import type { Proof } from './proof'
import type { Enqueue } from './queue'

/** What a person asked for: this file, by this rule and mechanism, as this caller. */
export type UploadJob = {
  sub: string
  ask: Ask
  rule: string
  mechanism: Mechanism
  file: File
}

export type UploadState =
  | { kind: 'waiting' }
  | { kind: 'sending'; sentBytes: number }
  | { kind: 'proving' }
  | { kind: 'proven'; proof: Proof }
  | { kind: 'failed'; failure: Failure }
  | { kind: 'cancelled' }

/** Sends a file when its turn comes, telling every state; never rejects. */
export async function runUpload(
  job: UploadJob,
  context: { enqueue: Enqueue; signal: AbortSignal; tell: (state: UploadState) => void },
): Promise<void> {
  const { enqueue, signal, tell } = context
  const tellLive = (state: UploadState) => {
    if (!signal.aborted) tell(state)
  }
  signal.addEventListener('abort', () => tell({ kind: 'cancelled' }))
  tellLive({ kind: 'waiting' })
  try {
    const proof = await enqueue(() => sendFile(job, signal, tellLive), signal)
    tellLive({ kind: 'proven', proof })
  } catch (error) {
    tellLive({ kind: 'failed', failure: toFailure(error) })
  }
}

function sendFile(
  job: UploadJob,
  signal: AbortSignal,
  tell: (state: UploadState) => void,
): Promise<Proof> {
  const { ask, rule, mechanism, file } = job
  tell({ kind: 'sending', sentBytes: 0 })
  return MECHANISMS[mechanism].upload({
    ask,
    rule,
    file,
    // One spelling of a name in all mechanisms: the functions make NFC of it where they choose the key.
    filename: file.name.normalize('NFC'),
    contentType: file.type || 'application/octet-stream',
    onSent: (share) =>
      tell(
        share < 1
          ? { kind: 'sending', sentBytes: Math.floor(share * file.size) }
          : { kind: 'proving' },
      ),
    signal,
  })
}
