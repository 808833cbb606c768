import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { createListener } from '../../../server/listener'
import type { Network } from '../../../server/request'
import type { Route } from '../../../server/routes'
import { LIMITS, startWebServer, type WebServer } from '../../../server/start'
import { loadEnv } from '../../../shared/env/env'
import { json } from '../../../shared/http/answer'
import { defineRules } from '../../../shared/rules/rules'
import { ENVIRONMENT } from '../../env/support/settings-example'

/** A complete environment outside Function Compute. */
export const SERVER_ENVIRONMENT = {
  ...ENVIRONMENT,
  CORS_ORIGINS: 'https://app.example.com',
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIenvironment',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret-of-the-environment',
}

export const RULES = defineRules({
  a: { key: 'a/{sub}/{uuid}', upload: { contentTypes: ['text/plain'], maxBytes: 1000 } },
})

const open = new Set<() => unknown>()

/** Closes what a test that failed left open. */
export async function closeServers(): Promise<void> {
  await Promise.all([...open].map((close) => close()))
}

type Changes = {
  environment?: Readonly<Record<string, string | undefined>>
  limits?: Partial<typeof LIMITS>
  stopSeconds?: number
}

/** Starts the server on a free port, in this environment. */
export async function openServer({
  environment = {},
  limits = {},
  stopSeconds = 5,
}: Changes = {}): Promise<WebServer> {
  const server = await startWebServer(
    RULES,
    { host: '127.0.0.1', port: 0, trustedProxies: 0, stopSeconds },
    {
      environment: { ...SERVER_ENVIRONMENT, LOG_LEVEL: 'error', ...environment },
      limits: { ...LIMITS, ...limits },
    },
  )
  open.add(server.stop)
  return server
}

/** Serves one route, `/echo`, that answers with the request that it received, its body in base64. */
export async function openEcho(network: Partial<Network> = {}, route: Partial<Route> = {}) {
  const lines: string[] = []
  const source = loadEnv(RULES, 'web-server', {
    environment: SERVER_ENVIRONMENT,
    write: (line) => lines.push(line),
  })
  const echo: Route = {
    answer: async (request) => json({ ...request, body: request.body.toString('base64') }),
  }
  const listener = createListener({
    routes: new Map([['/echo', { ...echo, ...route }]]),
    source,
    network: { isFc: false, trustedProxies: 0, ...network },
    identify: async () => ({
      credentials: { accessKeyId: 'i', accessKeySecret: 's' },
      accountId: '1',
    }),
    isStopping: () => false,
  })
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  open.add(close)
  return { port, url: `http://127.0.0.1:${port}`, lines, close }
}

/** Sends these bytes over a connection of their own, and returns all that comes back until it is closed. */
export function sendRaw(port: number, bytes: string | Buffer, end = true): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => (end ? socket.end(bytes) : socket.write(bytes)))
    socket.on('data', (chunk) => chunks.push(chunk))
    // A reset closes it, too.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
  })
}

/** The JSON body of a raw response. */
export function bodyOf(response: string) {
  return JSON.parse(response.slice(response.indexOf('\r\n\r\n') + 4))
}

/** The header of a caller, signed with the secret of the environment. */
export function bearer(sub: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = {
    iss: ENVIRONMENT.AUTH_ISSUER,
    aud: ENVIRONMENT.AUTH_AUDIENCE,
    ...{ sub, exp: Math.floor(Date.now() / 1000) + 600 },
  }
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  const mac = createHmac('sha256', ENVIRONMENT.AUTH_SECRET ?? '').update(signed)
  return `Bearer ${signed}.${mac.digest('base64url')}`
}

/** Requests a form, and returns the AccessKey that signed it and its token, or the problem. */
export async function signerOf(url: string, headers: Record<string, string> = {}, rule = 'a') {
  const answer = await fetch(`${url}/post-policy`, {
    method: 'POST',
    headers: { authorization: bearer('alice'), ...headers },
    body: JSON.stringify({ rule, filename: 'a.txt', contentType: 'text/plain' }),
  })
  const { fields, code } = (await answer.json()) as { fields?: Form; code?: string }
  if (!fields) return code
  return [fields['x-oss-credential']?.split('/')[0], fields['x-oss-security-token']]
}

type Form = Record<string, string>
