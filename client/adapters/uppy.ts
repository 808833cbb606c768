import type { Uploaded, UploadProgress } from '../index'
import { createUploads, type KitOptions, type KitUpload, type Uploads } from './uploads'
import { followButtons, type UppyFileLike, type UppyLike } from './uppy-events'

/** Lets an Uppy (5 or 6) upload by this client; `response.body` of a file is what its upload ended with. */
export function toUppy(uppy: UppyLike, oss: Uploads, options: KitOptions): void {
  const start = createUploads(oss, options)
  const uploads = new Map<string, KitUpload>()

  async function send(file: UppyFileLike): Promise<void> {
    const { id, data, meta } = file
    const fail = (error: Error) => void uppy.emit('upload-error', file, error)
    if (!(data instanceof Blob)) return fail(new Error('The file must be one of this device.'))
    const uploadStarted = Date.now()
    const watcher = {
      onProgress({ sentBytes: bytesUploaded, totalBytes: bytesTotal }: UploadProgress) {
        uppy.emit('upload-progress', file, { uploadStarted, bytesUploaded, bytesTotal })
      },
      onSuccess(body: Uploaded) {
        uppy.emit('upload-success', file, { status: body.proven ? 200 : 203, body })
      },
      onError: fail,
    }
    const upload = start(data, watcher, meta.name)
    uploads.set(id, upload)
    await upload.settled
    uploads.delete(id)
  }

  followButtons(uppy, uploads)
  uppy.addUploader(async (ids) => {
    const isWaiting = ({ error, progress }: UppyFileLike) => !error && !progress.uploadComplete
    const files = uppy.getFilesByIds(ids).filter(isWaiting)
    uppy.emit('upload-start', files)
    await Promise.all(files.map(send))
  })
}
