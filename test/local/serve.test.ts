import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startLocalCloud } from '../../local/start'
import { localCommand } from '../support/bundle'
import { until } from '../support/until'
import { findPort } from './support/free-ports'

const ROOT = resolve(__dirname, '../..')
const RULES = join(ROOT, 'test/support/rules/notes.ts')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
})
const children: ChildProcess[] = []
afterEach(() => {
  // One that a failed test left would run on, or spin, after the tests.
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

// The command of `npm start`, and that of the package.
const SOURCE = ['--import', 'tsx', 'local/serve.ts']
let bundle: string[] = []
beforeAll(async () => {
  bundle = [await localCommand(), 'local']
})

type Run = { child: ChildProcess; output: () => string; ended: Promise<number | null> }

/** Runs the command with a separate folder for temporary files. */
function run(options: string[], command = bundle, settings: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [...command, ...options], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: folder, NODE_EXTRA_CA_CERTS: '', ...settings },
  })
  children.push(child)
  let text = ''
  const collect = (chunk: Buffer) => {
    text += chunk
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { child, output: () => text, ended }
}

it.each([
  ['SIGINT', 'the source', () => SOURCE],
  ['SIGTERM', 'the bundle', () => bundle],
] as const)(
  'prints where everything is, and ends with 0 and an empty temporary folder at %s, from %s',
  async (signal, _, command) => {
    const { child, output, ended } = run(['--port', '0', '--rules', RULES], command())
    await until(() => output().includes('Ctrl-C stops it.'))
    const gateway = /Functions +(\S+)/.exec(output())?.[1]
    const curl = /curl .*$/m.exec(output())?.[0] ?? ''
    expect(curl).toContain(`${gateway}/local/token`)
    expect((await fetch(`${gateway}/local/info`)).status).toBe(200)
    child.kill(signal)
    expect(await ended).toBe(0)
    expect(readdirSync(folder).filter((name) => name.startsWith('oss-direct-'))).toEqual([])
  },
)

it('prints no request above its first line, however early that one comes', async () => {
  const port = await findPort()
  const { child, output, ended } = run(['--port', String(port), '--rules', RULES])
  let isStarted = false
  const polling = until(
    async () => isStarted && output().includes('/local/info'),
    () => void fetch(`http://127.0.0.1:${port}/local/info`).catch(() => undefined),
  )
  await until(() => output().includes('Ctrl-C stops it.'))
  isStarted = true
  await polling
  child.kill('SIGINT')
  expect(await ended).toBe(0)
  expect(output()).toMatch(/^The local cloud is running\.\n/)
})

it('gives the functions the settings of its environment and its file, and says which it keeps', async () => {
  const file = join(folder, 'settings.env')
  writeFileSync(file, 'SIGNATURE_VERSION=v1\nOSS_ENDPOINT=https://oss.example\n')
  const environment = { CORS_ORIGINS: 'https://app.example', STS_ENDPOINT: 'https://sts.example' }
  const options = ['--port', '0', '--rules', RULES, '--env', file]
  const { child, output, ended } = run(options, bundle, environment)
  await until(() => output().includes('Ctrl-C stops it.'))
  const gateway = /Functions +(\S+)/.exec(output())?.[1] ?? ''
  const post = (path: string, body: object, headers = {}) =>
    fetch(gateway + path, { method: 'POST', body: JSON.stringify(body), headers })
  const { token } = (await (await post('/local/token', { sub: 'alice' })).json()) as {
    token: string
  }
  const request = { rule: 'notes', filename: 'a.txt', contentType: 'text/plain' }
  const headers = { authorization: `Bearer ${token}`, origin: 'https://app.example' }
  const answer = await post('/post-policy', request, headers)
  expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
  expect(await answer.json()).toMatchObject({ fields: { OSSAccessKeyId: expect.anything() } })
  child.kill('SIGINT')
  expect(await ended).toBe(0)
  expect(output()).toContain('STS_ENDPOINT in the environment is ignored')
  expect(output()).toContain(`OSS_ENDPOINT in ${file} is ignored`)
})

