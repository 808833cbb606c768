import { cancelledError } from './errors'

/** Returns why a signal was aborted, on platforms whose signals don't know it too. */
export function reasonOf(signal: AbortSignal): unknown {
  return signal.reason ?? cancelledError()
}

/** Starts something that can be stopped; rejects with the signal's reason when it aborts first. Stops it in any case. */
export function abortable<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void, reject: (reason: unknown) => void) => () => void,
): Promise<T> {
  let abort = () => {}
  let stop = () => {}
  return new Promise<T>((resolve, reject) => {
    abort = () => reject(reasonOf(signal))
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort)
    stop = start(resolve, reject)
  }).finally(() => {
    signal.removeEventListener('abort', abort)
    stop()
  })
}

/** Returns the result of what cannot be stopped; rejects with the signal's reason when it aborts first. */
export function unlessAborted<T>(waiting: Promise<T>, signal: AbortSignal): Promise<T> {
  return abortable(signal, (resolve, reject) => {
    waiting.then(resolve, reject)
    return () => {}
  })
}

/** Resolves after this time; rejects with the signal's reason when it aborts. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return abortable(signal, (resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    return () => clearTimeout(timer)
  })
}
