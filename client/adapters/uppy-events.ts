import type { KitUpload } from './uploads'

/** A file of Uppy, as far as it matters here. */
export interface UppyFileLike {
  id: string
  name?: string | undefined
  error?: string | null | undefined
  /** The file, or of a remote one its size. */
  data: Blob | { size: number | null } | undefined
  meta: { name?: string | undefined }
  progress: { uploadComplete?: boolean | undefined }
}

interface Capabilities {
  uploadProgress: boolean
  individualCancellation: boolean
  resumableUploads: boolean
}

interface Sent {
  uploadStarted: number
  bytesUploaded: number
  bytesTotal: number
}

/** An Uppy 5 or 6, as far as it matters here. */
export interface UppyLike {
  addUploader(upload: (ids: string[]) => Promise<void>): void
  getFilesByIds(ids: string[]): UppyFileLike[]
  getState(): { capabilities: Capabilities }
  setState(state: { capabilities: Capabilities }): void
  emit(event: 'upload-start', files: UppyFileLike[]): unknown
  emit(event: 'upload-progress', file: UppyFileLike, progress: Sent): unknown
  emit(
    event: 'upload-success',
    file: UppyFileLike,
    response: { status: number; body?: object },
  ): unknown
  emit(event: 'upload-error', file: UppyFileLike, error: Error): unknown
  on(event: 'file-removed', listener: (file: { id: string }) => void): unknown
  on(
    event: 'upload-pause',
    listener: (file: { id: string } | undefined, isPaused: boolean) => void,
  ): unknown
  on(event: 'cancel-all' | 'pause-all' | 'resume-all', listener: () => void): unknown
}

/** Offers to pause, and lets uploads under way, by the id of their file, follow the buttons of an Uppy. */
export function followButtons(uppy: UppyLike, uploads: ReadonlyMap<string, KitUpload>): void {
  const all = (change: (upload: KitUpload) => void) => () => uploads.forEach(change)
  const { capabilities } = uppy.getState()
  uppy.setState({ capabilities: { ...capabilities, resumableUploads: true } })
  uppy.on('file-removed', ({ id }) => uploads.get(id)?.cancel())
  uppy.on(
    'cancel-all',
    all((upload) => upload.cancel()),
  )
  uppy.on(
    'pause-all',
    all((upload) => upload.pause()),
  )
  uppy.on(
    'resume-all',
    all((upload) => upload.resume()),
  )
  uppy.on('upload-pause', (file, isPaused) => {
    const upload = file && uploads.get(file.id)
    if (isPaused) upload?.pause()
    else upload?.resume()
  })
}