it('ends cleanly at a signal that comes before it has started', async () => {
  const { child, ended } = run(['--port', '0', '--rules', RULES])
  await until(() => readdirSync(folder).some((name) => name.startsWith('oss-direct-')))
  child.kill('SIGINT')
  expect(await ended).toBe(0)
  expect(readdirSync(folder).filter((name) => name.startsWith('oss-direct-'))).toEqual([])
})

it('says which port is taken and what to do', async () => {
  const cloud = await startLocalCloud({ port: 0, only: ['oss', 'sts'], quiet: true })
  // OSS's port, to check that the messages name the ports after the first too.
  const port = Number(new URL(cloud.info.oss).port)
  const { output, ended } = run(['--port', String(port - 1), '--only', 'oss'])
  expect(await ended).toBe(1)
  await cloud.close()
  expect(output()).toMatch(/Port \d+ is in use\. Choose another with --port N/)
  expect(readdirSync(folder).filter((name) => name.startsWith('oss-direct-'))).toEqual([])
})

it.each([
  ['--data', 'taken', /^The folder \S+taken is a file\. Choose another with --data DIR/],
  [
    '--data',
    'taken/below',
    /^The folder \S+below is below a file\. Choose another with --data DIR/,
  ],
  ['--data', '/proc/x', /^The folder \/proc\/x cannot be used\. Choose another with --data DIR/],
  ['--data', '/proc', /^The folder \/proc cannot be used\. Choose another with --data DIR/],
  ['--rules', 'none.ts', /^There is no file \S+none\.ts\. Name the rules with --rules FILE\./],
  ['--host', '192.0.2.1', /^192\.0\.2\.1 is not an address of this machine\. Choose .* --host H\./],
])('says what to do about %s %s', async (option, value, message) => {
  writeFileSync(join(folder, 'taken'), '')
  const only = option === '--data' ? ['--only', 'oss'] : []
  const path = option === '--host' ? value : resolve(folder, value)
  const { output, ended } = run(['--port', '0', ...only, option, path])
  expect(await ended).toBe(1)
  expect(output()).toMatch(message)
  expect(readdirSync(folder).filter((name) => name.startsWith('oss-direct-'))).toEqual([])
})

it('lists every issue of the rules and ends with 1', async () => {
  const rules = join(folder, 'rules.ts')
  const from = join(ROOT, 'shared/rules/rules')
  writeFileSync(
    rules,
    `import { defineRules } from '${from}'
     export default defineRules({ a: { key: 'a/{who}', upload: { contentTypes: [] } } } as never)`,
  )
  const { output, ended } = run(['--port', '0', '--rules', rules])
  expect(await ended).toBe(1)
  expect(output()).toContain('a.key')
  expect(output()).toContain('a.upload.contentTypes')
  expect(output()).not.toContain('    at ')
})

it('ends with 2 when it does not understand, and with 0 when it was asked for help', async () => {
  const [strange, help] = [run(['--colour']), run(['--help'])]
  expect([await strange.ended, await help.ended]).toEqual([2, 0])
  expect(strange.output()).toMatch(/--colour.*\nTry --help\./s)
  expect(help.output()).toContain('--port N')
})

it('prints JSON for programs, and no requests when it is to be quiet', async () => {
  const { child, output, ended } = run(['--port', '0', '--only', 'oss,sts', '--json', '--quiet'])
  await until(() => output().endsWith('}\n'))
  const started = JSON.parse(output()) as Record<string, string>
  expect(started).toMatchObject({ event: 'started', bucket: 'local-bucket' })
  expect((await fetch(`${started.gateway}/local/info`)).status).toBe(200)
  expect((await fetch(`${started.oss}/local-bucket/none`)).status).toBe(403)
  child.kill('SIGINT')
  expect(await ended).toBe(0)
  expect(output().trim().split('\n')).toHaveLength(1)
})

it('warns when others could reach it', async () => {
  const { child, output, ended } = run(['--port', '0', '--only', 'oss', '--host', '0.0.0.0'])
  await until(() => output().includes('Ctrl-C stops it.'))
  child.kill('SIGINT')
  expect(await ended).toBe(0)
  expect(output()).toContain('WARNING: listening on 0.0.0.0')
})
