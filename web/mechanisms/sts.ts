import { type Callback, type LentCredentials, toLentCredentials } from '../api'
import { fromOss, networkFailure } from '../failure'
import { toFields } from '../parse'
import { type Proof, toProof } from '../proof'
import { type AliOss, type AliOssCallback, createAliOss, type MultipartOptions } from './ali-oss'
import type { UploadOrder } from './order'

const MiB = 1024 * 1024
const MAX_PARTS = 10_000
const PARALLEL = 3
const RETRIES = 2

/** Uploads in parts with `ali-oss` and credentials that reach the caller's own prefix alone. */
export async function uploadBySts(order: UploadOrder): Promise<Proof> {
  const { file, filename, signal } = order
  const lent = await borrow(order)
  const options = toMultipartOptions(order, lent.callback)
  const client = await createClient(order, lent, options)
  const key = `${lent.prefix}${filename}`
  const started = rememberUploadId(options)
  signal.throwIfAborted()
  const work = client.multipartUpload(key, file, options)
  signal.addEventListener('abort', () => {
    client.cancel()
    work.catch(() => dropParts(client, key, started.uploadId))
  })
  const { data } = await untilAborted(work, signal).catch((error: unknown) => {
    throw fromAliOss(error)
  })
  return toProof(data)
}

async function borrow({ ask, rule, signal }: UploadOrder): Promise<LentCredentials> {
  return toLentCredentials(await ask('/sts', { rule, access: 'write' }, signal))
}

async function createClient(
  order: UploadOrder,
  lent: LentCredentials,
  options: MultipartOptions,
): Promise<AliOss> {
  const client = await createAliOss({
    ...toKeys(lent),
    bucket: lent.bucket,
    region: lent.region,
    endpoint: lent.endpoint,
    sldEnable: isPathStyle(lent.endpoint),
    authorizationV4: true,
    retryMax: RETRIES,
    refreshSTSToken: async () => {
      const fresh = await borrow(order)
      // The ticket ages like the credentials, so the last request gets the latest one.
      options.callback = toAliOssCallback(fresh.callback)
      return toKeys(fresh)
    },
    refreshSTSTokenInterval: lent.refreshAfterMs,
  })
  client.options.amendTimeSkewed = lent.clockAheadMs
  return client
}

function toKeys({ accessKeyId, accessKeySecret, securityToken }: LentCredentials) {
  return { accessKeyId, accessKeySecret, stsToken: securityToken }
}

function toAliOssCallback({ url, body, bodyType, ticket }: Callback): AliOssCallback {
  const callbackSNI = url.startsWith('https:')
  return { url, body, contentType: bodyType, callbackSNI, customValue: { ticket } }
}

function toMultipartOptions(order: UploadOrder, callback: Callback): MultipartOptions {
  const { file, contentType, onSent } = order
  const partSize = Math.max(MiB, Math.ceil(file.size / MAX_PARTS))
  return {
    mime: contentType,
    partSize,
    parallel: PARALLEL,
    callback: toAliOssCallback(callback),
    progress: (share, checkpoint) => {
      // ali-oss counts the last request as one part more; the bytes have left before it.
      const sent = checkpoint ? (checkpoint.doneParts.length * partSize) / file.size : share
      onSent(Math.min(1, sent))
    },
  }
}

function rememberUploadId(options: MultipartOptions): { uploadId?: string } {
  const started: { uploadId?: string } = {}
  const { progress } = options
  options.progress = (share, checkpoint) => {
    if (checkpoint) started.uploadId = checkpoint.uploadId
    progress(share, checkpoint)
  }
  return started
}

/** Only Alibaba Cloud's own hosts and custom domains have the bucket in their name. */
function isPathStyle(endpoint: string): boolean {
  const { hostname } = new URL(endpoint)
  return hostname === 'localhost' || /^[\d.]+$/.test(hostname)
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([work, aborted])
}

async function dropParts(client: AliOss, key: string, uploadId?: string): Promise<void> {
  if (uploadId === undefined) return
  // Nobody waits for this: the upload is over for the person either way; a bucket's lifecycle rule clears what is left.
  await client.abortMultipartUpload(key, uploadId).catch(() => undefined)
}

const NO_ANSWER = [-1, -2]

function fromAliOss(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { status, code, requestId } = toFields({ ...error })
  if (typeof status !== 'number') return error
  if (NO_ANSWER.includes(status)) return networkFailure()
  const words = { code: String(code ?? ''), message: error.message }
  return fromOss(status, { ...words, requestId: String(requestId ?? '') })
}
