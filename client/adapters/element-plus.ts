import type { Uploaded } from '../index'
import { createUploads, type KitOptions, type Uploads } from './uploads'

/** What `ElUpload` of Element Plus passes to its `http-request`, as far as it matters here. */
export interface ElementPlusRequest {
  file: File
  onProgress(event: { percent: number }): void
  onSuccess(response: Uploaded): void
  onError(error: Error): void
}

/** Returns the `http-request` of `ElUpload`: `response` of a file is what its upload ended with. */
export function toElementPlus(oss: Uploads, options: KitOptions) {
  const start = createUploads(oss, options)
  return ({ file, onProgress, onSuccess, onError }: ElementPlusRequest): XMLHttpRequest => {
    const { cancel } = start(file, {
      onProgress: ({ sentBytes, totalBytes }) =>
        onProgress({ percent: totalBytes ? (100 * sentBytes) / totalBytes : 0 }),
      onSuccess,
      onError,
    })
    // It aborts nothing but an XMLHttpRequest; this one is never sent.
    return Object.assign(new XMLHttpRequest(), { abort: cancel })
  }
}
