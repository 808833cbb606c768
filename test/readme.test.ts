import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type LocalCloud, startLocalCloud } from '../local/cloud'

const readme = readFileSync('README.md', 'utf8')
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text = '']) => text,
  )

let cloud: LocalCloud

beforeAll(async () => {
  cloud = await startLocalCloud({ port: 0, log: () => undefined })
}, 60_000)

afterAll(() => cloud.close())

function here(text: string): string {
  return text
    .replaceAll('http://localhost:9000', cloud.info.gateway)
    .replaceAll('localhost:9000', new URL(cloud.info.gateway).host)
}

function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.on('error', reject).on('close', () => resolve(output))
  })
}

it('shows a curl that works as pasted', async () => {
  const scripts = blocks('sh').filter((text) => text.includes('curl'))
  expect(scripts.length).toBeGreaterThan(0)
  for (const script of scripts) {
    const answer = JSON.parse(await run('bash', ['-ec', here(script)]))
    expect(answer).toMatchObject({ method: 'POST', maxBytes: 5 * 1024 ** 2 })
    expect(answer.fields['x-oss-signature']).toMatch(/^[0-9a-f]{64}$/)
  }
})

it('shows an upload that works as pasted', async () => {
  const [script = ''] = blocks('js')
  const body = JSON.stringify({ sub: 'alice', claims: { plan: 'pro' } })
  const before = `
    const answer = await fetch('${cloud.info.gateway}/local/token', { method: 'POST', body: '${body}' })
    const { token } = await answer.json()
    const file = new File(['%PDF-1.7'], 'report.pdf', { type: 'application/pdf' })
  `
  const output = await run('node', ['--input-type=module', '-e', before + here(script)])
  expect(output).toContain("status: 'ok'")
  expect(output).toContain("key: 'documents/alice/report.pdf'")
})

it('names every setting', () => {
  const names = execFileSync('npx', [
    'tsx',
    '-e',
    "console.log(require('./shared/env/settings').SETTING_NAMES.join())",
  ])
  const missing = names
    .toString()
    .trim()
    .split(',')
    .filter((name) => !readme.includes(`\`${name}\``))
  expect(missing).toEqual([])
})
