import type { Uploaded } from '../index'
import { createUploads, type KitOptions, type Uploads } from './uploads'

/** What `Upload` of antd passes to its `customRequest`, as far as it matters here. */
export interface AntdRequest {
  file: Blob | string
  onProgress?: (event: { percent: number }) => void
  onSuccess?: (body: Uploaded) => void
  onError?: (error: Error) => void
}

/** Returns the `customRequest` of antd's `Upload`: `response` of a file is what its upload ended with, `error` why it failed. */
export function toAntd(oss: Uploads, options: KitOptions) {
  const start = createUploads(oss, options)
  return ({ file, onProgress, onSuccess, onError }: AntdRequest) => {
    const { cancel } = start(file instanceof Blob ? file : new Blob([file]), {
      onProgress: ({ sentBytes, totalBytes }) =>
        onProgress?.({ percent: totalBytes ? (100 * sentBytes) / totalBytes : 0 }),
      onSuccess: (uploaded) => onSuccess?.(uploaded),
      onError: (error) => onError?.(error),
    })
    return { abort: cancel }
  }
}
