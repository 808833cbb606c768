import { abortable } from './abort'
import { OssDirectError } from './errors'
import type { SendRequest, SendResponse, Transport } from './types'

const SLOW_MS = 5000
const STALLED_MS = 30_000
// The answer may need a callback of its own.
const ANSWER_MS = 60_000
const SLOWEST_BYTES_PER_MS = 32
// What a socket and the proxies behind it may hold when a platform counts the last byte as sent.
const BUFFERED_BYTES = 4 * 1024 * 1024

/** A request whose progress is watched. */
export interface WatchedRequest extends SendRequest {
  signal: AbortSignal
  /** The bytes of `body`; 0 without one. */
  size?: number
  /** Called with the bytes sent so far, and with whether no byte has moved for some seconds. */
  onMoved?: (sentBytes: number, isStalled: boolean) => void
}

/**
 * Sends a request, and rejects with the code `stalled` when no byte moves for 30 seconds, or when no answer comes in the time that
 * what is still to be sent takes on a very slow line. A transport that reports no progress has that time for all of the body.
 */
export function sendWatched(transport: Transport, request: WatchedRequest): Promise<SendResponse> {
  const { signal, size = 0, onMoved, ...rest } = request
  const sending = new AbortController()
  return abortable(signal, (resolve, reject) => {
    let timers: ReturnType<typeof setTimeout>[] = []
    const stop = () => {
      for (const timer of timers) clearTimeout(timer)
      timers = []
    }
    const expect = (limit: number) => {
      stop()
      timers.push(setTimeout(() => reject(stalledError(limit)), limit))
    }
    const onProgress = (sent: number) => {
      if (sending.signal.aborted) return
      if (sent < size) {
        expect(STALLED_MS)
        timers.push(setTimeout(() => onMoved?.(sent, true), SLOW_MS))
      } else expect(timeFor(Math.min(size, BUFFERED_BYTES)))
      onMoved?.(sent, false)
    }
    expect(timeFor(size))
    const watched = { ...rest, signal: sending.signal }
    transport(onMoved ? { ...watched, onProgress } : watched).then(resolve, reject)
    return () => {
      stop()
      sending.abort()
    }
  })
}

function timeFor(bytes: number): number {
  return ANSWER_MS + Math.ceil(bytes / SLOWEST_BYTES_PER_MS)
}

function stalledError(limit: number): OssDirectError {
  const seconds = Math.round(limit / 1000)
  return new OssDirectError(`The connection stalled: nothing came for ${seconds} seconds.`, {
    code: 'stalled',
    retryable: true,
  })
}
