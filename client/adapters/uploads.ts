import type {
  OssDirectError,
  Source,
  Upload,
  Uploaded,
  UploadOptions,
  UploadProgress,
} from '../index'

// A browser has few connections, and a request that waits for one looks stalled.
const AT_ONCE = 3

/** The client, or what uploads as it does. */
export interface Uploads {
  upload(file: Source, options: UploadOptions): Upload
}

/** The options of all uploads of a kit. */
export type KitOptions = Omit<UploadOptions, 'filename' | 'onProgress' | 'signal'>

/** What is called with what becomes of an upload: nothing more, once it is cancelled. */
export interface Watcher {
  onProgress(progress: UploadProgress): void
  onSuccess(uploaded: Uploaded): void
  onError(error: OssDirectError): void
}

/** The upload of one file, which may still wait for its turn. */
export interface KitUpload {
  /** Resolves whatever becomes of it. */
  settled: Promise<unknown>
  pause(): void
  resume(): void
  cancel(): void
}

/** Returns what uploads the files of a kit in their order, three at once. */
export function createUploads(
  oss: Uploads,
  options: KitOptions,
): (file: Source, watcher: Watcher, filename?: string) => KitUpload {
  const inTurn = createTurns(AT_ONCE)

  return (file, watcher, filename) => {
    const cancelling = new AbortController()
    const { signal } = cancelling
    let upload: Upload | undefined
    let isPaused = false
    const done = inTurn(() => {
      upload = oss.upload(file, {
        ...options,
        ...(filename && { filename }),
        signal,
        onProgress: (progress) => signal.aborted || watcher.onProgress(progress),
      })
      if (isPaused) upload.pause()
      return upload.done
    })
    return {
      settled: done.then(
        (uploaded) => signal.aborted || watcher.onSuccess(uploaded),
        (error) => signal.aborted || watcher.onError(error),
      ),
      pause() {
        isPaused = true
        upload?.pause()
      },
      resume() {
        isPaused = false
        upload?.resume()
      },
      cancel: () => cancelling.abort(),
    }
  }
}

/** Returns what runs tasks in their order, this many at once. */
function createTurns(atOnce: number) {
  const waiting: (() => void)[] = []
  let free = atOnce
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}
