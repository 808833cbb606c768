import type { OssDirect } from '../index'
import type { FilePondOptions, FilePondRequest } from './filepond-types'
import { createUploads, type Uploads } from './uploads'

/** Returns `process` and `revert` of FilePond's `server`; `revert` deletes the file, where the rule says `remove`. */
export function toFilePond(oss: Uploads & Pick<OssDirect, 'remove'>, options: FilePondOptions) {
  const { onUploaded, ...uploadOptions } = options
  const start = createUploads(oss, uploadOptions)
  return {
    process(...[, file, , load, error, progress, abort]: FilePondRequest) {
      const { cancel } = start(file, {
        onProgress: ({ sentBytes, totalBytes }) => progress(totalBytes > 0, sentBytes, totalBytes),
        onSuccess(uploaded) {
          onUploaded?.(uploaded)
          load(uploaded.key)
        },
        onError: ({ message }) => error(message),
      })
      return {
        abort() {
          cancel()
          abort()
        },
      }
    },
    revert(key: string, load: () => void, error: (message: string) => void) {
      oss.remove(key, { rule: options.rule }).then(load, ({ message }: Error) => error(message))
    },
  }
}
