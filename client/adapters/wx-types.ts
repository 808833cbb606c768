import type { SendRequest } from '../index'

/** What a request ended with. */
export interface WxAnswer {
  statusCode: number
  data: unknown
  header?: object
}

interface Callbacks {
  success(answer: WxAnswer): void
  fail(error: unknown): void
}

interface WxTask {
  abort(): void
  onProgressUpdate?(listener: (progress: { totalBytesSent: number }) => void): void
}

/** `wx` of a WeChat mini-program, or `uni` of uni-app, as far as it matters here. */
export interface WxLike {
  request(
    options: Callbacks & {
      method: SendRequest['method']
      url: string
      header: Record<string, string>
      data: string | undefined
      /** The documented word for anything but JSON. */
      dataType: '其他'
    },
  ): WxTask
  uploadFile(
    options: Callbacks & {
      url: string
      filePath: string
      name: string
      formData: Record<string, string>
      timeout: number
    },
  ): WxTask
}

/** A file that the user chose: its path, and its size in bytes. */
export interface WxFile {
  path: string
  size: number
  /** Default: the last name of the path. */
  name?: string
  /** Default: by the extension of the name. */
  type?: string
}
