import { parseArgs } from 'node:util'
import { type LocalCloud, startLocalCloud } from './cloud'
import { type LocalCloudOptions, type LocalInfo, PARTS, type Part } from './options'
import { readSeed } from './seed'

/** What the command was asked: a cloud with these options, or its help. */
export type Command = LocalCloudOptions | 'help'

/** A command line that can't be understood; the message says why. */
export class UsageError extends Error {}

const OPTIONS = {
  port: { type: 'string' },
  only: { type: 'string' },
  data: { type: 'string' },
  bucket: { type: 'string', multiple: true },
  rules: { type: 'string' },
  seed: { type: 'string' },
  clock: { type: 'string' },
  host: { type: 'string' },
  quiet: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

const HELP = `Starts OSS, STS and the functions on this machine.

  --port N       the gateway's port (9000); OSS and STS get the next two, 0 picks free ones
  --only PARTS   some of oss,sts,fc (all); fc is the functions and the page
  --data DIR     keeps objects here (a temporary folder)
  --bucket NAME  a bucket to make (local-bucket); may be given again
  --rules FILE   the rules (rules.ts)
  --seed FILE    keys, users and roles, as JSON
  --clock ISO    starts at this time
  --host H       listens here (127.0.0.1)
  --quiet        prints no line for each request
  --json         prints JSON, one object a line
  --help         prints this`

const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

/** Runs the local cloud until a signal ends it; resolves to the exit status. */
export async function serve(argv: readonly string[]): Promise<number> {
  const stopping = waitForSignal()
  try {
    const command = parseCommand(argv)
    if (command === 'help') {
      console.log(HELP)
      return 0
    }
    // A signal during the start stops the cloud as soon as it has started.
    const cloud = await startLocalCloud({ ...command, watch: true })
    greet(command, cloud)
    await stopping
    await cloud.close()
    return 0
  } catch (error) {
    console.error(explain(error))
    return error instanceof UsageError ? 2 : 1
  }
}

/** The command in these arguments; throws a `UsageError` where there is none. */
export function parseCommand(argv: readonly string[]): Command {
  const values = parseOptions(argv)
  if (values.help) return 'help'
  const { port, only, data, bucket, rules, seed, clock, host, quiet, json } = values
  return {
    ...(port !== undefined && { port: parsePort(port) }),
    ...(only !== undefined && { only: parseParts(only) }),
    ...(data !== undefined && { dataDir: data }),
    ...(bucket !== undefined && { buckets: bucket.map(parseBucket) }),
    ...(rules !== undefined && { rules }),
    ...(seed !== undefined && { seed: readSeed(seed) }),
    ...(clock !== undefined && { clock: parseTime(clock) }),
    ...(host !== undefined && { host }),
    ...(quiet !== undefined && { quiet }),
    ...(json !== undefined && { json }),
  }
}

function parseOptions(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  // The two ports after it are ours as well.
  if (port <= 65_533) return port
  throw new UsageError(`--port must be a number from 0 to 65533, not "${text}"`)
}

function parseParts(text: string): Part[] {
  const names = text.split(',')
  const parts = PARTS.filter((part) => names.includes(part))
  if (parts.length === names.length) return parts
  throw new UsageError(`--only must be some of ${PARTS.join(',')}, not "${text}"`)
}

function parseBucket(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(text)) return text
  throw new UsageError(`--bucket must be 3 to 63 of a-z 0-9 -, not "${text}"`)
}

function parseTime(text: string): string {
  if (!Number.isNaN(Date.parse(text))) return text
  throw new UsageError(`--clock must be an ISO time such as 2026-01-02T03:04:05Z, not "${text}"`)
}

function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

function greet(options: LocalCloudOptions, { info }: LocalCloud): void {
  const { host = '127.0.0.1', json, only = PARTS } = options
  if (!LOOPBACK.includes(host)) {
    console.error(`WARNING: listening on ${host}: whoever reaches it can use the public seed keys.`)
  }
  console.log(json ? JSON.stringify({ event: 'started', ...info }) : describe(info, only))
}

function describe(info: LocalInfo, only: readonly Part[]): string {
  const hasFunctions = only.includes('fc')
  const rows = [
    ['Page', hasFunctions && `${info.gateway}/`],
    ['Functions', hasFunctions && info.gateway],
    ['OSS', info.oss && `${info.oss}/${info.bucket}`],
    ['STS', info.sts],
    ['All of it', `${info.gateway}/local/info`],
  ].filter((row): row is [string, string] => Boolean(row[1]))
  return [
    'The local cloud is running.',
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}`),
    '',
    ...(hasFunctions
      ? [
          'A token for the caller alice:',
          `  curl -s ${info.gateway}/local/token -d '{"sub":"alice","claims":{"plan":"pro"}}'`,
          '',
        ]
      : []),
    'Ctrl-C stops it.',
    '',
  ].join('\n')
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof UsageError) return `${error.message}\nTry --help.`
  const { code, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code !== 'EADDRINUSE') return error.message
  return `Port ${port} is taken. Choose another with --port N (N, N+1 and N+2 are used), or --port 0.`
}
