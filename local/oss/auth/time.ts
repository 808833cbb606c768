import { parseRealTime } from '../../clock'

/** The largest accepted difference between a client's clock and ours. */
export const SKEW_MS = 15 * 60_000

/** Parses `YYYYMMDDTHHMMSSZ` into Unix ms; returns `undefined` for anything else. */
export function parseBasicDate(text: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second] = match
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  return parseRealTime(iso)
}

/** Returns Unix ms as `YYYYMMDDTHHMMSSZ`. */
export function toBasicDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

/**
 * Parses an HTTP date (RFC 9110 section 5.6.7, the preferred form) into Unix ms; returns
 * `undefined` for anything else.
 */
export function parseHttpDate(text: string): number | undefined {
  if (!/^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) {
    return undefined
  }
  const time = Date.parse(text)
  if (!Number.isFinite(time)) return undefined
  // The day of the week is not compared: dates written by hand often get it wrong, and nothing
  // depends on it.
  const isReal = new Date(time).toUTCString().slice(5) === text.slice(5).padStart(24, '0')
  return isReal ? time : undefined
}

/**
 * Parses an ISO 8601 UTC time, with or without a fraction, into Unix ms; returns `undefined` for
 * anything else.
 */
export function parseIsoDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/.test(text)) return undefined
  return parseRealTime(text)
}
