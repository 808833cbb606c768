const LEVELS = ['debug', 'info', 'warn', 'error'] as const

/** The level of a log line. */
export type LogLevel = (typeof LEVELS)[number]

type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

/** Writes one line of JSON. Callers must not pass a token, secret, signature, policy or signed URL. */
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void

/** Creates a log that writes the lines of level `least` and above. */
export function createLog(least: LogLevel, write: (line: string) => void): Log {
  return (level, event, fields = {}) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return
    write(JSON.stringify({ level, event, ...fields }))
  }
}
