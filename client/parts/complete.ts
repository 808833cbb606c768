import { fromOss, toUploaded } from '../answers'
import { OssDirectError } from '../errors'
import type { PartsJob, PartsResult } from '../job'
import { retrying } from '../retry'
import type { SendResponse } from '../types'
import { sendWatched } from '../watched'
import type { BegunUpload, SignedRequest } from './begun'
import type { PartsContext } from './send-parts'

const RETRIES = 10
// OSS's clock and that of the functions need not agree to the second.
const CLOCKS_MS = 60_000

/** What an upload ended with, and the CRC-64 that OSS computed, where it can be read. */
export interface Completed {
  result: PartsResult
  crc64?: string
}

/**
 * Completes an upload whose parts OSS has. Where an earlier request may have done so although no answer came, asks OSS for the
 * object, so that no success is told without proof, and none is lost.
 */
export function complete(job: PartsJob, context: PartsContext): Promise<Completed> {
  const { transport, control, source } = job
  const { upload, urls, ...timing } = context
  let isSent = upload.isCompleting === true
  const attempt = async (n: number): Promise<Completed> => {
    const signed = (await urls.takeWhole(n > 0)).complete
    const wasSent = isSent
    isSent = true
    const response = await sendWatched(transport, { ...signed, signal: control.signal })
    const { key } = upload
    try {
      return toCompleted(response, toUploaded(response, { key, size: source.size }))
    } catch (error) {
      if (wasSent && isGone(error)) return findObject(job, upload, error)
      throw error
    }
  }
  const { signal } = control
  const onOffline = (isOffline: boolean) =>
    job.report(source.size, isOffline ? 'offline' : 'uploading', false)
  return retrying(attempt, { ...timing, signal, retries: RETRIES, onOffline })
}

/** Whether OSS says that there is no such unfinished upload. */
export function isGone(error: unknown): boolean {
  return error instanceof OssDirectError && error.code === 'upload_not_found'
}

async function findObject(
  { api, transport, control, rule, source }: PartsJob,
  { key, begunAt }: BegunUpload,
  gone: unknown,
): Promise<Completed> {
  const { signal } = control
  const { method, url, headers } = (await api
    .ask('/signed-url', { operation: 'head', rule, key }, signal)
    .catch((error) => {
      throw error.retryable ? error : unknownOutcome(error)
    })) as unknown as SignedRequest
  const response = await sendWatched(transport, { method, url, headers, signal })
  // An older object is not this upload's.
  const isOlder = Date.parse(response.headers['last-modified'] ?? '') < begunAt - CLOCKS_MS
  if (response.status === 404 || isOlder) throw gone
  if (response.status !== 200) throw fromOss(response)
  const { size } = source
  if (Number(response.headers['content-length']) !== size) throw unknownOutcome(gone)
  const etag = response.headers.etag?.replaceAll('"', '')
  const reason = new OssDirectError('The file is stored, but the answer that proves it was lost.', {
    code: 'answer_lost',
    retryable: false,
  })
  return toCompleted(response, { key, size, ...(etag && { etag }), proven: false, reason })
}

function toCompleted({ headers }: SendResponse, result: PartsResult): Completed {
  const crc64 = headers['x-oss-hash-crc64ecma']
  return { result, ...(crc64 && { crc64 }) }
}

function unknownOutcome(cause: unknown): OssDirectError {
  const status = cause instanceof OssDirectError ? cause.status : undefined
  return new OssDirectError(
    'All bytes were sent, but the answer was lost, and this rule does not let the caller ask whether the file is stored.',
    { code: 'outcome_unknown', retryable: false, cause, ...(status && { status }) },
  )
}
