import { type ChildProcess, spawn } from 'node:child_process'
import { SERVER_ENVIRONMENT } from '../server/support/server'
import { until } from '../support/until'

const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

/** Runs the command; what it leaves in the temporary folder makes the run fail. */
function run(...args: string[]) {
  const { PATH = '', TMPDIR = '' } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', 'tools/serve.ts', ...args], {
    env: { ...SERVER_ENVIRONMENT, PATH, TMPDIR },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => chunks.push(chunk))
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, ended, output: () => Buffer.concat(chunks).toString() }
}

it('builds the server with these rules, serves, and leaves nothing behind', async () => {
  const { child, ended, output } = run('--port', '0', '--rules', 'test/support/rules/media.ts')
  const findUrl = () => /"url":"([^"]+)"/.exec(output())?.[1]
  await until(() => findUrl() !== undefined || child.exitCode !== null)
  const health = await fetch(`${findUrl()}/healthz`)
  expect(health.status).toBe(200)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
})

it.each([
  [2, ['--prot', '1'], '--prot is not an option: did you mean --port?\n'],
  [2, ['--port', 'x'], '--port must be a number from 0 to 65535, not x\nTry --help.\n'],
  [1, ['--rules', 'absent.ts'], 'absent.ts'],
])('ends with %d for %j', async (status, args, message) => {
  const { ended, output } = run(...args)
  expect(await ended).toBe(status)
  expect(output()).toContain(message)
})
