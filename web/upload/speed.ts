const WINDOW_MS = 8000
const LEAST_MS = 1500

/** Measures how fast bytes move, over the last seconds. */
export interface Speedometer {
  /** Takes the bytes that have moved so far; a smaller number than before starts anew. */
  note(now: number, bytes: number): void
  /** Returns the bytes per second; `undefined` until enough is known. */
  speed(now: number): number | undefined
}

/** Creates a speedometer. */
export function createSpeedometer(): Speedometer {
  let samples: { at: number; bytes: number }[] = []
  return {
    note(now, bytes) {
      if (bytes < (samples.at(-1)?.bytes ?? 0)) samples = []
      samples.push({ at: now, bytes })
      const firstFresh = samples.findIndex(({ at }) => at >= now - WINDOW_MS)
      // The last one before the window is where the window begins.
      if (firstFresh > 1) samples = samples.slice(firstFresh - 1)
    },
    speed(now) {
      const first = samples[0]
      const last = samples.at(-1)
      if (!first || !last || now - first.at < LEAST_MS) return undefined
      return ((last.bytes - first.bytes) / (now - first.at)) * 1000
    },
  }
}

/** Returns the seconds that are left; `undefined` where nothing moves. */
export function secondsLeft(bytes: number, speed: number | undefined): number | undefined {
  return speed && speed > 0 ? bytes / speed : undefined
}
