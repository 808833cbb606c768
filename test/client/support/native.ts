const LACKING = ['reason', 'throwIfAborted'] as const

/** Runs a test with signals that lack what those of React Native lack. */
export async function withNativeSignals(run: () => Promise<void>): Promise<void> {
  const kept = Object.getOwnPropertyDescriptors(AbortSignal.prototype)
  for (const name of LACKING) {
    Object.defineProperty(AbortSignal.prototype, name, { value: undefined, configurable: true })
  }
  try {
    await run()
  } finally {
    for (const name of LACKING) Object.defineProperty(AbortSignal.prototype, name, kept[name])
  }
}
