import { reasonOf } from '../abort'
import type { SendRequest, SendResponse } from '../types'
import { networkError, type Sending, sentOf, toSending } from './to-sending'

/** Sends with `fetch`. In Node it streams bodies and reports progress; elsewhere there is none. */
export async function fetchTransport(request: SendRequest): Promise<SendResponse> {
  const { method, url, signal } = request
  const sending = toSending(request)
  const { headers, body } = sending
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(signal && { signal }),
      ...(body instanceof Blob && isNode()
        ? toStream(body, sending, request)
        : { body: toInit(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: Object.fromEntries(response.headers), text }
  } catch (error) {
    if (signal?.aborted) throw reasonOf(signal)
    throw networkError(error)
  }
}

function isNode(): boolean {
  return (
    (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node !==
    undefined
  )
}

function toInit(body: Sending['body']): BodyInit | null {
  return (body as BodyInit | undefined) ?? null
}

// Node alone takes a stream with a length, which OSS needs, over HTTP/1.1.
function toStream(body: Blob, sending: Sending, { onProgress }: SendRequest): RequestInit {
  sending.headers['content-length'] = String(body.size)
  let sent = 0
  onProgress?.(0)
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      controller.enqueue(chunk)
      sent += chunk.byteLength
      onProgress?.(sentOf(sending, sent))
    },
  })
  const stream = body.stream().pipeThrough(counter)
  return { body: stream, duplex: 'half' } as RequestInit
}
