import { sendRaw } from './fc/support/fixtures'
import { openCloud } from './support/client'
import { findPort } from './support/free-ports'

type Seen = { status: number; retryAfter: string | null }

/**
 * Polls a URL until it no longer returns 503; returns the statuses, or that it refused connections.
 */
async function poll(url: string, init: RequestInit = {}): Promise<Seen[]> {
  const seen: Seen[] = []
  for (;;) {
    const answer = await fetch(url, init).catch(() => undefined)
    if (answer) seen.push({ status: answer.status, retryAfter: answer.headers.get('retry-after') })
    if (answer && answer.status !== 503) return seen
    await new Promise((done) => setImmediate(done))
  }
}

it('answers 503 with Retry-After at every port until everything is there, and then everything', async () => {
  const port = await findPort()
  const at = (offset: number, path: string) => `http://127.0.0.1:${port + offset}${path}`
  const token: RequestInit = { method: 'POST', body: '{"sub":"alice"}' }
  const routes: [url: string, init: RequestInit, status: number][] = [
    [at(0, '/local/info'), {}, 200],
    [at(0, '/local/token'), token, 200],
    [at(0, '/local/events'), {}, 200],
    [at(0, '/'), {}, 200],
    [at(0, '/post-policy'), { method: 'POST', body: '{}' }, 401],
    [at(1, '/local-bucket/none'), {}, 403],
    [at(2, '/'), {}, 404],
  ]
  const first = poll(at(0, '/local/info')).then((seen) =>
    Promise.all(
      routes.map(async ([url, init]) => [seen, (await fetch(url, init)).status] as const),
    ),
  )
  const polls = routes.map(([url, init]) => poll(url, init))
  const [cloud, afterInfo, ...answers] = await Promise.all([openCloud({ port }), first, ...polls])
  expect(afterInfo.map(([, status]) => status)).toEqual(routes.map(([, , status]) => status))
  for (const [index, seen] of answers.entries()) {
    const before = seen.slice(0, -1)
    expect(before.every((one) => one.status === 503 && one.retryAfter === '1')).toBe(true)
    expect(seen.at(-1)).toEqual({ status: routes[index]?.[2], retryAfter: null })
  }
  // The gateway, OSS and STS each received requests while the functions were being built.
  expect(answers.every((seen) => seen.length > 1)).toBe(true)
  await cloud.close()
}, 60_000)

describe('a host', () => {
  const request = (host: string, path: string, origin = '') =>
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${origin && `Origin: ${origin}\r\n`}Connection: close\r\n\r\n`

  async function open(options: Parameters<typeof openCloud>[0] = {}) {
    const lines: string[] = []
    const log = (line: string) => lines.push(line)
    const { info } = await openCloud({ only: ['oss', 'sts'], log, ...options })
    const ports = [info.gateway, info.oss, info.sts].map((url) => Number(new URL(url).port))
    /** Returns the statuses of the gateway, OSS and STS for this host. */
    const ask = async (host: string) => {
      const paths = ['/local/info', '/local-bucket/none', '/none']
      const answers = ports.map((port, i) => sendRaw(port, request(host, paths[i] ?? '/')))
      return (await Promise.all(answers)).map((text) => text.slice(9, 12))
    }
    const fromPage = (origin: string, host: string) =>
      sendRaw(ports[0] ?? 0, request(host, '/local/info', origin))
    return { ask, fromPage, lines }
  }
  const TAKEN = ['200', '403', '404']
  const isRefused = ['403', '403', '403']

  it.each(['localhost', 'LOCALHOST:9000', '127.0.0.1:80', '127.8.9.10', '[::1]:9001'])(
    'called %s is taken at every port',
    async (host) => {
      expect(await (await open()).ask(host)).toEqual(TAKEN)
    },
  )

  it('called <bucket>.localhost is the bucket', async () => {
    const { ask } = await open()
    expect((await ask('local-bucket.localhost:9001'))[1]).toBe('403')
    expect((await ask('no-such-bucket.localhost:9001'))[1]).toBe('404')
  })

  it.each([
    'evil.example',
    'evil.example:9000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhostevil',
    '128.0.0.1',
    '192.168.1.5:9000',
    'local-bucket.oss-cn-hangzhou.aliyuncs.com',
    '',
  ])('called %j is refused at every port, with the way out', async (host) => {
    const { ask, lines } = await open()
    expect(await ask(host)).toEqual(isRefused)
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/is not one of the local cloud.*--endpoint-hosts/)
  })

  it('is taken when an option names it, with its buckets', async () => {
    const { ask, fromPage } = await open({
      endpointHosts: ['cloud.test', 'oss-cn-hangzhou.aliyuncs.com'],
    })
    expect(await ask('cloud.test:9000')).toEqual(TAKEN)
    expect((await ask('no-such-bucket.oss-cn-hangzhou.aliyuncs.com'))[1]).toBe('404')
    expect(await ask('acloud.test')).toEqual(isRefused)
    expect(await ask('oss-cn-beijing.aliyuncs.com')).toEqual(isRefused)
    expect(await fromPage('http://cloud.test:9000', 'cloud.test:9000')).toContain('200 OK')
    expect(await fromPage('http://evil.example', 'cloud.test:9000')).toContain('403 Forbidden')
  })

  it('may be any address, but no name, where the cloud listens on all', async () => {
    const { ask } = await open({ host: '0.0.0.0' })
    expect(await ask('192.168.1.5:9000')).toEqual(TAKEN)
    expect(await ask('evil.example')).toEqual(isRefused)
  })

  it.each([['a b'], ['app.test:3000'], ['http://app.test']])('is no option as %s', async (name) => {
    await expect(open({ endpointHosts: [name] })).rejects.toThrow('endpointHosts.0: must be a host')
  })
})
