import { parseArgs } from 'node:util'
import rules from '../rules'
import { OPTIONS_HELP, parseServerOptions, SERVER_OPTIONS, type ServerOptions } from './options'
import { startWebServer, type WebServer } from './start'

const HELP = `Serves /sts, /signed-url, /post-policy and /upload-callback in one process, with the settings in the environment.

  node index.js [--host H] [--port N]

${OPTIONS_HELP}
  --help               prints this`

type ListenError = NodeJS.ErrnoException & { port?: number; address?: string }

/** Starts the server with the rules that it was built with. */
export function start(options: ServerOptions): Promise<WebServer> {
  return startWebServer(rules, options)
}

/** Serves until SIGTERM or SIGINT; resolves to the exit status: 1 if the start failed or a request was cut off. */
export async function serve(options: ServerOptions): Promise<number> {
  const stopping = waitForSignal()
  try {
    const server = await start(options)
    writeLine('info', 'listening', { url: server.url })
    await stopping
    writeLine('info', 'stopping', {})
    const isDone = await server.stop()
    writeLine(isDone ? 'info' : 'error', isDone ? 'stopped' : 'stopped too early', {})
    return isDone ? 0 : 1
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`)
    return 1
  }
}

function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => resolve())
  })
}

function writeLine(level: string, event: string, fields: object): void {
  process.stdout.write(`${JSON.stringify({ level, event, ...fields })}\n`)
}

function explain(error: unknown): string {
  const { code, message, port, address } = error as ListenError
  if (code === 'EADDRINUSE') return `Port ${port} is in use. Choose another with --port N.`
  if (code === 'EACCES') return `Port ${port} may not be used. Choose one above 1023 with --port N.`
  if (code === 'EADDRNOTAVAIL') return `${address} is not an address of this machine: see --host.`
  return message
}

async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = { ...SERVER_OPTIONS, help: { type: 'boolean' } } as const
    const { help, ...values } = parseArgs({ args: [...argv], options }).values
    if (help) {
      console.log(HELP)
      return 0
    }
    const parsed = parseServerOptions(values)
    if (parsed.issues.length > 0) throw new Error(parsed.issues.join('\n'))
    return await serve(parsed.options)
  } catch (error) {
    console.error(`${(error as Error).message}\nTry --help.`)
    return 2
  }
}

if (require.main === module) void main(process.argv.slice(2)).then((status) => process.exit(status))
