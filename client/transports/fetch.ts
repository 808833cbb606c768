import { reasonOf } from '../abort'
import type { SendRequest, SendResponse } from '../types'
import { networkError, type Sending, toSending } from './to-sending'

const PIECE_BYTES = 65_536

/** Sends with `fetch`. In Node it reports the progress of bodies that are a `Blob`; elsewhere there is none. */
export async function fetchTransport(request: SendRequest): Promise<SendResponse> {
  const { method, url, signal = null } = request
  const { headers, body } = toSending(request)
  const isStreamed = 'process' in globalThis && body instanceof Blob && request.onProgress
  const streamed = isStreamed ? toStream(body, headers, isStreamed) : { body }
  try {
    const response = await fetch(url, { method, headers, signal, ...streamed })
    const text = await response.text()
    return { status: response.status, headers: Object.fromEntries(response.headers), text }
  } catch (error) {
    throw signal?.aborted ? reasonOf(signal) : networkError(error)
  }
}

// Node alone sends a stream with a length, which OSS needs.
function toStream(
  body: Blob,
  headers: Sending['headers'],
  onProgress: (sentBytes: number) => void,
): RequestInit {
  headers['content-length'] = String(body.size)
  onProgress(0)
  return { body: piecesOf(body, onProgress), duplex: 'half' } as unknown as RequestInit
}

// The next piece is asked for when the one before is sent.
async function* piecesOf(body: Blob, onProgress: (sentBytes: number) => void) {
  let sent = 0
  for await (const chunk of body.stream() as unknown as AsyncIterable<Uint8Array>) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const piece = chunk.subarray(at, at + PIECE_BYTES)
      yield piece
      sent += piece.length
      onProgress(sent)
    }
  }
}
