import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

it('names the packages of what is missing, where it may install none', () => {
  const nothing = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
  const tsx = 'node_modules/tsx/dist/cli.mjs'
  const { status, stderr } = spawnSync(process.execPath, [tsx, 'tools/example-tools.ts'], {
    env: { ...process.env, PATH: nothing },
    encoding: 'utf8',
  })
  rmSync(nothing, { recursive: true })
  expect(status).toBe(1)
  for (const name of [
    'curl',
    'jq',
    'python3-pytest',
    'php-cli',
    'phpunit',
    'junit5',
    'golang-go',
  ]) {
    expect(stderr).toMatch(new RegExp(`\\b${name}\\b`))
  }
})
