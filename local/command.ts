import { packageVersion, UsageError } from '../tools/command-line'
import { parseCommand } from './arguments'
import { type LocalCloudOptions, type LocalInfo, SERVICES, type Service } from './options'
import { type LocalCloud, startLocalCloud } from './start'

const HELP = `Starts OSS, STS and the functions on this machine.

  --port N       the gateway's port (9000); OSS and STS get the next two, 0 picks free ones
  --only NAMES   some of oss,sts,fc (all); fc is the functions and the page
  --data DIR     keeps objects here (a temporary folder)
  --bucket NAME  a bucket to create (local-bucket); can be repeated
  --rules FILE   the rules (rules.ts)
  --env FILE     settings of the functions, such as FORM_REDIRECTS; those in the environment count too
  --seed FILE    keys, users and roles, as JSON
  --clock ISO    starts at this time
  --host H       listens here (127.0.0.1)
  --endpoint-hosts NAMES  further host names that are served, such as a container's
  --callback-hosts NAMES  hosts that callbacks may use beside the gateway: name or name:port
  --instances N  the maximum number of instances of a function (one for each core)
  --quiet        prints no line for each request; faults and functions' consoles go to stderr
  --json         prints JSON, one object per line
  --help         prints this; --version the version

Example:
  oss-direct local --port 0 --only oss,sts`

const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

type ListenError = NodeJS.ErrnoException & { port?: number; address?: string; hostname?: string }

// Messages for servers that cannot listen, with the remedy.
const LISTEN_ERRORS: Readonly<Record<string, (error: ListenError) => string | undefined>> = {
  EADDRINUSE: ({ port }) =>
    `Port ${port} is in use. Choose another with --port N (N, N+1 and N+2 are used), or --port 0.`,
  EACCES: ({ syscall, port }) =>
    syscall === 'listen'
      ? `Port ${port} may not be used. Choose one above 1023 with --port N, or --port 0.`
      : undefined,
  EADDRNOTAVAIL: ({ address }) => noAddress(address),
  ENOTFOUND: ({ hostname }) => noAddress(hostname),
}

/** Runs the local cloud until a signal ends it; resolves to the exit status. */
export async function serve(argv: readonly string[]): Promise<number> {
  const stopping = waitForSignal()
  try {
    const command = parseCommand(argv, process.env)
    if (typeof command === 'string') {
      console.log(command === 'help' ? HELP : packageVersion())
      return 0
    }
    for (const note of command.notes) console.error(note)
    // A signal during the start stops the cloud once it has started.
    const cloud = await startLocalCloud({ ...command.options, watch: true })
    greet(command.options, cloud)
    await stopping
    await cloud.close()
    return 0
  } catch (error) {
    console.error(explain(error))
    return error instanceof UsageError ? 2 : 1
  }
}

function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

function greet(options: LocalCloudOptions, { info }: LocalCloud): void {
  const { host = '127.0.0.1', json, only = SERVICES } = options
  if (!LOOPBACK.includes(host)) {
    console.error(
      `WARNING: listening on ${host}: anyone who can connect can use the public seed keys.`,
    )
  }
  console.log(json ? JSON.stringify({ event: 'started', ...info }) : describe(info, only))
}

function describe(info: LocalInfo, only: readonly Service[]): string {
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
  const { code = '' } = error as ListenError
  return LISTEN_ERRORS[code]?.(error) ?? error.message
}

function noAddress(host = ''): string {
  return `${host} is not an address of this machine. Choose another with --host H.`
}
