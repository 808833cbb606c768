import type { Api } from './api'
import type { KeyValueStorage, Source, Transport, Uploaded, UploadState } from './types'

/** How the handle of an upload reaches the upload itself. */
export interface UploadControl {
  /** Aborts when the upload is cancelled; its reason is an `OssDirectError` of the code `cancelled`. */
  signal: AbortSignal
  /** Resolves at once, or when a paused upload is resumed; rejects when it is cancelled. */
  pausedWhile(): Promise<void>
  /** Calls the listener at each pause; returns what ends that. */
  onPause(listener: () => void): () => void
}

/** One upload, whichever way it goes. */
export interface UploadJob {
  api: Api
  transport: Transport
  source: Source
  rule: string
  filename: string
  contentType: string
  metadata?: Readonly<Record<string, string>>
  control: UploadControl
  report(sentBytes: number, state: UploadState, isStalled: boolean): void
}

/** One upload in parts. */
export interface PartsJob extends UploadJob {
  storage: KeyValueStorage | null
  concurrency: number
  verifyCrc64: boolean
}

/** What an upload in parts ends with: `toUploaded` of `answers.ts` makes it from the answer to `complete`. */
export type PartsResult = Uploaded
