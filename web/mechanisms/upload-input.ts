import type { CallFunction } from '../api'
import type { Proof } from '../proof'

/** One file to upload: the input of every mechanism. */
export type UploadInput = {
  call: CallFunction
  rule: string
  file: File
  filename: string
  contentType: string
  /** Called with the share of the file that is sent, 0 to 1. */
  onSent: (share: number) => void
  signal: AbortSignal
}

/**
 * Sends a file and resolves to the proof of its callback; rejects with a `Failure` or the signal's
 * reason.
 */
export type Upload = (input: UploadInput) => Promise<Proof>
