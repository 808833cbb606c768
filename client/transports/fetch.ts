import { reasonOf } from '../abort'
import type { SendRequest, SendResponse } from '../types'
import { networkError, type Sending, toSending } from './to-sending'

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
  let sent = 0
  onProgress(sent)
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      controller.enqueue(chunk)
      sent += chunk.byteLength
      onProgress(sent)
    },
  })
  return { body: body.stream().pipeThrough(counter), duplex: 'half' } as RequestInit
}
