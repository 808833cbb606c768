import { randomUUID } from 'node:crypto'
import { Agent, type IncomingMessage, request as open } from 'node:http'
import type { SessionCredentials } from '../ram/types'
import { type GatewayRequest, toPairs } from './event'
import {
  contextOf,
  type FunctionSpec,
  type FunctionsOptions,
  fcEnvironment,
  RENEW_BEFORE_MS,
} from './functions'
import { type ServerInstance, startServerInstance } from './instance'

/** The function with a custom runtime: a web server that receives requests as they are. */
export type WebFunction = {
  /** Starts the server; `use` puts it in the place of the one before, `stop` gives it up. */
  prepare: (spec: FunctionSpec) => Promise<{ use: () => Promise<void>; stop: () => Promise<void> }>
  /** Forwards a request; resolves to what a function would have returned, as a string. */
  forward: (request: GatewayRequest, requestId: string) => Promise<string>
  close: () => Promise<void>
}

type Deployed = { spec: FunctionSpec; credentials: SessionCredentials; server: ServerInstance }
type Options = Pick<FunctionsOptions, 'accountId' | 'region' | 'now' | 'clock' | 'log'>

const DEFAULT_TIMEOUT_SECONDS = 10
// Headers of the gateway, of which a client can send none, and those of the connection.
const REPLACED =
  /^(?:x-fc-.*|connection|keep-alive|transfer-encoding|content-length|expect|x-forwarded-for)$/i

/** Creates the function; nothing is deployed yet. */
export function createWebFunction(options: Options): WebFunction {
  const agent = new Agent({ keepAlive: true })
  let current: Deployed | undefined

  async function prepare(spec: FunctionSpec) {
    const credentials = spec.openSession()
    const server = await startServerInstance(
      {
        ...{ file: spec.file, clock: options.clock },
        env: { ...fcEnvironment(spec.name, credentials, options), ...spec.env },
        context: contextOf(spec, credentials, options, randomUUID()),
        log: (line) => options.log(spec.name, line),
      },
      { trustedProxies: 1 },
    )
    const use = async () => {
      const before = current
      current = { spec, credentials, server }
      await before?.server.stop()
    }
    return { use, stop: server.stop }
  }

  async function forward(request: GatewayRequest, requestId: string): Promise<string> {
    if (!current) throw new Error('There is no web server')
    if (current.credentials.expiresAt - options.now() < RENEW_BEFORE_MS) {
      current.credentials = current.spec.openSession()
    }
    const { spec, credentials, server } = current
    const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = spec
    const outgoing = open({
      ...{ agent, host: '127.0.0.1', port: server.port },
      ...{ method: request.method, path: request.url },
      headers: toHeaders(request, { credentials, requestId, name: spec.name, ...options }),
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    })
    return new Promise((resolve, reject) => {
      outgoing.once('error', reject)
      outgoing.once('response', (incoming) => toReturned(incoming).then(resolve, reject))
      outgoing.end(request.body)
    })
  }

  return {
    prepare,
    forward,
    close: async () => {
      agent.destroy()
      await current?.server.stop()
    },
  }
}

type Sent = Pick<Options, 'accountId' | 'region'> & {
  credentials: SessionCredentials
  requestId: string
  name: string
}

// Function Compute 3.0: custom runtimes, request headers.
function toHeaders(
  { rawHeaders, body, sourceIp }: GatewayRequest,
  { credentials, requestId, name, accountId, region }: Sent,
): string[] {
  const pairs = toPairs(rawHeaders)
  const hops = pairs.filter(([header]) => /^x-forwarded-for$/i.test(header))
  return [
    ...pairs.filter(([header]) => !REPLACED.test(header)),
    ['content-length', String(body.length)],
    ['x-forwarded-for', [...hops.map(([, hop]) => hop), sourceIp].join(', ')],
    ['x-fc-request-id', requestId],
    ['x-fc-access-key-id', credentials.accessKeyId],
    ['x-fc-access-key-secret', credentials.accessKeySecret],
    ['x-fc-security-token', credentials.securityToken],
    ['x-fc-function-name', name],
    ['x-fc-account-id', accountId],
    ['x-fc-region', region],
  ].flat()
}

async function toReturned(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return JSON.stringify({
    statusCode: incoming.statusCode,
    headers: incoming.headers,
    isBase64Encoded: true,
    body: Buffer.concat(chunks).toString('base64'),
  })
}
