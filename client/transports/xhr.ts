import { reasonOf } from '../abort'
import type { SendRequest, SendResponse } from '../types'
import { networkError, toSending } from './to-sending'

/** Sends with `XMLHttpRequest`, which reports progress. */
export function xhrTransport(request: SendRequest): Promise<SendResponse> {
  const { method, url, onProgress, signal } = request
  const { headers, body } = toSending(request)
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(reasonOf(signal))
    const xhr = new XMLHttpRequest()
    const abort = () => xhr.abort()
    signal?.addEventListener('abort', abort)
    xhr.open(method, url)
    for (const name in headers) xhr.setRequestHeader(name, headers[name] as string)
    // Only where it is asked for: with a listener, every cross-origin request needs a preflight (XHR standard).
    if (onProgress) {
      const { upload } = xhr
      upload.onloadstart = upload.onprogress = ({ loaded }) => onProgress(loaded)
    }
    xhr.onload = () =>
      resolve({ status: xhr.status, headers: toHeaders(xhr), text: xhr.responseText })
    xhr.onerror = () => reject(networkError())
    xhr.onabort = () => reject(signal ? reasonOf(signal) : networkError())
    xhr.onloadend = () => signal?.removeEventListener('abort', abort)
    xhr.send(body)
  })
}

function toHeaders(xhr: XMLHttpRequest): Record<string, string> {
  const lines = xhr.getAllResponseHeaders().matchAll(/^(.+?): ?(.*?)\r?$/gm)
  return Object.fromEntries(
    Array.from(lines, ([, name = '', value = '']) => [name.toLowerCase(), value]),
  )
}
