import type { OssDirect, Transport, Uploaded, UploadProgress } from '../../client'

/** What is sent, and how. */
export interface SendInput {
  client: OssDirect
  /** The user whose client it is. */
  sub: string
  file: File
  /** The name that the rule's key takes. */
  path: string
  rule: string
  transport: Transport
  onProgress: (progress: UploadProgress) => void
}

/** A file that is being sent. */
export interface Sending {
  done: Promise<Uploaded>
  pause(): void
  resume(): void
  /** Ends it and leaves no part of it in OSS. */
  cancel(): Promise<void>
}
