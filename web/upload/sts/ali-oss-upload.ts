import type { Uploaded, UploadState } from '../../../client'
import { unlessAborted } from '../../../client/abort'
import { toUploaded } from '../../../client/answers'
import { describeFile } from '../../../client/describe-file'
import { refusedName } from '../failure'
import { findNameIssue } from '../name'
import type { SendInput } from '../send-input'
import type { AliOss, Checkpoint, MultipartOptions } from './ali-oss'
import { borrow, type Lent, openAliOss, toCallback } from './ali-oss-options'
import { answerOf } from './answer'
import { findKept, forget, keep } from './kept'

const MiB = 1024 * 1024
const MAX_PARTS = 10_000
const PARALLEL = 3
// ali-oss tells of whole parts alone, which take some seconds on a slow line.
const SILENT_MS = 20_000

/** One upload by `ali-oss`, which can be stopped and go on. */
export interface AliOssUpload {
  /** Sends what is missing; stops when the signal aborts. */
  attempt(signal: AbortSignal): Promise<Uploaded>
  report(state: UploadState): void
  /** Deletes from OSS what was sent and not completed. */
  dropParts(): Promise<void>
}

/** Creates an upload; nothing is sent before its first attempt. */
export function createAliOssUpload(input: SendInput): AliOssUpload {
  const { client, sub, file, path, rule, onProgress } = input
  const { size, name, type, lastModified } = file
  const own = { rule, filename: path, size, lastModified }
  let sentBytes = 0
  let checkpoint = findKept(sub, own)?.checkpoint
  let latest: { sdk: AliOss; key: string; ended: Promise<unknown> } | undefined

  let silence: ReturnType<typeof setTimeout> | undefined
  const report = (state: UploadState) => {
    const progress = { sentBytes, totalBytes: size, state, isStalled: false }
    clearTimeout(silence)
    onProgress(progress)
    if (state !== 'uploading') return
    silence = setTimeout(() => onProgress({ ...progress, isStalled: true }), SILENT_MS)
  }

  return {
    report,
    async attempt(signal) {
      const lent = await borrow(client, rule)
      const key = toKey(lent, input)
      const options = toOptions(input, lent, (sent, reached) => {
        if (signal.aborted) return
        if (reached) {
          checkpoint = reached
          keep(sub, { ...own, contentType: type, name, key, checkpoint })
        }
        sentBytes = sent
        report('uploading')
      })
      const sdk = await openAliOss(lent, async () => {
        const fresh = await borrow(client, rule)
        // The ticket ends with the credentials, so the last request needs the latest one.
        options.callback = toCallback(fresh.lent)
        return fresh
      })
      signal.throwIfAborted()
      const going = checkpoint
        ? Object.assign(options, { checkpoint: { ...checkpoint, file } })
        : options
      const work = sdk.multipartUpload(key, file, going).then(answerOf, answerOf)
      latest = { sdk, key, ended: work.catch(() => undefined) }
      signal.addEventListener('abort', () => sdk.cancel())
      const answer = await unlessAborted(work, signal).finally(() => clearTimeout(silence))
      const uploaded = toUploaded(answer, { key, size })
      forget(sub, own)
      return uploaded
    },
    async dropParts() {
      await latest?.ended
      forget(sub, own)
      if (!latest || !checkpoint) return
      // A lifecycle rule of the bucket deletes what remains.
      await latest.sdk.abortMultipartUpload(latest.key, checkpoint.uploadId).catch(() => undefined)
    },
  }
}

function toKey({ lent }: Lent, { path }: SendInput): string {
  const key = `${lent.prefix}${path}`
  // The name can be short enough and the key too long.
  const issue = findNameIssue(key)
  if (issue) throw refusedName(issue)
  return key
}

function toOptions(
  { file, path }: SendInput,
  { lent }: Lent,
  onSent: (sentBytes: number, checkpoint?: Checkpoint | null) => void,
): MultipartOptions {
  const partSize = Math.max(MiB, Math.ceil(file.size / MAX_PARTS))
  return {
    mime: describeFile(file, { filename: path }).contentType,
    partSize,
    parallel: PARALLEL,
    headers: { ...lent.headers },
    callback: toCallback(lent),
    progress: (share, checkpoint) => {
      // ali-oss counts the last request as one more part; the bytes are sent before it.
      const sent = checkpoint ? checkpoint.doneParts.length * partSize : share * file.size
      onSent(Math.min(file.size, Math.floor(sent)), checkpoint)
    },
  }
}
