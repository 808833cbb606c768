/** The cloud's clock: it runs at the machine's speed from the time that it was set to. */
export type Clock = {
  /** Unix ms. */
  now: () => number
  /** An ISO time or Unix ms. */
  set: (time: string | number) => void
  /** One 64-bit float: the cloud's time minus the machine's, in ms; functions' threads read it. */
  shared: SharedArrayBuffer
}

/** Creates a clock that starts at this ISO time, or at the machine's time. */
export function createClock(start?: string): Clock {
  const shared = new SharedArrayBuffer(8)
  const offset = new Float64Array(shared)
  const clock: Clock = {
    now: () => Math.floor(Date.now() + (offset[0] ?? 0)),
    set: (time) => {
      const target = typeof time === 'number' ? time : Date.parse(time)
      if (!Number.isFinite(target)) throw new Error(`"${time}" is not a time`)
      offset[0] = target - Date.now()
    },
    shared,
  }
  if (start !== undefined) clock.set(start)
  return clock
}

/**
 * Parses an ISO 8601 time in UTC into Unix ms; returns `undefined` for a date that does not exist,
 * such as 30 February, which `Date.parse` accepts.
 */
export function parseRealTime(iso: string): number | undefined {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return undefined
  return new Date(time).toISOString().slice(0, 19) === iso.slice(0, 19) ? time : undefined
}
