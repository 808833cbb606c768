import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Identity, loadEnv } from '../shared/env/env'
import type { Log } from '../shared/log'
import type { Rules } from '../shared/rules/rules'
import { chooseSource, createCredentials } from './credentials'
import { USABLE_SECONDS } from './keep-fresh'
import { createListener } from './listener'
import type { ServerOptions } from './options'
import { isDeclaredTooLarge } from './request'
import { toRoutes } from './routes'

type Environment = Readonly<Record<string, string | undefined>>

/** A running web server. */
export type WebServer = {
  url: string
  port: number
  /** Stops listening and finishes what runs, for `stopSeconds` at most; resolves to false if something was cut off. */
  stop: () => Promise<boolean>
}

type StartContext = { environment?: Environment; limits?: typeof LIMITS }

/** What a connection may take, in milliseconds and bytes. @internal */
export const LIMITS = {
  // Longer than the idle time of a load balancer, which would otherwise send a request to a connection that is closing.
  keepAliveTimeout: 75_000,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  // Node's own interval of 30 s would let a slow client stay three times as long.
  connectionsCheckingInterval: 2000,
  // A token has up to 8 KB.
  maxHeaderSize: 16_384,
}

/** Loads the settings, finds credentials and listens; rejects with every issue of the settings, or what is missing. */
export async function startWebServer(
  rules: Rules,
  options: ServerOptions,
  { environment = process.env, limits = LIMITS }: StartContext = {},
): Promise<WebServer> {
  const loaded = tryLoad(() => loadEnv(rules, 'web-server', { environment }))
  const routed = tryLoad(() => loaded.value && toRoutes(loaded.value.settings.callbackUrl))
  const chosen = tryLoad(() => chooseSource(environment))
  if (!loaded.value || !routed.value || !chosen.value) {
    const faults = [loaded, routed, chosen].flatMap(({ fault }) => fault ?? [])
    throw new Error(faults.join('\n'))
  }
  const [source, routes] = [loaded.value, routed.value]
  const find = createCredentials(chosen.value, {
    log: source.log,
    stsEndpoint: source.settings.sts.endpoint,
  })
  const isFc = chosen.value === 'function'
  const accountId = isFc ? environment.FC_ACCOUNT_ID : accountOf(source.settings.sts.roleArn)
  const identify = async (headers: IncomingHttpHeaders): Promise<Identity> => ({
    credentials: await find(headers),
    accountId: accountId ?? '',
  })
  // Elsewhere than in Function Compute they do not depend on a request, so what is wrong with them is found here.
  if (!isFc) await identify({}).catch(failWithCause)
  if (chosen.value !== 'function' && 'type' in chosen.value.opened)
    warnOfLifetimes(rules, source.log)
  let isStopping = false
  const listener = createListener({
    ...{ routes, source, identify, isStopping: () => isStopping },
    network: { isFc, trustedProxies: options.trustedProxies },
  })
  const server = createServer(limits, listener)
  server.on('checkContinue', (message, response) => {
    if (!isDeclaredTooLarge(message)) response.writeContinue()
    listener(message, response)
  })
  await listen(server, options)
  const { address, port, family } = server.address() as AddressInfo
  const stop = () => {
    isStopping = true
    return close(server, options.stopSeconds)
  }
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`, port, stop }
}

type Loaded<Value> = { value?: Value; fault?: string }

// What is wrong is listed together.
function tryLoad<Value>(load: () => Value): Loaded<Value> {
  try {
    return { value: load() }
  } catch (error) {
    return { fault: (error as Error).message }
  }
}

// What is signed ends with the credentials that signed it.
function warnOfLifetimes(rules: Rules, log: Log): void {
  const all = [...rules.values()].flatMap(({ upload, download }) => [upload, download])
  const longest = Math.max(...all.map((each) => each?.ttlSeconds ?? 0))
  if (longest <= USABLE_SECONDS) return
  log('warn', 'signed URLs may end before their ttlSeconds', { longest, certain: USABLE_SECONDS })
}

// The delegate role is of the account that the server's role is of.
function accountOf(roleArn: string): string | undefined {
  return /^acs:ram::(\d+):/.exec(roleArn)?.[1]
}

function failWithCause(error: unknown): never {
  const { cause } = error as Error
  throw cause instanceof Error ? cause : error
}

function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function close(server: Server, seconds: number): Promise<boolean> {
  let isCut = false
  // This closes idle connections, too.
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const limit = setTimeout(() => {
    isCut = true
    server.closeAllConnections()
  }, seconds * 1000)
  await closed
  clearTimeout(limit)
  return !isCut
}
