/** Where the server listens, and how it stops. */
export type ServerOptions = {
  host: string
  port: number
  trustedProxies: number
  stopSeconds: number
}

/** The options of the command line, each with a value. */
export const SERVER_OPTIONS = {
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '8080' },
  'trusted-proxies': { type: 'string', default: '0' },
  'stop-seconds': { type: 'string', default: '20' },
} as const

/** The lines of the help text for these options. */
export const OPTIONS_HELP = `  --host H             listens here (127.0.0.1); 0.0.0.0 in a container
  --port N             the port (8080), 0 for a free one; Function Compute calls 9000
  --trusted-proxies N  how many proxies in front append to X-Forwarded-For (0)
  --stop-seconds N     how long SIGTERM waits for the requests that run (20)`

const MAX_PORT = 65_535
const MAX_PROXIES = 10
const MAX_STOP_SECONDS = 600

/** Parses the values of a command line; `issues` has one sentence for each that is wrong. */
export function parseServerOptions(values: Readonly<Record<string, string | undefined>>): {
  options: ServerOptions
  issues: string[]
} {
  const issues: string[] = []
  const integer = (name: keyof typeof SERVER_OPTIONS, max: number) => {
    const text = values[name] ?? SERVER_OPTIONS[name].default
    const isValid = /^\d{1,5}$/.test(text) && Number(text) <= max
    if (!isValid) issues.push(`--${name} must be a number from 0 to ${max}, not ${text}`)
    return Number(text)
  }
  const options = {
    host: values.host || SERVER_OPTIONS.host.default,
    port: integer('port', MAX_PORT),
    trustedProxies: integer('trusted-proxies', MAX_PROXIES),
    stopSeconds: integer('stop-seconds', MAX_STOP_SECONDS),
  }
  return { options, issues }
}
