import type { LogEntry } from './cloud'

/** A request that was received: what a test may want to know of it, without secrets. */
export type RequestRecord = LogEntry & {
  requestId: string
  /** Unix ms. */
  receivedAt: number
  host: string
  /** As it was sent; signatures and tokens are blanked out. */
  target: string
  operation?: string
}

const KEPT = 1000

/** The last thousand requests. */
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
