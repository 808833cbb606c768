import type { Ask } from '../api'
import type { Proof } from '../proof'

/** One file on its way: what every mechanism needs to send it and to tell about it. */
export type UploadOrder = {
  ask: Ask
  rule: string
  file: File
  filename: string
  contentType: string
  /** Told the share of the file that has left, 0 to 1. */
  onSent: (share: number) => void
  signal: AbortSignal
}

/** Sends a file and answers what the callback proved; rejects with a `Failure` or the signal's reason. */
export type Upload = (order: UploadOrder) => Promise<Proof>
