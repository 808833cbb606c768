import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { main } from '../../local/main'
import { command as attack } from '../../local/testing/command'
import { command as buildClient } from '../../tools/build/client'
import { command as buildFunctions } from '../../tools/build/functions'
import { command as buildLocal } from '../../tools/build/local'
import { runTool, suggest } from '../../tools/command-line'
import { command as envExample } from '../../tools/env-example'
import { loadRules } from '../../tools/load-rules'
import { command as openapi } from '../../tools/openapi'
import { command as settings } from '../../tools/settings'
import { runCommand } from '../support/run-command'

const ROOT = resolve(__dirname, '../..')
const { version, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string
  scripts: Record<string, string>
}
const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  roles: (argv) => main(['roles', ...argv]),
  rules: (argv) => main(['rules', ...argv]),
  doctor: (argv) => main(['doctor', ...argv]),
  start: (argv) => main(['local', ...argv]),
  settings: (argv) => runTool(argv, settings),
  openapi: (argv) => runTool(argv, openapi),
  build: (argv) => runTool(argv, buildFunctions),
  'build:local': (argv) => runTool(argv, buildLocal),
  'build:client': (argv) => runTool(argv, buildClient),
  'env-example': (argv) => runTool(argv, envExample),
  'test:attack': (argv) => runTool(argv, attack),
}
const NAMES = Object.keys(COMMANDS)

const run = (name: string, ...argv: string[]) =>
  runCommand(() => COMMANDS[name]?.(argv) ?? Promise.reject(new Error(`${name} is not a command`)))

/** Runs the script of package.json as a process. */
function runScript(name: string, ...argv: string[]) {
  const [, words = ''] = /^tsx ([^&]+)/.exec(scripts[name] ?? '') ?? []
  const command = ['--import', 'tsx', ...words.trim().split(' '), ...argv]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

it.each(['lcoal', 'locl', 'locall', 'locak'])('suggests local for %s', (word) => {
  expect(suggest(word, ['local', 'remote'])).toBe(': did you mean local?')
})

it.each(['remote', 'l', '', 'loc'])('suggests nothing for %j', (word) => {
  expect(suggest(word, ['local'])).toBe(word === 'loc' ? ': did you mean local?' : '')
})

describe.each(NAMES)('npm run %s', (name) => {
  it('explains itself, says its version, and ends with 2 where it does not understand', async () => {
    const help = await run(name, '--help')
    expect([help.status, help.stderr, help.stdout]).toEqual([
      ...[0, '', expect.stringMatching(/--help.*--version/s)],
    ])
    expect(await run(name, '--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
    const wrong = await run(name, '--hepl', 'more')
    expect(wrong).toEqual({
      status: 2,
      stdout: '',
      stderr:
        '--hepl is not an option: did you mean --help?\n"more" is not an option\nTry --help.\n',
    })
  })

  it('is a script that runs this command', async () => {
    // test/local/bin shows what its process does.
    if (scripts[name]?.startsWith('tsx local/bin.ts ')) {
      expect(scripts[name]).toBe(`tsx local/bin.ts ${name}`)
    } else expect(runScript(name, '--help')).toEqual(await run(name, '--help'))
  })
})

it.each([
  ['roles', ['--bucket', 'a-bucket', '--account', '12']],
  ['roles', []],
  ['doctor', ['--bucket', 'a-bucket']],
  ['rules', ['--caller', 'alice,plan']],
  ['rules', ['--caller']],
])('npm run %s with %j ends with 2', async (name, argv) => {
  expect(await run(name, ...argv)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/Try --help/),
  })
})

describe('a rules file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const none = join(folder, 'none.ts')
  const sentence = `There is no file ${none}. Name the rules with --rules FILE.\n`

  it.each([
    ['rules', []],
    ['roles', ['--bucket', 'a-bucket', '--account', '1234567890123456']],
    ['start', ['--port', '0']],
  ])('that is not there is told by npm run %s in the same sentence', async (name, argv) => {
    const { status, stderr } = await run(name, ...argv, '--rules', none)
    expect([status, stderr]).toEqual([1, sentence])
  })

  it.each([
    ['a mistake in the program', '\n\nconst x = undefined\nx.y = 1', 4],
    ['what it throws', "\nthrow new Error('no')", 2],
    [
      'rules that are wrong',
      "import { defineRules } from 'oss-direct/rules'\n\nexport default defineRules({ a: { key: 'a/{who}' } })",
      3,
    ],
    ['what it does not end', '\nexport default (', 2],
  ])('names the line of %s', async (_, source, line) => {
    const file = join(folder, 'wrong.ts')
    writeFileSync(file, source)
    await expect(loadRules(file)).rejects.toThrow(`wrong.ts:${line}:`)
    expect(await run('rules', '--rules', file)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`wrong.ts:${line}:`),
    })
  })
})
