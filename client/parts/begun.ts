import { elementOf, fromOss, unexpectedAnswer } from '../answers'
import type { PartsJob } from '../job'
import { type RetryOptions, retrying } from '../retry'
import type { SendRequest } from '../types'
import { sendWatched } from '../watched'

/** How an upload retries; for tests. */
export type Timing = Pick<RetryOptions, 'random' | 'wait' | 'network'>

/** A signed request, as the functions answer it. */
export type SignedRequest = Pick<SendRequest, 'method' | 'url' | 'headers'>

/** An upload in parts that OSS knows. */
export interface BegunUpload {
  key: string
  ticket: string
  uploadId: string
  partSize: number
  /** In milliseconds, by the server's clock. */
  begunAt: number
  /** When the ticket ends, in milliseconds. */
  expiresAt: number
  /** Set before the first request that completes it: OSS may have stored the file although no answer came. */
  isCompleting?: boolean
}

/** Plans an upload and starts it in OSS. A start is never cancelled half-way, so that it can be undone. */
export function beginUpload(job: PartsJob, timing: Timing): Promise<BegunUpload> {
  const { api, transport, control, source, rule, filename, contentType, metadata } = job
  const request = {
    operation: 'multipart',
    rule,
    filename,
    contentType,
    ...(metadata && { metadata }),
  }
  const onOffline = (isOffline: boolean) => job.report(0, isOffline ? 'offline' : 'waiting', false)
  return retrying(
    async () => {
      const plan = await api.ask(
        '/signed-url',
        { ...request, contentLength: source.size },
        control.signal,
      )
      const begunAt = api.now()
      const response = await sendWatched(transport, {
        ...(plan.initiate as SignedRequest),
        signal: new AbortController().signal,
      })
      if (response.status !== 200) throw fromOss(response)
      const upload = {
        ...toPlan(plan),
        uploadId: elementOf(response.text, 'UploadId'),
        begunAt,
      }
      if (!isBegunUpload(upload)) throw unexpectedAnswer()
      return upload
    },
    { ...timing, signal: control.signal, onOffline },
  )
}

function toPlan({ key, ticket, partSize, ticketExpiresAt }: Record<string, unknown>) {
  return { key, ticket, partSize, expiresAt: Date.parse(String(ticketExpiresAt)) }
}

/** Whether a value, such as one from storage, is an upload that can go on. */
export function isBegunUpload(value: unknown): value is BegunUpload {
  const upload = Object(value)
  return (
    [upload.key, upload.ticket, upload.uploadId].every(
      (text) => typeof text === 'string' && text,
    ) && [upload.partSize, upload.begunAt, upload.expiresAt].every((number) => number > 0)
  )
}

/** Returns the exact number of bytes of one part. */
export function partBytes({ partSize }: BegunUpload, size: number, partNumber: number): number {
  return Math.min(partSize, size - (partNumber - 1) * partSize)
}

/** Returns the numbers of all parts. */
export function partNumbers({ partSize }: BegunUpload, size: number): number[] {
  const count = Math.max(1, Math.ceil(size / partSize))
  return Array.from({ length: count }, (_, index) => index + 1)
}
