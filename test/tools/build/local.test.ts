import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { packageBuild } from '../../support/bundle'

const ROOT = resolve(__dirname, '../../..')

// Below the package, as a built one would be, for what it needs of node_modules.
let folder: string
/** Another project, which has the package installed. */
let project: string
beforeAll(async () => {
  folder = await packageBuild()
  project = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
  const installed = join(project, 'node_modules', 'oss-direct')
  mkdirSync(installed, { recursive: true })
  symlinkSync(join(ROOT, 'package.json'), join(installed, 'package.json'))
  symlinkSync(folder, join(installed, 'build'))
  symlinkSync(join(ROOT, 'node_modules/ali-oss'), join(project, 'node_modules/ali-oss'))
}, 120_000)
afterAll(() => rmSync(project, { recursive: true, force: true }))

/** Runs a program in a project that has the package installed, or in a folder that has nothing. */
function node(script: string, cwd = project): string {
  return execFileSync(process.execPath, ['-e', script], { cwd, encoding: 'utf8' })
}

describe('oss-direct/local', () => {
  it('starts OSS and STS inside another program', () => {
    const script = `
      const { startLocalCloud } = require('oss-direct/local')
      startLocalCloud({ port: 0, only: ['oss', 'sts'], quiet: true }).then(async (cloud) => {
        cloud.clock.set('2030-01-01T00:00:00Z')
        const answer = await fetch(cloud.info.oss + '/' + cloud.info.bucket + '/key')
        console.log(JSON.stringify([answer.status, cloud.requests(), Object.keys(cloud)]))
        await cloud.close()
      })`
    const [status, requests, names] = JSON.parse(node(script))
    expect(status).toBe(403)
    expect(requests).toEqual([
      expect.objectContaining({ time: expect.stringMatching(/^2030-/), code: 'AccessDenied' }),
    ])
    expect(names).toEqual(
      expect.arrayContaining(['info', 'account', 'clock', 'requests', 'setFaults', 'close']),
    )
  })

  it('runs as docs/local-cloud.md shows it', () => {
    const document = readFileSync(join(ROOT, 'docs/local-cloud.md'), 'utf8')
    const blocks = document.matchAll(/```js\n(.*?)```/gs)
    const [script = ''] = [...blocks].flatMap(([, text = '']) =>
      text.includes('oss-direct/local') ? [text] : [],
    )
    expect(node(`(async () => { ${script}; console.log('closed') })()`)).toBe('closed\n')
  })

  it('builds and runs the functions, by the example rules where there are none', () => {
    const script = `
      const { startLocalCloud } = require('oss-direct/local')
      startLocalCloud({ port: 0, quiet: true }).then(async (cloud) => {
        const post = async (path, body, token) => (await fetch(cloud.info.gateway + path, {
          method: 'POST', body: JSON.stringify(body), headers: token ? { authorization: 'Bearer ' + token } : {},
        })).json()
        const { token } = await post('/local/token', { sub: 'alice' })
        const wish = { rule: 'avatar', filename: 'me.png', contentType: 'image/png' }
        console.log((await post('/post-policy', wish, token)).key)
        console.log((await fetch(cloud.info.gateway)).status)
        await cloud.close()
      })`
    expect(node(script)).toMatch(/^avatars\/alice\/[0-9a-f-]{36}\.png\n200\n$/)
  })
})

const RULES = `
  import { defineRules, KiB } from 'oss-direct/rules'
  const upload = { contentTypes: ['text/plain'], maxBytes: 4 * KiB }
  export default defineRules({ memo: { key: 'memos/{sub}/{path}', upload } })`

