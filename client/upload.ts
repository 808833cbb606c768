import type { Api } from './api'
import { checkFile, chooseWay, type Way } from './check-file'
import { createSwitches, type Switches } from './control'
import { describeFile } from './describe-file'
import { OssDirectError } from './errors'
import type { PartsJob } from './job'
import type { KeyRules } from './key-rules'
import type { Rules } from './rules'
import { uploadSingle } from './single'
import type {
  KeyValueStorage,
  Source,
  Transport,
  Upload,
  Uploaded,
  UploadOptions,
  UploadProgress,
} from './types'

/** What an upload needs of its client. */
export interface UploadContext {
  api: Api
  rules: Rules
  keyRules: KeyRules
  transport: Transport
  storage: KeyValueStorage | null
}

const WAYS: Readonly<Record<Way, (job: PartsJob) => Promise<Uploaded>>> = {
  put: (job) => uploadWhole(job, 'put'),
  form: (job) => uploadWhole(job, 'form'),
  // Loaded when a large file comes: most pages never send one.
  parts: async (job) => (await import('./parts/upload-parts')).uploadParts(job),
}

/** Starts an upload and returns its handle. */
export function startUpload(
  source: Source,
  options: UploadOptions,
  context: UploadContext,
): Upload {
  const { signal } = options
  const switches = createSwitches()
  const meter = createMeter(source.size, options.onProgress)
  const cancel = () => switches.cancel(signal?.reason)
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel)
  const done = run(source, options, { ...context, switches, meter }).finally(() =>
    signal?.removeEventListener('abort', cancel),
  )
  // `progress` tells of a failure too, so nobody has to await `done`.
  const settled = done.then(nothing, nothing)
  return {
    done,
    get progress() {
      return meter.progress()
    },
    pause() {
      switches.pause()
      meter.update({ state: 'paused', isStalled: false })
    },
    resume() {
      switches.resume()
      meter.update({ state: 'uploading' })
    },
    cancel() {
      switches.cancel()
      return settled
    },
  }
}

type RunContext = UploadContext & { switches: Switches; meter: Meter }

async function run(source: Source, options: UploadOptions, context: RunContext): Promise<Uploaded> {
  const { meter } = context
  try {
    const uploaded = await send(toJob(source, options, context), options, context.rules)
    context.keyRules.remember(uploaded.key, options.rule)
    meter.end({ sentBytes: source.size, state: 'done' })
    return uploaded
  } catch (error) {
    const isCancelled = error instanceof OssDirectError && error.code === 'cancelled'
    meter.end({ state: isCancelled ? 'cancelled' : 'failed' })
    throw error
  }
}

function send(job: PartsJob, options: UploadOptions, rules: Rules): Promise<Uploaded> {
  const { rule: name, contentType, source } = job
  return rules.use(name, async (rule) => {
    checkFile({ contentType, size: source.size }, rule)
    return WAYS[chooseWay(rule, source.size, options.mechanism)](job)
  })
}

async function uploadWhole(job: PartsJob, mechanism: 'put' | 'form'): Promise<Uploaded> {
  if (!job.verifyCrc64) return (await uploadSingle(job, mechanism)).result
  const { startChecksum } = await import('./crc64/checksum')
  const checksum = startChecksum(job)
  try {
    return await checksum.verify(await uploadSingle(job, mechanism))
  } finally {
    checksum.end()
  }
}

function toJob(source: Source, options: UploadOptions, context: RunContext): PartsJob {
  const { api, transport, storage, switches, meter } = context
  const { rule, metadata, concurrency = 3, verifyCrc64 = false } = options
  return {
    ...{ api, transport, storage, source, rule, concurrency, verifyCrc64 },
    ...describeFile(source, options),
    ...(metadata && { metadata }),
    control: switches.control,
    report: (sentBytes, state, isStalled) =>
      meter.update({ sentBytes, state: switches.isPaused() ? 'paused' : state, isStalled }),
  }
}

interface Meter {
  progress(): UploadProgress
  update(change: Partial<UploadProgress>): void
  end(change: Partial<UploadProgress>): void
}

function createMeter(totalBytes: number, onProgress: UploadOptions['onProgress']): Meter {
  let hasEnded = false
  let progress: UploadProgress = { sentBytes: 0, totalBytes, state: 'waiting', isStalled: false }
  const update = (change: Partial<UploadProgress>) => {
    if (hasEnded) return
    const current = { ...progress, ...change }
    progress = current
    // A listener that throws must not end the upload.
    if (onProgress) queueMicrotask(() => onProgress(current))
  }
  return {
    progress: () => progress,
    update,
    end(change) {
      update({ ...change, isStalled: false })
      hasEnded = true
    },
  }
}

function nothing(): void {}
