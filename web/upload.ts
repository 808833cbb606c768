import type { CallFunction } from './api'
import { type Failure, toFailure } from './failure'
import { MECHANISMS, type Mechanism } from './mechanisms/mechanisms'
import type { Proof } from './proof'
import type { Enqueue } from './queue'

/** One upload that the user started: file, rule, mechanism and caller. */
export type UploadJob = {
  sub: string
  call: CallFunction
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

/** Sends a file when a slot is free and reports every state; never rejects. */
export async function runUpload(
  job: UploadJob,
  context: { enqueue: Enqueue; signal: AbortSignal; report: (state: UploadState) => void },
): Promise<void> {
  const { enqueue, signal, report } = context
  const reportLive = (state: UploadState) => {
    if (!signal.aborted) report(state)
  }
  signal.addEventListener('abort', () => report({ kind: 'cancelled' }))
  reportLive({ kind: 'waiting' })
  try {
    const proof = await enqueue(() => sendFile(job, signal, reportLive), signal)
    reportLive({ kind: 'proven', proof })
  } catch (error) {
    reportLive({ kind: 'failed', failure: toFailure(error) })
  }
}

function sendFile(
  job: UploadJob,
  signal: AbortSignal,
  report: (state: UploadState) => void,
): Promise<Proof> {
  const { call, rule, mechanism, file } = job
  report({ kind: 'sending', sentBytes: 0 })
  return MECHANISMS[mechanism].upload({
    call,
    rule,
    file,
    // Every mechanism sends the same normalisation of a name: the functions use NFC where they
    // choose the key.
    filename: file.name.normalize('NFC'),
    contentType: file.type || 'application/octet-stream',
    onSent: (share) =>
      report(
        share < 1
          ? { kind: 'sending', sentBytes: Math.floor(share * file.size) }
          : { kind: 'proving' },
      ),
    signal,
  })
}
