import { setTimeout as pause } from 'node:timers/promises'

// Less than a test may take, so that the failure says what was waited for.
const PATIENCE_MS = 20_000
const PAUSE_MS = 10
// An act moves a clock on, and must not outrun what it waits for.
const PAUSE_AFTER_ACT_MS = 50

/** Waits until this holds, acting after each look in vain where asked; throws after 20 s. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  act?: () => void,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It never came to hold: ${holds}`)
    act?.()
    await pause(act ? PAUSE_AFTER_ACT_MS : PAUSE_MS)
  }
}
