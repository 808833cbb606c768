import { abortable } from './abort'
import { OssDirectError } from './errors'
import type { SendRequest, SendResponse, Transport } from './types'

const SLOW_MS = 5000
const STALLED_MS = 30_000
// The answer needs a callback of its own, and a proxy may still be sending.
const ANSWER_MS = 60_000

/** A request whose progress is watched. */
export interface WatchedRequest extends SendRequest {
  signal: AbortSignal
  /** The bytes of `body`. */
  size: number
  /** Called with the bytes sent so far, and with whether no byte has moved for some seconds. */
  onMoved: (sentBytes: number, isStalled: boolean) => void
}

/**
 * Sends a request, and rejects with the code `stalled` when no byte moves for 30 seconds, or no answer comes within 60 seconds
 * after the last. Transports that report no progress are not watched.
 */
export function sendWatched(transport: Transport, request: WatchedRequest): Promise<SendResponse> {
  const { signal, size, onMoved, ...rest } = request
  const sending = new AbortController()
  return abortable(signal, (resolve, reject) => {
    let slow: ReturnType<typeof setTimeout> | undefined
    let stalled: ReturnType<typeof setTimeout> | undefined
    const stop = () => {
      clearTimeout(slow)
      clearTimeout(stalled)
    }
    const onProgress = (sent: number) => {
      if (sending.signal.aborted) return
      stop()
      onMoved(sent, false)
      const limit = sent < size ? STALLED_MS : ANSWER_MS
      if (sent < size) slow = setTimeout(() => onMoved(sent, true), SLOW_MS)
      stalled = setTimeout(() => reject(stalledError(limit)), limit)
    }
    transport({ ...rest, onProgress, signal: sending.signal }).then(resolve, reject)
    return () => {
      stop()
      sending.abort()
    }
  })
}

function stalledError(limit: number): OssDirectError {
  return new OssDirectError(`The connection stalled: nothing moved for ${limit / 1000} seconds.`, {
    code: 'stalled',
    retryable: true,
  })
}
