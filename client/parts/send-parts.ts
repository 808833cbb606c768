import { reasonOf, unlessAborted } from '../abort'
import { fromOss } from '../answers'
import type { PartsJob } from '../job'
import { readChunk, whyNot } from '../read-chunk'
import { retrying } from '../retry'
import { sendWatched } from '../watched'
import { type BegunUpload, partBytes, type Timing } from './begun'
import type { PartUrls } from './part-urls'
import { Progress } from './progress'
import { Slots } from './slots'

// With their delays these outlast a server that is gone for a minute.
const RETRIES = 10

/** What sending needs to know of an upload. */
export interface PartsContext extends Timing {
  upload: BegunUpload
  urls: PartUrls
}

/** Sends these parts, some at a time; the first that fails for good ends all others. */
export async function sendParts(
  job: PartsJob,
  numbers: readonly number[],
  { upload, urls, ...timing }: PartsContext,
): Promise<void> {
  const { control, concurrency, source } = job
  const sizeOf = (partNumber: number) => partBytes(upload, source.size, partNumber)
  const missing = numbers.reduce((sum, partNumber) => sum + sizeOf(partNumber), 0)
  const progress = new Progress(job.report, source.size - missing)
  const slots = new Slots(concurrency)
  const queue = [...numbers]
  const unsent = new Set(numbers)
  const stops = stopsOf(job, progress)

  const send = async (partNumber: number, signal: AbortSignal) => {
    const { url, method, headers } = await urls.take(partNumber, unsent)
    const start = (partNumber - 1) * upload.partSize
    const size = sizeOf(partNumber)
    const body = await readChunk(source, start, start + size)
    const onMoved = (sent: number, isStalled: boolean) => progress.move(partNumber, sent, isStalled)
    const request = { method, url, headers, body, size, onMoved, signal }
    const response = await sendWatched(job.transport, request).catch((error) => whyNot(error, body))
    if (response.status !== 200) throw fromOss(response)
    unsent.delete(partNumber)
    progress.finish(partNumber, size)
  }
  const attempt = async (partNumber: number): Promise<void> => {
    for (;;) {
      await unlessAborted(control.pausedWhile(), stops.signal)
      const paused = stops.paused()
      try {
        return await slots.run(() => send(partNumber, paused))
      } catch (error) {
        progress.drop(partNumber)
        if (!paused.aborted || stops.signal.aborted) throw error
      }
    }
  }
  const onOffline = (isOffline: boolean) => progress.tell(isOffline ? 'offline' : 'uploading')
  const options = { ...timing, signal: stops.signal, retries: RETRIES, onOffline }
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const partNumber = next
      await retrying(() => attempt(partNumber), options)
    }
  }
  try {
    const workers = Array.from({ length: Math.min(slots.most, queue.length) }, () =>
      work().catch(stops.stop),
    )
    await Promise.all(workers)
    if (stops.signal.aborted) throw stops.reason()
  } finally {
    stops.end()
  }
}

/** Joins what ends an attempt: a pause, a part that fails for good, and cancelling. */
function stopsOf({ control }: PartsJob, progress: Progress) {
  const all = new AbortController()
  let pausing = new AbortController()
  // Kept here, because the signals of React Native have no reason.
  let why: unknown
  const stop = (reason: unknown) => {
    why ??= reason
    all.abort(reason)
    pausing.abort(reason)
  }
  const cancel = () => stop(reasonOf(control.signal))
  if (control.signal.aborted) cancel()
  control.signal.addEventListener('abort', cancel)
  const unsubscribe = control.onPause(() => {
    pausing.abort()
    pausing = new AbortController()
    progress.tell('paused')
  })
  return {
    signal: all.signal,
    /** A signal that aborts at the next pause, too. */
    paused: () => pausing.signal,
    reason: () => why,
    stop,
    end() {
      unsubscribe()
      control.signal.removeEventListener('abort', cancel)
    },
  }
}
