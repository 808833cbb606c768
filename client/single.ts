import { reasonOf } from './abort'
import { fromOss, toUploaded } from './answers'
import { refusal } from './errors'
import type { UploadJob } from './job'
import { readChunk, whyNot } from './read-chunk'
import { retrying } from './retry'
import { askSigned, type Signed } from './signed'
import type { SendResponse, Uploaded } from './types'
import { sendWatched } from './watched'

const METHODS = { put: 'PUT', form: 'POST' } as const
const LEFT_MS = 20_000
const ANSWER_LOST = refusal(
  'answer_lost',
  'The file is stored, but its answer was lost on the way, and with it whether it is proven.',
)

/** What an upload ended with, and the CRC-64 that OSS computed, where it can be read. */
export interface Stored {
  result: Uploaded
  crc64?: string
}

/** Uploads a file with one PUT or one form; starts anew, with a fresh signature, after a failure and after a pause. */
export async function uploadSingle(job: UploadJob, mechanism: 'put' | 'form'): Promise<Stored> {
  const { control, report } = job
  for (;;) {
    await control.pausedWhile()
    const attempts = new AbortController()
    // Not by the signal's reason, which React Native does not keep.
    let isPaused = false
    const cancel = () => attempts.abort(reasonOf(control.signal))
    control.signal.addEventListener('abort', cancel)
    const unsubscribe = control.onPause(() => {
      isPaused = true
      attempts.abort()
    })
    try {
      return await attempt(job, mechanism, attempts.signal)
    } catch (error) {
      if (!isPaused) throw error
      report(0, 'paused', false)
    } finally {
      unsubscribe()
      control.signal.removeEventListener('abort', cancel)
    }
  }
}

function attempt(job: UploadJob, mechanism: 'put' | 'form', signal: AbortSignal): Promise<Stored> {
  const { api, source, report, transport } = job
  const { size } = source
  let unanswered: Signed | undefined
  return retrying(
    async () => {
      report(0, 'uploading', false)
      const isAgain = unanswered && Date.parse(unanswered.expiresAt) > api.now() + LEFT_MS
      // Without an answer the file may be stored all the same: under a new key it would be stored twice.
      const signed = isAgain && unanswered ? unanswered : await sign(job, mechanism, signal)
      unanswered = signed
      const { url, headers, fields, key } = signed
      const body = await readChunk(source, 0, size)
      const response = await sendWatched(transport, {
        ...{ method: METHODS[mechanism], url, headers, fields, body, size, signal },
        // A form has more bytes than its file.
        onMoved: (sent, isStalled) => report(Math.min(sent, size), 'uploading', isStalled),
      }).catch((error) => whyNot(error, body))
      unanswered = undefined
      return isAgain && fromOss(response).code === 'already_exists'
        ? { result: { key, size, proven: false, reason: ANSWER_LOST } }
        : toStored(response, toUploaded(response, { key, size }))
    },
    { signal, onOffline: (isOffline) => report(0, isOffline ? 'offline' : 'uploading', false) },
  )
}

function toStored({ headers }: SendResponse, result: Uploaded): Stored {
  const crc64 = headers['x-oss-hash-crc64ecma']
  return { result, ...(crc64 && { crc64 }) }
}

function sign(job: UploadJob, mechanism: 'put' | 'form', signal: AbortSignal): Promise<Signed> {
  const { api, rule, filename, contentType, metadata, source } = job
  const request = {
    rule,
    filename,
    contentType,
    contentLength: source.size,
    ...(metadata && { metadata }),
  }
  return mechanism === 'put'
    ? askSigned(api, '/signed-url', { operation: 'put', ...request }, signal)
    : askSigned(api, '/post-policy', request, signal)
}
