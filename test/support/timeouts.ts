import { until } from './until'

// Everything that a test may wait for itself.
const REAL = [
  'Date',
  'hrtime',
  'performance',
  'nextTick',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
] as const

/** Runs a test whose code's `setTimeout` runs out when the test says so; all other time is real. */
export async function withTimeouts(test: () => Promise<void>): Promise<void> {
  jest.useFakeTimers({ doNotFake: [...REAL] })
  try {
    await test()
  } finally {
    jest.useRealTimers()
  }
}

/** Waits until the code has set a time limit, and lets this time pass. */
export async function passTimeout(ms: number): Promise<void> {
  await until(() => jest.getTimerCount() > 0)
  jest.advanceTimersByTime(ms)
}
