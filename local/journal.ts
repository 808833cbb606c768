import type { GatewayLogEntry } from './fc/gateway'
import type { LogEntry as OssLogEntry } from './oss/cloud'
import { blankSecrets } from './secrets'
import type { StsLogEntry } from './sts/server'

/** A request that one of the servers received, and its outcome. */
export type RequestRecord = { time: string } & (
  | ({ service: 'oss' } & OssLogEntry)
  | ({ service: 'sts' } & StsLogEntry)
  | ({ service: 'fc' } & GatewayLogEntry)
)

/** A note from another source than a request: a function's console, or the cloud itself. */
export type Note = { time: string; source: string; text: string }

/** Keeps the latest requests and prints one line for each, and every note. */
export type Journal = {
  oss: (entry: OssLogEntry) => void
  sts: (entry: StsLogEntry) => void
  fc: (entry: GatewayLogEntry) => void
  note: (source: string, text: string) => void
  /** Returns the latest thousand, oldest first. */
  requests: () => readonly RequestRecord[]
}

const KEPT = 1000

/** Creates an empty journal; `format` formats the lines for `print` and `printNote`. */
export function createJournal(options: {
  /** Unix ms. */
  now: () => number
  print: (line: string) => void
  printNote: (line: string) => void
  format: (event: RequestRecord | Note) => string
}): Journal {
  const { now, print, printNote, format } = options
  const records: RequestRecord[] = []
  const time = () => new Date(now()).toISOString()
  function add(record: RequestRecord): void {
    records.push(record)
    if (records.length > KEPT) records.shift()
    print(format(record))
  }
  return {
    oss: (entry) => add({ time: time(), service: 'oss', ...entry }),
    // OSS blanks the secrets in its entries itself, for use without this journal.
    sts: (entry) => add({ time: time(), service: 'sts', ...blankSecrets(entry) }),
    fc: (entry) => add({ time: time(), service: 'fc', ...blankSecrets(entry) }),
    note: (source, text) => printNote(format({ time: time(), source, text })),
    requests: () => [...records],
  }
}

/** Formats one line for people: time, service, method, target, caller, result and reason. */
export function toLine(event: RequestRecord | Note): string {
  const time = event.time.slice(11, 19)
  if ('text' in event) return `${time} ${event.source.padEnd(4)}| ${event.text}`
  const { service, method, status } = event
  const words = [time, service.padEnd(4), method, ...describe(event), String(status)]
  const reason = [event.code, ...('ec' in event ? [event.ec] : [])].filter(Boolean).join(' ')
  const detail = 'detail' in event && event.detail ? [`(${quote(event.detail)})`] : []
  const fault = 'fault' in event && event.fault ? [`fault: ${event.fault}`] : []
  return [...words, ...(reason ? [reason] : []), ...detail, ...fault].join(' ')
}

/** Formats one JSON object for programs. */
export function toJsonLine(event: RequestRecord | Note): string {
  return JSON.stringify(event)
}

function describe(record: RequestRecord): string[] {
  if (record.service === 'fc') return [quote(record.path)]
  if (record.service === 'sts') return [quote(record.action), quote(record.who)]
  const { bucket = '', key, who } = record
  return [quote(key === undefined ? `${bucket}/` : `${bucket}/${key}`), quote(who)]
}

// Quoted, so that spaces do not split a name and control characters do not reach the terminal.
function quote(text: string): string {
  return /^[\x21-\x7e]*$/.test(text) ? text : JSON.stringify(text).replace(/[\x7f-\x9f]/g, '?')
}
