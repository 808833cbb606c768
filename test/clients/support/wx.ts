import type { Bytes } from '../../e2e/support/client'

type Answer = { statusCode: number; header: Record<string, string>; data: unknown; errMsg: string }

type Options = {
  url: string
  method?: string
  header?: Record<string, string>
  data?: string | undefined
  dataType?: string
  filePath?: string
  name?: string
  formData?: Record<string, string>
  success?: (answer: Answer) => void
  fail?: (error: { errMsg: string }) => void
}

type Listener = (progress: {
  progress: number
  totalBytesSent: number
  totalBytesExpectedToSend: number
}) => void

/** A `wx` of a mini-program that has these files: of its API what is documented and asked for here, over `fetch`. */
export function createWx(files: ReadonlyMap<string, Bytes>) {
  const calls: string[] = []

  function send(api: string, options: Options, body: FormData | string | undefined) {
    const { url, method = 'GET', header = {}, dataType = 'json', success, fail } = options
    const controller = new AbortController()
    const { signal } = controller
    calls.push(`${api} ${new URL(url).pathname}`)
    fetch(url, { method, headers: header, signal, ...(body !== undefined && { body }) })
      .then(async (answer) => {
        const text = await answer.text()
        // As on the wire; their case is not the same on all platforms.
        const names = [...answer.headers].map(([name, value]) => [name.toUpperCase(), value])
        const data = dataType === 'json' ? JSON.parse(text) : text
        const [statusCode, errMsg] = [answer.status, `${api}:ok`]
        success?.({ statusCode, header: Object.fromEntries(names), data, errMsg })
      })
      .catch((error: Error) => fail?.({ errMsg: `${api}:fail ${error.message}` }))
    const abort = () => {
      calls.push(`${api} aborted`)
      controller.abort()
    }
    return { abort }
  }

  return {
    calls,
    request: (options: Options) => send('request', options, options.data),
    uploadFile(options: Options) {
      const { filePath = '', name = '', formData = {} } = options
      const bytes = files.get(filePath) ?? Buffer.alloc(0)
      const form = new FormData()
      for (const [field, value] of Object.entries(formData)) form.append(field, value)
      form.append(name, new Blob([bytes]), filePath.split('/').pop())
      const post = { ...options, method: 'POST', dataType: 'text' }
      const onProgressUpdate = (listener: Listener) => {
        const total = bytes.length + 1000
        listener({ progress: 50, totalBytesSent: total / 2, totalBytesExpectedToSend: total })
      }
      return { ...send('uploadFile', post, form), onProgressUpdate }
    },
    async chooseMedia(_: { count: number; mediaType: string[] }) {
      const tempFiles = Array.from(files, ([tempFilePath, { length }]) => {
        return { tempFilePath, size: length, fileType: 'image' }
      })
      return { tempFiles, type: 'image', errMsg: 'chooseMedia:ok' }
    },
  }
}
