import { reasonOf } from '../abort'
import { OssDirectError } from '../errors'
import type { PartsJob, PartsResult } from '../job'
import { type BegunUpload, beginUpload, partNumbers, type Timing } from './begun'
import { type Completed, complete, isGone } from './complete'
import { abortUpload } from './give-up'
import { type Kept, openKept } from './kept'
import { listParts } from './list-parts'
import { PartUrls } from './part-urls'
import { type PartsContext, sendParts } from './send-parts'

const MOST_RESTARTS = 2

/** Uploads a file in parts; goes on with an unfinished upload of the same file, where storage knows one. */
export async function uploadParts(job: PartsJob, timing: Timing = {}): Promise<PartsResult> {
  const checksum = job.verifyCrc64 ? (await loadChecksum()).startChecksum(job) : undefined
  try {
    const kept = await openKept(job)
    const completed = await uploadKept(job, kept, timing).finally(kept.release)
    return checksum ? await checksum.verify(completed) : completed.result
  } finally {
    checksum?.end()
  }
}

function loadChecksum() {
  return import('../crc64/checksum').catch((cause) => {
    throw new OssDirectError(
      'The part of this client that computes a CRC-64 could not be loaded.',
      {
        code: 'network',
        retryable: true,
        cause,
      },
    )
  })
}

// An upload that OSS or the functions no longer know begins anew: it may have been aborted elsewhere, or its ticket has ended.
async function uploadKept(job: PartsJob, kept: Kept, timing: Timing): Promise<Completed> {
  for (let restarts = 0; ; restarts++) {
    await job.control.pausedWhile()
    const found = restarts === 0 ? await kept.load() : undefined
    const upload = found ?? (await beginUpload(job, timing))
    const context = { ...timing, upload, urls: new PartUrls(job, upload) }
    try {
      if (!found) await kept.keep(upload)
      const missing = found ? await findMissing(job, context) : allParts(job, upload)
      if (missing) {
        const completed = await uploadMissing(job, kept, { ...context, missing })
        await kept.forget()
        return completed
      }
    } catch (error) {
      const { signal } = job.control
      if (!signal.aborted && !isRefusal(error)) throw error
      await kept.forget()
      if (!isGone(error)) await abortUpload(job, context)
      if (signal.aborted) throw reasonOf(signal)
      if (restarts >= MOST_RESTARTS || !isEnded(error)) throw error
    }
  }
}

async function uploadMissing(
  job: PartsJob,
  kept: Kept,
  { missing, ...context }: PartsContext & { missing: readonly number[] },
): Promise<Completed> {
  await sendParts(job, missing, context)
  await job.control.pausedWhile()
  await kept.keep({ ...context.upload, isCompleting: true })
  return complete(job, context)
}

function allParts({ source }: PartsJob, upload: BegunUpload): number[] {
  return partNumbers(upload, source.size)
}

// `undefined`: this upload can't go on.
async function findMissing(job: PartsJob, context: PartsContext): Promise<number[] | undefined> {
  try {
    const there = await listParts(job, context)
    return allParts(job, context.upload).filter((partNumber) => !there.has(partNumber))
  } catch (error) {
    // What was completed is gone too; `complete` finds out.
    if (isGone(error) && context.upload.isCompleting) return []
    if (isRefusal(error) || (error instanceof OssDirectError && error.code === 'unexpected_answer'))
      return undefined
    throw error
  }
}

// A refused token says nothing about the upload.
function isRefusal(error: unknown): boolean {
  if (!(error instanceof OssDirectError) || error.retryable) return false
  return (error.status ?? 0) >= 400 && error.status !== 401
}

function isEnded(error: unknown): boolean {
  return isGone(error) || (error instanceof OssDirectError && error.code === 'invalid_ticket')
}
