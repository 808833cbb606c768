import { type Fields, toUploaded, unexpectedAnswer } from './answers'
import type { UploadJob } from './job'
import { retrying } from './retry'
import type { SendRequest, Uploaded } from './types'
import { sendWatched } from './watched'

type Signed = Pick<SendRequest, 'method' | 'url' | 'headers' | 'fields'> & { key: string }

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
      const { key, ...signed } = await SIGNERS[mechanism](job, signal)
      const body = await source.slice(0, source.size)
      const response = await sendWatched(job.transport, {
        ...signed,
        body,
        size: source.size,
        signal,
        onMoved: (sent, isStalled) => report(sent, 'uploading', isStalled),
      })
      return toUploaded(response, { key, size: source.size })
    },
    { signal, onOffline: (isOffline) => report(0, isOffline ? 'offline' : 'uploading', false) },
  )
}

const SIGNERS = {
  put: async (job: UploadJob, signal: AbortSignal): Promise<Signed> => {
    const request = { operation: 'put', ...toRequest(job) }
    return toSigned(await job.api.ask('/signed-url', request, signal), 'PUT')
  },
  form: async (job: UploadJob, signal: AbortSignal): Promise<Signed> =>
    toSigned(await job.api.ask('/post-policy', toRequest(job), signal), 'POST'),
}

function toRequest({ rule, filename, contentType, metadata, source }: UploadJob) {
  return { rule, filename, contentType, contentLength: source.size, ...(metadata && { metadata }) }
}

function toSigned(answer: Fields, method: 'PUT' | 'POST'): Signed {
  const { url, key, headers = {}, fields } = answer as Partial<Signed>
  if (!url || !key) throw unexpectedAnswer()
  return { method, url, key, headers, ...(fields && { fields }) }
}
