import type { LogEntry } from './cloud'

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
