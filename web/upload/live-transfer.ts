import { type Signal, signal } from '@preact/signals'
import { type Uploaded, type UploadProgress, xhrTransport } from '../../client'
import { createTrace } from '../inspector/trace'
import { clientFor } from '../session/session'
import type { User } from '../session/users'
import { refusedFile, toFailure } from './failure'
import { lockOf, runAlone } from './lock'
import type { Sending } from './send-input'
import { startSending } from './sending'
import type { Phase, Transfer, TransferState } from './transfer'
import type { Way } from './way'

/** What a transfer is made of. */
export interface TransferInput {
  file: File
  path: string
  rule: string
  user: User
  way: Way
}

/** A transfer with what moves it. */
export interface LiveTransfer extends Transfer {
  readonly state: Signal<TransferState>
  /** Whether its parts are found again after a reload. */
  goesOnLater: boolean
  set(change: Partial<TransferState>): void
  /** Changes the name that it is going to have. */
  rename(path: string): void
  /** Sends it, or goes on with it. */
  go(): void
  pause(): void
  /** Ends it; resolves when no part of it is left in OSS. */
  cancel(): Promise<void>
}

let made = 0

/** Creates a transfer, which sends nothing yet; `onEnd` is called when it has ended, whichever way. */
export function createTransfer(
  { path: given, ...input }: TransferInput,
  onEnd: (transfer: LiveTransfer) => void,
): LiveTransfer {
  const { file, rule, user, way } = input
  const { size, lastModified } = file
  const path = signal(given)
  const state = signal<TransferState>({ phase: 'checking', sentBytes: 0, isStalled: false })
  const uploaded = signal<Uploaded | undefined>(undefined)
  const trace = createTrace(xhrTransport)
  let attempt: Attempt | undefined
  let ending: Promise<void> = Promise.resolve()

  const set = (change: Partial<TransferState>) => {
    state.value = { ...state.peek(), ...change }
  }
  const end = (change: Partial<TransferState> & { phase: Phase }) => {
    attempt = undefined
    set({ isStalled: false, ...change })
    onEnd(transfer)
  }
  const start = () =>
    startAttempt({
      lock: lockOf({ sub: user.sub, rule, filename: path.peek(), size, lastModified }),
      after: ending,
      begin: (onProgress) =>
        startSending(way, {
          ...{ client: clientFor(user), sub: user.sub, file, path: path.peek(), rule, onProgress },
          transport: trace.transport,
        }),
      onProgress: (progress) => set(toChange(progress)),
      onDone(result) {
        uploaded.value = result
        const failure = result.reason && toFailure(result.reason)
        end({ phase: 'done', sentBytes: file.size, ...(failure && { failure }) })
      },
      onError: (error) => end({ phase: 'failed', failure: toFailure(error) }),
    })

  const transfer: LiveTransfer = {
    ...input,
    id: `transfer-${++made}`,
    get path() {
      return path.value
    },
    ...{ state, uploaded, trace, set, goesOnLater: false },
    rename(to) {
      path.value = to
    },
    go() {
      set({ phase: 'sending' })
      if (attempt) attempt.resume()
      else attempt = start()
    },
    pause() {
      attempt?.pause()
      set({ phase: 'paused', isStalled: false })
    },
    async cancel() {
      ending = attempt?.cancel() ?? ending
      attempt = undefined
      // What was sent to its end may be stored, whatever is wanted now.
      const sentBytes = state.peek().phase === 'proving' ? file.size : 0
      set({ phase: 'cancelled', sentBytes, isStalled: false })
      await ending
      onEnd(transfer)
    },
  }
  return transfer
}

function toChange({ state, sentBytes, totalBytes, isStalled }: UploadProgress) {
  const isSent = totalBytes > 0 && sentBytes === totalBytes
  const phase: Phase = state === 'offline' ? 'offline' : isSent ? 'proving' : 'sending'
  return { phase, sentBytes, isStalled }
}

interface AttemptInput {
  lock: string
  /** What must have ended before. */
  after: Promise<void>
  begin: (onProgress: (progress: UploadProgress) => void) => Promise<Sending>
  onProgress: (progress: UploadProgress) => void
  onDone: (uploaded: Uploaded) => void
  onError: (error: unknown) => void
}

interface Attempt {
  pause(): void
  resume(): void
  cancel(): Promise<void>
}

/** Sends a file once, unless it is being sent elsewhere. */
function startAttempt({ lock, after, begin, ...on }: AttemptInput): Attempt {
  let sending: Sending | undefined
  let wanted: 'go' | 'pause' | 'cancel' = 'go'
  const isCancelled = () => wanted === 'cancel'
  const report = (progress: UploadProgress) => {
    const { state } = progress
    // How it ends is told by its promise.
    if (wanted === 'go' && (state === 'uploading' || state === 'offline')) on.onProgress(progress)
  }
  const send = async () => {
    try {
      if (isCancelled()) return
      sending = await begin(report)
      if (wanted === 'pause') sending.pause()
      if (isCancelled()) void sending.cancel()
      const uploaded = await sending.done
      if (!isCancelled()) on.onDone(uploaded)
    } catch (error) {
      if (!isCancelled()) on.onError(error)
    }
  }
  const ended = after
    .then(() => runAlone(lock, send))
    .then((hasRun) => {
      if (!hasRun) on.onError(refusedFile('elsewhere', ['fail.elsewhere', 'fail.elsewhere.advice']))
    })
  return {
    pause() {
      wanted = 'pause'
      sending?.pause()
    },
    resume() {
      wanted = 'go'
      sending?.resume()
    },
    async cancel() {
      wanted = 'cancel'
      await sending?.cancel()
      await ended
    },
  }
}
