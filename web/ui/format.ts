import { locale, t } from '../i18n/i18n'

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const
const STEP = 1024

/** Formats a size in binary units, in the language that is shown: "6.2 MiB", "512 bytes". */
export function formatBytes(bytes: number): string {
  if (bytes < STEP) return t('ui.bytes', { bytes })
  let value = bytes / STEP
  let power = 0
  while (round(value) >= STEP && power < UNITS.length - 1) {
    value /= STEP
    power += 1
  }
  return `${number({ maximumFractionDigits: 1 }).format(round(value))} ${UNITS[power]}`
}

/** Formats a size to the byte: "5,242,881 bytes". */
export function formatExactBytes(bytes: number): string {
  return t('ui.bytes', { bytes })
}

/** Formats two sizes so that one can tell them apart: rounded where that will do, else to the byte. */
export function formatApart(one: number, other: number): readonly [string, string] {
  const rounded = [formatBytes(one), formatBytes(other)] as const
  if (rounded[0] !== rounded[1] || one === other) return rounded
  return [formatExactBytes(one), formatExactBytes(other)]
}

/** Formats a speed: "3.1 MiB/s". */
export function formatSpeed(bytesPerSecond: number): string {
  return t('ui.perSecond', { size: formatBytes(Math.round(bytesPerSecond)) })
}

/** Formats how long something takes, in the largest unit that fits: "8 sec", "3 min", "2 hr". */
export function formatDuration(seconds: number): string {
  const unit = seconds < 59.5 ? 'second' : seconds < 3570 ? 'minute' : 'hour'
  const each = { second: 1, minute: 60, hour: 3600 }[unit]
  const value = Math.max(1, Math.round(seconds / each))
  return number({ style: 'unit', unit, unitDisplay: 'short' }).format(value)
}

/** Formats a share from 0 to 1 in whole percent, rounded down: 100 % is all of it. */
export function formatShare(share: number): string {
  return number({ style: 'percent' }).format(Math.floor(share * 100) / 100)
}

/** Formats a date with its time of day. */
export function formatTime(time: Date | number): string {
  const options = { dateStyle: 'medium', timeStyle: 'short' } as const
  return new Intl.DateTimeFormat(tag(), options).format(time)
}

/** Returns the share of a whole that is done; 1 where the whole is empty. */
export function shareOf(done: number, total: number): number {
  return total === 0 ? 1 : Math.min(1, done / total)
}

const formats = new Map<string, Intl.NumberFormat>()

function number(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const name = JSON.stringify([tag(), options])
  const format = formats.get(name) ?? new Intl.NumberFormat(tag(), options)
  formats.set(name, format)
  return format
}

function tag(): string {
  return locale.value === 'zh' ? 'zh-CN' : 'en'
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
