/** The cloud's time: it runs as the machine's does, from wherever it was set. */
export type Clock = {
  /** Unix ms. */
  now: () => number
  /** An ISO time or Unix ms. */
  set: (time: string | number) => void
  /** One 64-bit float, the ms by which we are ahead: functions' threads read it. */
  shared: SharedArrayBuffer
}

/** A clock that starts at this ISO time, or at the machine's own. */
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

/** Unix ms of an ISO 8601 time in UTC; `undefined` for a date that does not exist: `Date.parse` takes the 30th of February. */
export function parseRealTime(iso: string): number | undefined {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return undefined
  return new Date(time).toISOString().slice(0, 19) === iso.slice(0, 19) ? time : undefined
}
