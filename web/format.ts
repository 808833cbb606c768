const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** Formats a size in decimal units: "20.97 MB", "512 bytes". */
export function formatBytes(bytes: number): string {
  if (bytes === 1) return '1 byte'
  const power = Math.min(bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3), UNITS.length - 1)
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(value < 100 ? 2 : 1)} ${UNITS[power]}`
}

/** Returns the progress in whole percent; 100 if `total` is 0. */
export function percent(done: number, total: number): number {
  return total === 0 ? 100 : Math.floor((done / total) * 100)
}
