/** Unix seconds as `YYYY-MM-DDTHH:mm:ssZ`: no fraction, which iOS clients can't read. */
export function toIsoTime(unixSeconds: number): string {
  return `${new Date(unixSeconds * 1000).toISOString().slice(0, 19)}Z`
}
