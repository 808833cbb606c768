import { execFile } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type LocalCloud, startLocalCloud } from '../../local/start'
import { CODES } from '../../shared/errors'
import { bundleClient } from '../../tools/build/client'

const ROOT = resolve(__dirname, '../..')
const text = readFileSync('docs/client.md', 'utf8')
const blocks = Array.from(text.matchAll(/```js\n(.*?)```/gs), ([, block = '']) => block)

let cloud: LocalCloud
let project: string
beforeAll(async () => {
  cloud = await startLocalCloud({ port: 0, log: () => undefined })
  project = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
  const installed = join(project, 'node_modules/oss-direct')
  mkdirSync(installed, { recursive: true })
  symlinkSync(join(ROOT, 'package.json'), join(installed, 'package.json'))
  await bundleClient(join(installed, 'build'))
}, 60_000)
afterAll(async () => {
  rmSync(project, { recursive: true, force: true })
  await cloud.close()
})

it('shows code that runs as pasted, one block after the other', async () => {
  const before = `
    const freshToken = async () => {
      const body = JSON.stringify({ sub: 'alice', claims: { plan: 'pro' } })
      return (await (await fetch('${cloud.info.gateway}/local/token', { method: 'POST', body })).json()).token
    }
    const file = new File(['%PDF-1.7'], 'report.pdf', { type: 'application/pdf' })
  `
  const imports = new Set(blocks.flatMap((block) => block.match(/^import .*$/gm) ?? []))
  const code = blocks.join('\n').replace(/^import .*$/gm, '')
  const after = 'console.log(JSON.stringify([proven, url, source, response.status, accept]))'
  const script = [...imports, before, code, after]
    .join('\n')
    .replaceAll('http://localhost:9000', cloud.info.gateway)
  writeFileSync(join(project, 'page.mjs'), script)
  const run = promisify(execFile)(process.execPath, ['page.mjs'], { cwd: project, timeout: 20_000 })
  const { stdout, stderr } = await run
  expect(stderr).toBe('')
  expect(stdout).toContain('documents/alice/report.pdf report.pdf 8 ')
  expect(stdout).toMatch(/^POST \/signed-url$/m)
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual([
    ...[true, expect.stringMatching(/^http/), expect.stringMatching(/^http/)],
    ...[200, 'image/png,image/jpeg,image/webp'],
  ])
  expect(stdout).toMatch(/^not_allowed This caller may not do this\. false undefined$/m)
})

const sources = readdirSync('client', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join('client', name), 'utf8'))
  .join('\n')

/** The codes that the sources of the client have as they are. */
function codesOf(source: string): string[] {
  const named = source.matchAll(/code: '(\w+)'|refusal\(\s*'(\w+)'|\? '(url_expired)' : OSS_CODES/g)
  const tables = source.matchAll(/OSS_CODES[^{]*\{(.*?)\}/gs)
  return [
    ...Array.from(named, ([, one, other, third]) => one ?? other ?? third ?? ''),
    ...Array.from(tables, ([, table = '']) =>
      Array.from(table.matchAll(/'(\w+)'/g), ([, code = '']) => code),
    ).flat(),
    ...Array.from(
      source.matchAll(/\? '(refused)' : '(unavailable)'/g),
      ([, ...codes]) => codes,
    ).flat(),
  ]
}

it('lists every code of the client, and no other', () => {
  const listed = Array.from(text.matchAll(/^\| `(\w+)`/gm), ([, code = '']) => code)
  const own = new Set(codesOf(sources).filter((code) => !(code in CODES) || code === 'unavailable'))
  expect([...own].sort()).toEqual([...listed].sort())
})
