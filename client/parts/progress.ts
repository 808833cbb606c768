import type { UploadJob } from '../job'
import type { UploadState } from '../types'

/** Sums up how far the parts of an upload are. */
export class Progress {
  private readonly report: UploadJob['report']
  private sentBytes: number
  private readonly moving = new Map<number, { sent: number; isStalled: boolean }>()

  constructor(report: UploadJob['report'], sentBytes: number) {
    this.report = report
    this.sentBytes = sentBytes
  }

  /** Reports a state. */
  tell(state: UploadState): void {
    const moving = [...this.moving.values()]
    const sent = moving.reduce((sum, part) => sum + part.sent, this.sentBytes)
    this.report(sent, state, moving.length > 0 && moving.every(({ isStalled }) => isStalled))
  }

  /** Reports that bytes of a part have moved, or have not for a while. */
  move(partNumber: number, sent: number, isStalled: boolean): void {
    this.moving.set(partNumber, { sent, isStalled })
    this.tell('uploading')
  }

  /** Counts a part as sent. */
  finish(partNumber: number, bytes: number): void {
    this.moving.delete(partNumber)
    this.sentBytes += bytes
    this.tell('uploading')
  }

  /** Counts a part as not sent. */
  drop(partNumber: number): void {
    this.moving.delete(partNumber)
  }
}
