import type { Uploaded } from '../index'
import type { KitOptions } from './uploads'

/** What FilePond passes to `process`, as far as it matters here. */
export type FilePondRequest = [
  field: string,
  file: Blob,
  metadata: object,
  load: (key: string) => void,
  error: (message: string) => void,
  progress: (isComputable: boolean, sentBytes: number, totalBytes: number) => void,
  abort: () => void,
]

/** The options of FilePond's uploads. */
export interface FilePondOptions extends KitOptions {
  /** Called with what an upload ended with; FilePond itself keeps its key alone, as `serverId`. */
  onUploaded?: (uploaded: Uploaded) => void
}
