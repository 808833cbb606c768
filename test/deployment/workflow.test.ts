// The GitHub workflow that adopters copy: examples/github/deploy.yml.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'

type Step = {
  uses?: string
  run?: string
  id?: string
  env?: Record<string, string>
  with?: object
}
type Job = {
  if?: string
  needs?: string
  environment?: string
  permissions?: Record<string, string>
  steps: Step[]
}
type Workflow = {
  on: { push: { tags: string[] } }
  permissions: Record<string, string>
  jobs: Record<string, Job>
}

const TEXT = readFileSync('examples/github/deploy.yml', 'utf8')
const WORKFLOW = parse(TEXT) as Workflow
const jobOf = (name: string) => WORKFLOW.jobs[name] as Job
const STEPS = Object.values(WORKFLOW.jobs).flatMap(({ steps }) => steps)
const LINES = STEPS.flatMap(({ run = '' }) => run.split('\n')).filter(Boolean)
const [DEPLOY] = jobOf('deploy').steps.filter(({ run }) => run?.includes('deploy -y')) as [Step]
const CREDENTIALS = 'ci_serverless_devs_key'

/** What s.yaml reads of the environment, but for the component, which is its default there. */
const VARIABLES = [
  ...new Set(
    Array.from(readFileSync('s.yaml', 'utf8').matchAll(/\$\{env\('(\w+)'/g), ([, name]) => name),
  ),
].filter((name) => name !== 'FC3_COMPONENT')

it('runs scripts and programs that the project has, and nothing else', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  const unknown = LINES.filter((line) => {
    const [, script] = /^npm run ([\w:-]+)$/.exec(line) ?? []
    const [, program] = /^npx ([\w-]+) /.exec(line) ?? []
    if (script) return !(script in scripts)
    return program ? !existsSync(`node_modules/.bin/${program}`) : line !== 'npm ci'
  })
  expect(unknown).toEqual([])
  expect(LINES).toEqual(
    expect.arrayContaining(['npm run check', 'npm run build', 'npm run test:deployment']),
  )
})

it('pins each action to a major version', () => {
  const uses = STEPS.flatMap((step) => step.uses ?? [])
  expect(uses.length).toBeGreaterThan(3)
  expect(uses.filter((name) => !/^[\w-]+\/[\w-]+@v\d+$/.test(name))).toEqual([])
})

it('deploys tags alone, after the tests, from an environment of its own', () => {
  expect(WORKFLOW.on.push.tags).toEqual(['v*'])
  expect(jobOf('deploy')).toMatchObject({
    if: "startsWith(github.ref, 'refs/tags/v')",
    needs: 'test',
    environment: 'production',
  })
})

it('may write nothing, and requests a token of GitHub only to deploy', () => {
  expect(WORKFLOW.permissions).toEqual({ contents: 'read' })
  expect(jobOf('test').permissions).toBeUndefined()
  expect(jobOf('deploy').permissions).toEqual({ contents: 'read', 'id-token': 'write' })
})

it('gives the deployment all that s.yaml reads, secrets as secrets', () => {
  const { [CREDENTIALS]: _, ...given } = DEPLOY.env ?? {}
  const isSecret = (name: string) => /SECRET|^DENIED_|^AUTH_ISSUERS$/.test(name)
  expect(given).toEqual(
    Object.fromEntries(
      VARIABLES.map((name = '') => [
        name,
        `\${{ ${isSecret(name) ? 'secrets' : 'vars'}.${name} }}`,
      ]),
    ),
  )
})

it('prints no secret: none is in a command, in another step or in the job of pull requests', () => {
  expect(LINES.filter((line) => /\$|\becho\b|printenv|set -x|--debug/.test(line))).toEqual([])
  const others = STEPS.filter((step) => step !== DEPLOY)
  expect(JSON.stringify(others)).not.toContain('secrets.')
  expect(JSON.stringify(jobOf('test'))).not.toContain('vars.')
})

it('hands its credentials, a token among them, to Serverless Devs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'component-'))
  const component = `exports.default = class {
    getSchema() { return '{}' }
    getShownProps() { return {} }
    async deploy(inputs) {
      require('fs').writeFileSync(${JSON.stringify(join(folder, 'got'))}, JSON.stringify(await inputs.getCredential()))
    }
  }`
  const manifest = `edition: 3.0.0\nname: a\naccess: default\nresources: { a: { component: ${folder}, props: {} } }`
  try {
    writeFileSync(join(folder, 'package.json'), '{"name": "a", "main": "index.js"}')
    writeFileSync(join(folder, 'index.js'), component)
    writeFileSync(join(folder, 's.yaml'), manifest)
    const [, program = '', ...args] =
      LINES.find((line) => line.startsWith('npx s'))?.split(' ') ?? []
    const credentials = DEPLOY.env?.[CREDENTIALS]?.replace(/\$\{\{ [\w.-]*?([\w-]+) \}\}/g, '$1')
    execFileSync(`node_modules/.bin/${program}`, [...args, '-t', join(folder, 's.yaml')], {
      env: { ...process.env, HOME: folder, [CREDENTIALS]: credentials },
      stdio: 'pipe',
    })
    expect(JSON.parse(readFileSync(join(folder, 'got'), 'utf8'))).toEqual({
      AccountID: 'ACCOUNT_ID',
      AccessKeyID: 'aliyun-access-key-id',
      AccessKeySecret: 'aliyun-access-key-secret',
      SecurityToken: 'aliyun-security-token',
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
