import { parseRealTime } from '../../clock'

/** How far a client's clock may be off. */
export const SKEW_MS = 15 * 60_000

/** Unix ms of `YYYYMMDDTHHMMSSZ`. */
export function parseBasicDate(text: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second] = match
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  return parseRealTime(iso)
}

/** `YYYYMMDDTHHMMSSZ` of Unix ms. */
export function toBasicDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

/** Unix ms of an HTTP date (RFC 9110 section 5.6.7, the preferred form). */
export function parseHttpDate(text: string): number | undefined {
  if (!/^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) {
    return undefined
  }
  const time = Date.parse(text)
  if (!Number.isFinite(time)) return undefined
  // Not the day of the week: whoever writes dates by hand gets it wrong, and nothing depends on it.
  const isReal = new Date(time).toUTCString().slice(5) === text.slice(5).padStart(24, '0')
  return isReal ? time : undefined
}

/** Unix ms of an ISO 8601 UTC time with or without fraction. */
export function parseIsoDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/.test(text)) return undefined
  return parseRealTime(text)
}
