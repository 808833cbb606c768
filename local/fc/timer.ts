/** A timer trigger by the cloud's clock: setting the clock forward makes it due. */
export type Timer = { close: () => void }

const TICK_MS = 100

/** Calls `act` every `everyMs` of the cloud's clock; `now` returns Unix ms. */
export function startTimer(options: {
  everyMs: number
  now: () => number
  act: (time: number) => void
}): Timer {
  const { everyMs, now, act } = options
  let dueAt = now() + everyMs
  const tick = () => {
    const time = now()
    if (time >= dueAt) act(time)
    // The clock may have been set back, too.
    if (time >= dueAt || dueAt - time > everyMs) dueAt = time + everyMs
  }
  const timer = setInterval(tick, TICK_MS).unref()
  return { close: () => clearInterval(timer) }
}
