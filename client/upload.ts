import type { Api } from './api'
import { checkFile, chooseWay, type Way } from './check-file'
import { createSwitches, type Switches } from './control'
import { OssDirectError } from './errors'
import type { PartsJob } from './job'
import { toMediaType } from './media-type'
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
  transport: Transport
  storage: KeyValueStorage | null
}

const WAYS: Readonly<Record<Way, (job: PartsJob) => Promise<Uploaded>>> = {
  put: (job) => uploadSingle(job, 'put'),
  form: (job) => uploadSingle(job, 'form'),
  parts: (job) => uploadSingle(job, 'put'),
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
    meter.end({ sentBytes: source.size, state: 'done' })
    return uploaded
  } catch (error) {
    const isCancelled = error instanceof OssDirectError && error.code === 'cancelled'
    meter.end({ state: isCancelled ? 'cancelled' : 'failed' })
    throw error
  }
}

// A rule can change while its description is kept.
const OUTDATED = [
  'rule_not_found',
  'not_allowed',
  'mechanism_not_allowed',
  'file_type_not_allowed',
  'file_too_large',
  'file_too_small',
]

async function send(job: PartsJob, options: UploadOptions, rules: Rules): Promise<Uploaded> {
  const { size } = job.source
  const begun = Date.now()
  for (;;) {
    const rule = await rules.find(job.rule, job.control.signal)
    try {
      checkFile({ contentType: job.contentType, size }, rule)
      return await WAYS[chooseWay(rule, size, options.mechanism)](job)
    } catch (error) {
      const isOutdated = error instanceof OssDirectError && OUTDATED.includes(error.code)
      if (!isOutdated || !rules.dropOlder(begun)) throw error
    }
  }
}

function toJob(
  source: Source,
  options: UploadOptions,
  { api, transport, storage, switches, meter }: RunContext,
): PartsJob {
  const { rule, metadata, filename = source.name, concurrency = 3, verifyCrc64 = false } = options
  if (!filename) {
    const details = { code: 'invalid_key', retryable: false }
    throw new OssDirectError('The file has no name: set the option "filename".', details)
  }
  return {
    ...{ api, transport, storage, source, rule, filename, concurrency, verifyCrc64 },
    contentType: options.contentType || source.type || toMediaType(filename),
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
