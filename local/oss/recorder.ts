import type { LogEntry } from './cloud'
import type { Notes } from './notes'

/** A received request as tests see it, without secrets. */
export type RequestRecord = LogEntry & {
  requestId: string
  /** Unix ms. */
  receivedAt: number
  host: string
  /** The request target as sent, with signatures and tokens blanked out. */
  target: string
  operation?: string
}

/** A request, its outcome, and what OSS computed and sent on the way; with its secrets. */
export type Observation = RequestRecord & Notes

const KEPT = 1000

/** Keeps the last thousand requests. */
export class Recorder {
  private records: RequestRecord[] = []

  add(record: RequestRecord): void {
    this.records.push(record)
    if (this.records.length > 2 * KEPT) this.records = this.records.slice(-KEPT)
  }

  list(): RequestRecord[] {
    return this.records.slice(-KEPT)
  }
}
