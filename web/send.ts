import { networkFailure } from './failure'

export type Sending = {
  method: 'PUT' | 'POST'
  url: string
  headers?: Readonly<Record<string, string>>
  body: File | FormData
  /** Called with the share of the body that is sent, 0 to 1. */
  onSent: (share: number) => void
  signal: AbortSignal
}

// The browser sets these itself, from the body and the URL (Fetch standard, forbidden header names).
const FORBIDDEN = ['content-length', 'host']

/** Sends a body with progress, which `fetch` does not report; rejects when the signal aborts. */
export function send(sending: Sending): Promise<{ status: number; text: string }> {
  const { method, url, headers = {}, body, onSent, signal } = sending
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const request = new XMLHttpRequest()
    request.open(method, url)
    for (const [name, value] of Object.entries(headers)) {
      if (!FORBIDDEN.includes(name.toLowerCase())) request.setRequestHeader(name, value)
    }
    request.upload.onprogress = ({ loaded, total }) => onSent(total === 0 ? 1 : loaded / total)
    request.upload.onload = () => onSent(1)
    request.onload = () => resolve({ status: request.status, text: request.responseText })
    request.onerror = () => reject(networkFailure())
    request.onabort = () => reject(signal.reason)
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(body)
  })
}