describe('oss-direct/rules', () => {
  it('makes rules in another project, for its own tests', () => {
    const script = `
      const { defineRules, GiB } = require('oss-direct/rules')
      const rules = defineRules({ film: { key: 'films/{sub}/{uuid}', upload: { maxBytes: GiB } } })
      console.log(rules.get('film').upload.maxBytes)`
    expect(node(script)).toBe(`${1024 ** 3}\n`)
  })

  it('is there for a rules file, where nothing is installed too', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
    writeFileSync(join(elsewhere, 'memos.ts'), RULES)
    const script = `
      const { startLocalCloud } = require(${JSON.stringify(join(folder, 'local.js'))})
      startLocalCloud({ port: 0, rules: 'memos.ts', quiet: true }).then(async (cloud) => {
        const post = async (path, body, token) => (await fetch(cloud.info.gateway + path, {
          method: 'POST', body: JSON.stringify(body), headers: { authorization: 'Bearer ' + token },
        })).json()
        const { token } = await post('/local/token', { sub: 'alice' })
        const wish = { rule: 'memo', filename: 'a.txt', contentType: 'text/plain' }
        console.log((await post('/post-policy', wish, token)).key)
        await cloud.close()
      })`
    expect(node(script, elsewhere)).toBe('memos/alice/a.txt\n')
    rmSync(elsewhere, { recursive: true })
  })
})

describe('oss-direct/testing', () => {
  it('tries rules in the tests of another project', () => {
    const script = `
      const { defineRules } = require('oss-direct/rules')
      const { assertAllowed, assertDenied } = require('oss-direct/testing')
      const rules = defineRules({
        memo: { key: 'memos/{sub}/{path}', allow: ({ claims }) => claims.plan === 'pro', upload: {} },
      })
      const request = { operation: 'put', rule: 'memo', filename: 'a', contentType: 'text/plain' }
      const [pro, free] = ['pro', 'free'].map((plan) => ({ sub: 'alice', claims: { plan } }))
      assertAllowed(pro, request, rules)
        .then(async ({ key }) => console.log(key, await assertDenied(free, request, rules)))`
    expect(node(script)).toBe('memos/alice/a not_allowed\n')
  })

  it('attacks a rules file of another project', () => {
    writeFileSync(join(project, 'memos.ts'), RULES)
    const script = `
      const { attackRules } = require('oss-direct/testing')
      attackRules({ rulesFile: 'memos.ts' }).then((reports) => {
        console.log(reports.length > 10, reports.filter(({ outcome }) => !outcome.stopped).length)
      })`
    expect(node(script)).toBe('true 0\n')
  })
})

it('has types for another project, however strictly that one checks ours', () => {
  writeFileSync(
    join(project, 'use.ts'),
    `import { type FaultRule, type LocalCloudOptions, type LocalInfo, type RequestRecord, startLocalCloud } from 'oss-direct/local'
     import { defineRules } from 'oss-direct/rules'
     import { assertAllowed, type AttackReport, attackRules } from 'oss-direct/testing'
     const faults: FaultRule[] = [{ match: { operation: 'UploadPart' }, respond: 503 }]
     const options: LocalCloudOptions = { faults }
     export const ends = startLocalCloud(options).then(({ info, requests }): [LocalInfo, readonly RequestRecord[]] => [info, requests()])
     export const rules = defineRules({ a: { key: 'a/{sub}/{path}', allow: ({ claims }) => claims.plan === 'pro' } })
     export const key = assertAllowed({ sub: 'a' }, { operation: 'get', rule: 'a', key: 'a/a/a' }, rules)
       .then((grant): string => ('prefix' in grant ? grant.prefix : grant.key))
     export const reports: Promise<AttackReport[]> = attackRules({ rulesFile: 'rules.ts' })
     // @ts-expect-error
     startLocalCloud({ ports: 0 })`,
  )
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--module', 'node16']
  const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')]
  const check = [tsc, ...strict, '--target', 'es2022', ...types, 'use.ts']
  const { stdout } = spawnSync(process.execPath, check, { cwd: project, encoding: 'utf8' })
  expect(stdout).toBe('')
})

it('runs as a command, and ends at a signal', async () => {
  const options = ['local', '--only', 'oss', '--port', '0', '--json', '--quiet']
  const child = spawn(process.execPath, [join(folder, 'bin.js'), ...options], { cwd: '/' })
  const line = await new Promise<string>((resolve) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))
  })
  expect(JSON.parse(line)).toMatchObject({ event: 'started', sts: '' })
  child.kill('SIGTERM')
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
})

it('says its version', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  for (const argv of [['--version'], ['-v'], ['local', '--version']]) {
    const output = execFileSync(process.execPath, [join(folder, 'bin.js'), ...argv], {
      encoding: 'utf8',
    })
    expect(output).toBe(`${version}\n`)
  }
})
