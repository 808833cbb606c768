const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** A size for people, in decimal units: "20.97 MB", "512 bytes". */
export function formatBytes(bytes: number): string {
  if (bytes === 1) return '1 byte'
  const power = Math.min(bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3), UNITS.length - 1)
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(value < 100 ? 2 : 1)} ${UNITS[power]}`
}

/** How much is done, in whole percent; nothing of nothing is all of it. */
export function percent(done: number, total: number): number {
  return total === 0 ? 100 : Math.floor((done / total) * 100)
}
