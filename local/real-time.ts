/** Unix ms of an ISO 8601 time in UTC; `undefined` for one that never is: the 30th of February parses, too. */
export function parseRealTime(iso: string): number | undefined {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return undefined
  return new Date(time).toISOString().slice(0, 19) === iso.slice(0, 19) ? time : undefined
}
