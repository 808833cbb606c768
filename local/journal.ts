import type { GatewayLogEntry } from './fc/gateway'
import type { LogEntry as OssLogEntry } from './oss/cloud'
import { blankSecrets } from './secrets'
import type { StsLogEntry } from './sts/server'

/** A request that one of the servers received, and what became of it. */
export type RequestRecord = { time: string } & (
  | ({ service: 'oss' } & OssLogEntry)
  | ({ service: 'sts' } & StsLogEntry)
  | ({ service: 'fc' } & GatewayLogEntry)
)

/** What something other than a request has to say: a function's console, or the cloud itself. */
export type Note = { time: string; source: string; text: string }

/** Keeps the latest requests and prints one line for each, and every note. */
export type Journal = {
  oss: (entry: OssLogEntry) => void
  sts: (entry: StsLogEntry) => void
  fc: (entry: GatewayLogEntry) => void
  note: (source: string, text: string) => void
  /** The latest thousand, oldest first. */
  requests: () => readonly RequestRecord[]
}

const KEPT = 1000

/** An empty journal; `format` writes what `print` and `printNote` get. */
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
    // OSS blanks its own, for those who run it alone.
    sts: (entry) => add({ time: time(), service: 'sts', ...blankSecrets(entry) }),
    fc: (entry) => add({ time: time(), service: 'fc', ...blankSecrets(entry) }),
    note: (source, text) => printNote(format({ time: time(), source, text })),
    requests: () => [...records],
  }
}

/** One line for a reader: time, service, method, what, who, the verdict and its reason. */
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

/** The same for a program: one JSON object. */
export function toJsonLine(event: RequestRecord | Note): string {
  return JSON.stringify(event)
}

function describe(record: RequestRecord): string[] {
  if (record.service === 'fc') return [quote(record.path)]
  if (record.service === 'sts') return [quote(record.action), quote(record.who)]
  const { bucket = '', key, who } = record
  return [quote(key === undefined ? `${bucket}/` : `${bucket}/${key}`), quote(who)]
}

// A name with spaces or controls must neither look like two words nor move the terminal's cursor.
function quote(text: string): string {
  return /^[\x21-\x7e]*$/.test(text) ? text : JSON.stringify(text).replace(/[\x7f-\x9f]/g, '?')
}
