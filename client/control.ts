import { abortable } from './abort'
import { cancelledError } from './errors'
import type { UploadControl } from './job'

/** The switches of one upload. */
export interface Switches {
  control: UploadControl
  pause(): void
  resume(): void
  cancel(reason?: unknown): void
  isPaused(): boolean
}

/** Creates the switches of one upload. */
export function createSwitches(): Switches {
  const cancelled = new AbortController()
  const pausing = new Set<() => void>()
  const resuming = new Set<() => void>()
  let paused = false

  const change = (to: boolean, listeners: Set<() => void>) => {
    if (paused === to) return
    paused = to
    for (const listener of [...listeners]) listener()
  }

  return {
    control: {
      signal: cancelled.signal,
      pausedWhile: () =>
        abortable(cancelled.signal, (resolve) => {
          const listener = () => resolve(undefined)
          if (!paused) listener()
          resuming.add(listener)
          return () => resuming.delete(listener)
        }),
      onPause(listener) {
        pausing.add(listener)
        return () => pausing.delete(listener)
      },
    },
    pause: () => change(true, pausing),
    resume: () => change(false, resuming),
    cancel(cause) {
      cancelled.abort(cancelledError(cause))
    },
    isPaused: () => paused,
  }
}
