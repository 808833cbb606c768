// Covers server/web-server.ts and server/start.ts, as they are deployed.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { share } from '../support/share'
import { until } from '../support/until'
import { builtServer, killServers, startProcess } from './support/process'

beforeAll(builtServer, 60_000)
afterAll(killServers)

/** An identity provider that answers when the test says so: a request whose token it must verify waits. */
async function openProvider() {
  const waiting: ServerResponse[] = []
  const server = createServer((_, response) => waiting.push(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const answer = () => {
    for (const response of waiting.splice(0)) response.end('{"keys":[]}')
  }
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${port}/jwks`, waiting: () => waiting.length, answer, close }
}

const provider = share(openProvider)

/** Starts a server, and sends it a request that waits for the provider. */
async function startWaiting(...args: string[]) {
  const environment = { AUTH_JWKS_URL: provider().url, AUTH_SECRET: '' }
  const server = await startProcess(args, environment)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iss: 'https://login.example.com', sub: 'a', aud: 'oss-direct', exp: 9e9 }
  const token = `${part({ alg: 'RS256', kid: 'k' })}.${part(claims)}.c2lnbmF0dXJl`
  const answer = fetch(`${server.url}/signed-url`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: '{"operation":"rules"}',
  }).then(
    ({ status, headers }) => [status, headers.get('connection')],
    () => 'reset',
  )
  await until(() => provider().waiting() > 0)
  return { server, answer }
}

it('says that it is well, and nothing else, to anyone', async () => {
  const server = await startProcess()
  const health = await fetch(`${server.url}/healthz`)
  expect([health.status, await health.text()]).toEqual([200, 'ok\n'])
  expect(health.headers.get('connection')).toBe('keep-alive')
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  server.kill('SIGTERM')
  expect(await server.ended).toBe(0)
})

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it('ends it with 0 after the requests that run, and no new connection is accepted', async () => {
    const { server, answer } = await startWaiting()
    server.kill(signal)
    await until(() => server.output().includes('"event":"stopping"'))
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
    provider().answer()
    expect(await answer).toEqual([401, 'close'])
    expect(await server.ended).toBe(0)
    expect(server.output()).toContain('"event":"stopped"}')
  })
})

it('cuts off what runs for longer than it may, and ends with 1', async () => {
  const { server, answer } = await startWaiting('--stop-seconds', '0')
  server.kill('SIGTERM')
  expect(await answer).toBe('reset')
  expect(await server.ended).toBe(1)
  expect(server.output()).toContain('"level":"error","event":"stopped too early"')
  provider().answer()
})

it('does not start with wrong settings, and lists them all, credentials too', async () => {
  const server = await startProcess([], {}, { OSS_REGION: 'oss-cn-hangzhou' })
  expect(await server.ended).toBe(1)
  expect(server.output().split('\n')).toEqual([
    'The settings are wrong:',
    ...['OSS_BUCKET', 'OSS_REGION', 'TICKET_SECRETS', 'CALLBACK_URL', 'STS_ROLE_ARN'].map((name) =>
      expect.stringContaining(`  ${name}: `),
    ),
    ...['AUTH_ISSUER', 'AUTH_AUDIENCE'].map((name) => expect.stringContaining(`  ${name}: `)),
    expect.stringContaining('There are no credentials. Set one of these: ALIBABA_CLOUD_ACCESS_'),
    '',
  ])
})

it('does not start where the port is in use, and says what to do', async () => {
  const first = await startProcess()
  const second = await startProcess(['--port', new URL(first.url).port])
  expect(await second.ended).toBe(1)
  expect(second.output()).toMatch(/^Port \d+ is in use\. Choose another with --port N\.\n$/)
})

it.each([
  [['--port', '65536'], '--port must be a number from 0 to 65535, not 65536'],
  [['--prot'], "Unknown option '--prot'"],
  [['more'], "Unexpected argument 'more'"],
])('does not understand %j, and ends with 2', async (args, message) => {
  const server = await startProcess(args)
  expect(await server.ended).toBe(2)
  expect(server.output()).toContain(message)
  expect(server.output()).toContain('Try --help.')
})

it('explains itself', async () => {
  const server = await startProcess(['--help'])
  expect(await server.ended).toBe(0)
  expect(server.output()).toContain('--trusted-proxies N')
})
