import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type LocalCloud, startLocalCloud } from '../local/start'
import { storedHash } from './e2e/support/client'

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

type Outcome = { stdout: string; stderr: string }

function run(command: string, args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const outcome = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => {
      outcome.stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      outcome.stderr += chunk
    })
    child.on('error', reject).on('close', () => resolve(outcome))
  })
}

it('shows a curl that works as pasted and ends with a stored file', async () => {
  const scripts = blocks('sh').filter((text) => text.includes('curl'))
  expect(scripts).toHaveLength(1)
  const { stdout } = await run('bash', ['-c', here(scripts[0] ?? '')])
  const answer = JSON.parse(stdout)
  expect(answer).toMatchObject({ status: 'ok', size: 5, contentType: 'image/png' })
  expect(await storedHash(cloud.info, answer.key)).toMatch(/^2cf24dba5fb0a30e26e83b2ac5b9e29e/)
})

describe('the upload in JavaScript', () => {
  /** Runs it with this file, as it stands. */
  async function upload(file: string, type: string): Promise<Outcome> {
    const [script = ''] = blocks('js')
    const body = JSON.stringify({ sub: 'alice', claims: { plan: 'pro' } })
    const before = `
      const answer = await fetch('${cloud.info.gateway}/local/token', { method: 'POST', body: '${body}' })
      const { token } = await answer.json()
      const file = new File(['%PDF-1.7'], '${file}', { type: '${type}' })
    `
    return run('node', ['--input-type=module', '-e', before + here(script)])
  }

  it('works as pasted', async () => {
    const { stdout } = await upload('report.pdf', 'application/pdf')
    expect(stdout).toContain("status: 'ok'")
    expect(stdout).toContain("key: 'documents/alice/report.pdf'")
  })

  it('says why a file is refused, one whose type nobody knows for example', async () => {
    const { stdout, stderr } = await upload('notes.md', '')
    expect(stdout).toBe('')
    expect(stderr).toContain('Error: file_type_not_allowed: This rule allows the content types')
  })

  it('says what OSS answers to an upload that it refuses', async () => {
    cloud.setFaults([{ match: { method: 'PUT' }, respond: 503 }])
    const { stderr } = await upload('report.pdf', 'application/pdf')
    cloud.setFaults([])
    expect(stderr).toMatch(/Error: 503 .*<Code>ServiceUnavailable</s)
  })
})

it('has a thousand words at most', () => {
  expect(readme.split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(1000)
})
