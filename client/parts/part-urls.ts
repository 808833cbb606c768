import { unexpectedAnswer } from '../answers'
import type { PartsJob } from '../job'
import { type BegunUpload, partBytes, type SignedRequest } from './begun'

const WINDOW = 32
// A request that begins in the last moment of its URL may arrive after it.
const MARGIN_MS = 60_000

/** The signed requests for the upload as a whole. */
export interface UploadUrls {
  lists: readonly SignedRequest[]
  complete: SignedRequest
  abort: SignedRequest
}

type Until = { until: number }

/** The signed requests of an upload, signed shortly before they are used. */
export class PartUrls {
  private readonly job: PartsJob
  private readonly upload: BegunUpload
  private readonly parts = new Map<number, SignedRequest & Until>()
  private whole: (UploadUrls & Until) | undefined
  private asking: Promise<void> | undefined

  constructor(job: PartsJob, upload: BegunUpload) {
    this.job = job
    this.upload = upload
  }

  /** Returns the request for a part, each time another one; signs those of other parts that are not sent with it. */
  async take(partNumber: number, unsent: Iterable<number>): Promise<SignedRequest> {
    for (;;) {
      const part = this.parts.get(partNumber)
      if (part && this.isUsable(part)) {
        this.parts.delete(partNumber)
        return part
      }
      this.asking ??= this.sign(this.windowFrom(partNumber, unsent)).finally(() => {
        this.asking = undefined
      })
      await this.asking
    }
  }

  /** Returns the requests for the whole upload: signed anew, or earlier where that will do. */
  async takeWhole(isNew: boolean, signal?: AbortSignal): Promise<UploadUrls> {
    if (isNew || !this.isUsable(this.whole)) await this.sign([1], signal)
    if (!this.whole) throw unexpectedAnswer()
    return this.whole
  }

  private windowFrom(partNumber: number, unsent: Iterable<number>): number[] {
    const window = new Set([partNumber])
    for (const other of unsent) {
      if (window.size === WINDOW) break
      if (!this.isUsable(this.parts.get(other))) window.add(other)
    }
    return [...window]
  }

  private isUsable(signed: Until | undefined): boolean {
    return signed !== undefined && this.job.api.now() < signed.until
  }

  private async sign(partNumbers: readonly number[], signal = this.job.control.signal) {
    const { api, source } = this.job
    const { ticket, uploadId } = this.upload
    const request = { operation: 'multipart-parts', ticket, uploadId, partNumbers }
    const answer = await api.ask('/signed-url', request, signal)
    const { parts, lists, complete, abort, expiresAt } = answer as Partial<Answer>
    const life = Date.parse(String(expiresAt)) - api.now()
    // However short its life is, what was just signed is worth one attempt.
    const until = api.now() + Math.max(1000, life - Math.min(MARGIN_MS, life / 4))
    if (!parts || !lists || !complete || !abort) throw unexpectedAnswer()
    this.whole = { lists, complete, abort, until }
    for (const { partNumber, size, ...part } of parts) {
      if (size !== partBytes(this.upload, source.size, partNumber)) throw unexpectedAnswer()
      this.parts.set(partNumber, { ...part, until })
    }
    if (parts.length < partNumbers.length) throw unexpectedAnswer()
  }
}

type Answer = UploadUrls & {
  parts: readonly (SignedRequest & { partNumber: number; size: number })[]
  expiresAt: string
}
