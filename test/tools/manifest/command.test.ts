import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { main } from '../../../local/main'
import type { Finding } from '../../../tools/findings'
import { loadRules } from '../../../tools/load-rules'
import { runCommand } from '../../support/run-command'

const RULES = resolve('rules.ts')
const MANIFEST = readFileSync('s.yaml', 'utf8')
const SETTINGS = {
  ...{ OSS_BUCKET: 'my-bucket', DOMAIN: 'upload.example.com', ACCOUNT_ID: '1234567890123456' },
  ...{ AUTH_ISSUER: 'https://login.example.com', AUTH_AUDIENCE: 'app' },
  ...{ AUTH_JWKS_URL: 'https://login.example.com/jwks.json' },
  TICKET_SECRETS: '0123456789abcdef0123456789abcdef',
  STS_ROLE_ARN: 'acs:ram::1234567890123456:role/oss-direct-delegate',
}

// esbuild's process stays in the folder where it is first asked, and the folders of the cases are removed.
beforeAll(() => loadRules(RULES))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
  writeFileSync(join(folder, 's.yaml'), MANIFEST)
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function run(argv: string[], env: Readonly<Record<string, string>> = {}) {
  const before = process.cwd()
  process.chdir(folder)
  try {
    return await runCommand(() => main(['manifest', '--rules', RULES, ...argv]), env)
  } finally {
    process.chdir(before)
  }
}

async function findingsOf(env: Readonly<Record<string, string>> = {}) {
  const { status, stdout } = await run(['--json'], env)
  const findings: Finding[] = JSON.parse(stdout)
  return { status, states: findings.map(({ subject, state }) => [subject, state]), findings }
}

it('finds nothing wrong, without settings and with right ones', async () => {
  const right = [
    ['triggers', 'ok'],
    ['settings', 'ok'],
    ['functions', 'ok'],
  ]
  expect(await findingsOf()).toMatchObject({ status: 0, states: right })
  expect(await findingsOf(SETTINGS)).toMatchObject({ status: 0, states: right })
})

it('finds triggers that are not those of the rules, and writes them', async () => {
  writeFileSync(join(folder, 's.yaml'), MANIFEST.replace('prefix: "avatars/"', 'prefix: "old/"'))
  const { status, findings } = await findingsOf()
  expect(status).toBe(1)
  expect(findings[0]).toMatchObject({
    state: 'wrong',
    subject: 'triggers',
    fix: expect.stringContaining('--write'),
  })
  expect((await run(['--write'])).stdout).toBe('s.yaml: triggers of 2 folders, as in the rules\n')
  expect(readFileSync(join(folder, 's.yaml'), 'utf8')).toBe(MANIFEST)
})

it('finds wrong settings, and what Function Compute would refuse', async () => {
  writeFileSync(join(folder, 's.yaml'), MANIFEST.replace('memorySize: 512', 'memorySize: 500'))
  const { status, findings } = await findingsOf({ ...SETTINGS, TICKET_SECRETS: 'short' })
  expect(status).toBe(1)
  expect(findings).toContainEqual(expect.objectContaining({ subject: 'settings', state: 'wrong' }))
  expect(findings).toContainEqual(
    expect.objectContaining({ subject: 'sts', what: expect.stringContaining('memorySize') }),
  )
})

it('holds the manifest of the web server against it, and against Function Compute', async () => {
  const server = join(folder, 's.web-server.yaml')
  writeFileSync(
    server,
    readFileSync('s.web-server.yaml', 'utf8').replace('timeout: 20', 'timeout: 21'),
  )
  const { status, findings } = await findingsOf()
  expect([status, findings[1]]).toEqual([
    1,
    expect.objectContaining({ state: 'wrong', subject: 'web server' }),
  ])
  await run(['--write'])
  expect(readFileSync(server, 'utf8')).toBe(readFileSync('s.web-server.yaml', 'utf8'))
  expect((await findingsOf()).status).toBe(0)
})

it('does not know without Serverless Devs, which is not fine', async () => {
  rmSync(join(folder, 'node_modules'))
  const { status, states } = await findingsOf({ PATH: '/nowhere' })
  expect([status, states.at(-1)]).toEqual([1, ['functions', 'unknown']])
})

it('prints what would be deployed, without secrets', async () => {
  const { status, stdout } = await run(['--print'], SETTINGS)
  expect([status, JSON.parse(stdout).resources.sts.props.environmentVariables]).toEqual([
    0,
    expect.objectContaining({ OSS_BUCKET: 'my-bucket', TICKET_SECRETS: '…' }),
  ])
  expect(stdout).not.toContain(SETTINGS.TICKET_SECRETS)
})
