import { toUploaded } from './answers'
import type { UploadJob } from './job'
import { retrying } from './retry'
import { askSigned, type Signed } from './signed'
import type { Uploaded } from './types'
import { sendWatched } from './watched'

const PAUSED = Symbol('paused')

/** Uploads a file with one PUT or one form; starts anew, with a fresh signature, after a failure and after a pause. */
export async function uploadSingle(job: UploadJob, mechanism: 'put' | 'form'): Promise<Uploaded> {
  const { control, report } = job
  for (;;) {
    await control.pausedWhile()
    const attempts = new AbortController()
    const cancel = () => attempts.abort(control.signal.reason)
    control.signal.addEventListener('abort', cancel)
    const unsubscribe = control.onPause(() => attempts.abort(PAUSED))
    try {
      return await attempt(job, mechanism, attempts.signal)
    } catch (error) {
      if (error !== PAUSED) throw error
      report(0, 'paused', false)
    } finally {
      unsubscribe()
      control.signal.removeEventListener('abort', cancel)
    }
  }
}

function attempt(
  job: UploadJob,
  mechanism: 'put' | 'form',
  signal: AbortSignal,
): Promise<Uploaded> {
  const { source, report } = job
  return retrying(
    async () => {
      report(0, 'uploading', false)
      const { url, key, headers, fields } = await sign(job, mechanism, signal)
      const body = await source.slice(0, source.size)
      const response = await sendWatched(job.transport, {
        ...{ url, headers, fields },
        method: mechanism === 'put' ? 'PUT' : 'POST',
        body,
        size: source.size,
        signal,
        // A form has more bytes than its file.
        onMoved: (sent, isStalled) => report(Math.min(sent, source.size), 'uploading', isStalled),
      })
      return toUploaded(response, { key, size: source.size })
    },
    { signal, onOffline: (isOffline) => report(0, isOffline ? 'offline' : 'uploading', false) },
  )
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
