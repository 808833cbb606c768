const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Formats a size in binary units: "6.2 MiB", "512 bytes". */
export function formatBytes(bytes: number): string {
  if (bytes === 1) return '1 byte'
  let value = bytes
  let power = 0
  while (round(value) >= 1024 && power < UNITS.length - 1) {
    value /= 1024
    power += 1
  }
  return `${round(value)} ${UNITS[power]}`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** Returns the progress in whole percent; 100 if `total` is 0. */
export function percent(done: number, total: number): number {
  return total === 0 ? 100 : Math.floor((done / total) * 100)
}
