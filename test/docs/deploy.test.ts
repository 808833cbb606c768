// A reader's dry run of docs/deploy.md and docs/operations.md: each shell block in its order, in one shell.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLog } from '../../shared/log'
import { share } from '../support/share'
import { blocksOf, type DryRun, openDryRun } from './support/dry-run'

const DEPLOY = readFileSync('docs/deploy.md', 'utf8')
const OPERATIONS = readFileSync('docs/operations.md', 'utf8')
const STEPS = blocksOf(DEPLOY, 'sh')
const LATER = blocksOf(OPERATIONS, 'sh')

const reader = share(async () => openDryRun())
let done: DryRun

beforeAll(() => {
  done = reader().run([...STEPS, ...LATER])
}, 60_000)

it('comes to its end, without an undefined variable, an unknown script or an unknown file', () => {
  expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: '' })
  expect(STEPS.length).toBeGreaterThan(7)
  expect(LATER.length).toBeGreaterThan(1)
})

it('makes the roles before it deploys, and proves an upload at the end', () => {
  const at = (call: string) => done.calls.findIndex((each) => each.startsWith(call))
  const order = ['npm ci', 'aliyun ossutil mb', 'npx oss-direct roles', 'aliyun ram CreateRole']
  const positions = [
    ...order,
    'npm run settings',
    'npm run build',
    'npx s deploy',
    'npx oss-direct doctor',
  ].map(at)
  expect(positions).not.toContain(-1)
  expect(positions).toEqual([...positions].sort((a, b) => a - b))
})

it('mints a token for the caller of that upload', () => {
  const [, payload = ''] = reader().read('stubs/token').split('.')
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
    ...{ iss: 'https://login.example.com', aud: 'oss-direct', sub: 'alice' },
  })
})

it('copies the workflow to where GitHub reads it', () => {
  expect(reader().read('clone/.github/workflows/deploy.yml')).toContain('name: deploy')
})

it('prints what docs/deploy.md says, where no account is needed', () => {
  const printed = blocksOf(DEPLOY, 'text').flatMap((block) => block.split('\n'))
  const isReal = (line: string) =>
    /^(avatar| {2}|role|bucket|ROLE_|STS_|The|ok +(triggers|settings|functions))/.test(line)
  const real = printed.filter((line) => isReal(line) && line.trim() !== '')
  expect(real.length).toBeGreaterThan(20)
  const lines = done.stdout.split('\n').map((line) => line.trim().replace(/ +/g, ' '))
  expect(real.filter((line) => !lines.includes(line.trim().replace(/ +/g, ' ')))).toEqual([])
})

it.each([
  ['an undefined variable', 'echo "$OSS_BUCKT"', 'OSS_BUCKT: unbound variable'],
  ['an unknown script', 'npm run deploy-all', 'npm has no script deploy-all'],
  ['an unknown file', 'cp .env.sample .env', '.env.sample'],
  ['an unknown command', 'npx oss-direct dotcor', 'there is no oss-direct dotcor'],
])('would find %s', (_, line, error) => {
  const { status, stderr } = reader().run([line])
  expect(status).not.toBe(0)
  expect(stderr).toContain(error)
})

it('says first what has never run against the live service, before any step', () => {
  expect(DEPLOY.indexOf('**Not proven.**')).toBeGreaterThan(0)
  expect(DEPLOY.indexOf('**Not proven.**')).toBeLessThan(DEPLOY.indexOf('## 1.'))
})

describe('docs/operations.md', () => {
  const SOURCES = ['shared', 'functions', 'server'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  )
  const alarms = Array.from(OPERATIONS.matchAll(/^\| `([a-zA-Z ]+)` +\| `(error|warn)`/gm))

  it.each(alarms.map(([, event = '', level = '']) => [event, level]))(
    'knows that %s is logged, as %s',
    (event, level) => {
      const line = new RegExp(`log\\([^)]*'${level}'[^)]*'${event}'`)
      expect(SOURCES.some((source) => line.test(source))).toBe(true)
    },
  )

  it('asks for what log lines have', () => {
    const lines: string[] = []
    const log = createLog('info', (line) => lines.push(line))
    log('info', 'refused', { path: '/upload-callback', reason: 'callback_signature' })
    log('info', 'upload ignored', { why: 'under no rule' })
    log('error', 'swept', { delivered: 1, owed: 2, overdue: 2 })
    const [queries = ''] = blocksOf(OPERATIONS, 'text')
    const patterns = Array.from(queries.matchAll(/regexp_extract\(message, '(.*?)', 1\)/g))
    const found = patterns.map(
      ([, pattern = '']) => new RegExp(pattern).exec(lines.join('\n'))?.[1],
    )
    expect(found).toEqual(['callback_signature', 'callback_signature', 'under no rule', '2'])
  })
})
