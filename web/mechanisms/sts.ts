import { type Callback, type StsCredentials, toStsCredentials } from '../api'
import { fromOss, networkFailure } from '../failure'
import { checkName } from '../name'
import { toFields } from '../parse'
import { type Proof, toProof } from '../proof'
import { type AliOss, type AliOssCallback, createAliOss, type MultipartOptions } from './ali-oss'
import type { UploadInput } from './upload-input'

const MiB = 1024 * 1024
const MAX_PARTS = 10_000
const PARALLEL = 3
const RETRIES = 2

/** Uploads in parts with `ali-oss` and credentials that are limited to the caller's prefix. */
export async function uploadBySts(input: UploadInput): Promise<Proof> {
  const { file, filename, signal } = input
  const credentials = await requestCredentials(input)
  const key = `${credentials.prefix}${filename}`
  // The name can be short enough and the key too long.
  checkName(key)
  const options = toMultipartOptions(input, credentials)
  const client = await createClient(input, credentials, options)
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

async function requestCredentials({ call, rule, signal }: UploadInput): Promise<StsCredentials> {
  return toStsCredentials(await call('/sts', { rule, access: 'write' }, signal))
}

async function createClient(
  input: UploadInput,
  credentials: StsCredentials,
  options: MultipartOptions,
): Promise<AliOss> {
  const client = await createAliOss({
    ...toKeys(credentials),
    bucket: credentials.bucket,
    region: credentials.region,
    endpoint: credentials.endpoint,
    sldEnable: isPathStyle(credentials.endpoint),
    authorizationV4: true,
    retryMax: RETRIES,
    refreshSTSToken: async () => {
      const fresh = await requestCredentials(input)
      // The ticket expires with the credentials, so the last request needs the latest one.
      options.callback = toAliOssCallback(fresh.callback)
      return toKeys(fresh)
    },
    refreshSTSTokenInterval: credentials.refreshAfterMs,
  })
  client.options.amendTimeSkewed = credentials.clockAheadMs
  return client
}

function toKeys({ accessKeyId, accessKeySecret, securityToken }: StsCredentials) {
  return { accessKeyId, accessKeySecret, stsToken: securityToken }
}

function toAliOssCallback({ url, body, bodyType, ticket }: Callback): AliOssCallback {
  const callbackSNI = url.startsWith('https:')
  return { url, body, contentType: bodyType, callbackSNI, customValue: { ticket } }
}

function toMultipartOptions(
  input: UploadInput,
  { headers, callback }: StsCredentials,
): MultipartOptions {
  const { file, contentType, onSent } = input
  const partSize = Math.max(MiB, Math.ceil(file.size / MAX_PARTS))
  return {
    mime: contentType,
    partSize,
    parallel: PARALLEL,
    headers,
    callback: toAliOssCallback(callback),
    progress: (share, checkpoint) => {
      // ali-oss counts the last request as one more part; the bytes are sent before it.
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

/** Only hosts of Alibaba Cloud and custom domains have the bucket in the host name. */
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
  // Not awaited: for the user the upload has already ended, and a lifecycle rule of the bucket
  // deletes what remains.
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
