import { OssDirectError, type SendResponse, type Source, type Transport } from '../index'
import type { WxAnswer, WxFile, WxLike } from './wx-types'

const FORM_ONLY = 'A mini-program sends files by form alone: pass { mechanism: "form" }.'
const NO_ANSWER =
  'No answer came: the connection failed, or the host is not in the list of servers.'
const HOUR_MS = 3_600_000

/** Returns the `transport` of a mini-program, and `toSource`, which makes of the user's files what `upload` takes. */
export function toWx(wx: WxLike): { transport: Transport; toSource: (file: WxFile) => Source } {
  const paths = new WeakMap<object, string>()
  const transport: Transport = ({ method, url, headers, body, fields, onProgress, signal }) =>
    new Promise((resolve, reject) => {
      const fail = (cause: unknown, code = 'network', message = NO_ANSWER) =>
        reject(new OssDirectError(message, { code, retryable: code === 'network', cause }))
      const callbacks = { success: (answer: WxAnswer) => resolve(toResponse(answer)), fail }
      const filePath = paths.get(Object(body))
      const file = filePath && fields && { filePath, formData: fields, timeout: HOUR_MS }
      const data = typeof body === 'object' ? undefined : body
      if (!file && data !== body) return fail(undefined, 'mechanism_not_allowed', FORM_ONLY)
      const task = file
        ? wx.uploadFile({ url, name: 'file', ...file, ...callbacks })
        : wx.request({ method, url, header: headers, data, dataType: '其他', ...callbacks })
      if (file) onProgress?.(0)
      task.onProgressUpdate?.(({ totalBytesSent }) => onProgress?.(totalBytesSent))
      signal?.addEventListener('abort', () => task.abort())
    })
  const toSource = ({ path, size, type = '', name = path.split('/').pop() ?? '' }: WxFile) => {
    const chunk = new Uint8Array()
    paths.set(chunk, path)
    return { size, type, name, slice: () => chunk }
  }
  return { transport, toSource }
}

function toResponse({ statusCode, header = {}, data }: WxAnswer): SendResponse {
  const headers = Object.entries(header).map(([name, value]) => [name.toLowerCase(), String(value)])
  return { status: statusCode, headers: Object.fromEntries(headers), text: String(data ?? '') }
}
