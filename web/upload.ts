import type { CallFunction } from './api'
import { type Failure, toFailure } from './failure'
import { checkLimits } from './limits'
import { MECHANISMS, type Mechanism } from './mechanisms/mechanisms'
import { checkName } from './name'
import type { Proof } from './proof'
import type { Enqueue } from './queue'
import { loadRules } from './rules'

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

async function sendFile(
  job: UploadJob,
  signal: AbortSignal,
  report: (state: UploadState) => void,
): Promise<Proof> {
  const { call, rule, mechanism, file } = job
  report({ kind: 'sending', sentBytes: 0 })
  // Every mechanism sends the same normalisation of a name: the functions use NFC where they
  // choose the key, and the callback refuses other names.
  const filename = file.name.normalize('NFC')
  const contentType = file.type || 'application/octet-stream'
  await checkFile({ rule, filename, contentType, size: file.size })
  return MECHANISMS[mechanism].upload({
    call,
    rule,
    file,
    filename,
    contentType,
    onSent: (share) =>
      report(
        share < 1
          ? { kind: 'sending', sentBytes: Math.floor(share * file.size) }
          : { kind: 'proving' },
      ),
    signal,
  })
}

// With STS, OSS does not enforce the limits of a rule, and the callback runs only after the upload.
async function checkFile(file: {
  rule: string
  filename: string
  contentType: string
  size: number
}): Promise<void> {
  checkName(file.filename)
  // Loaded for each file, because the rules can be edited while the page is open.
  const rule = (await loadRules()).find(({ name }) => name === file.rule)
  if (rule) checkLimits(file, rule.limits)
}
