import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { suggest } from '../../tools/command-line'
import { loadRules } from '../../tools/load-rules'

const ROOT = resolve(__dirname, '../..')
const { version, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string
  scripts: Record<string, string>
}
const TOOLS = [
  'roles',
  'rules',
  'settings',
  'doctor',
  'openapi',
  'build',
  'build:local',
  'test:attack',
  'start',
]

function run(name: string, ...argv: string[]) {
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

describe.each(TOOLS)('npm run %s', (name) => {
  it('explains itself, says its version, and ends with 2 where it does not understand', () => {
    const help = run(name, '--help')
    expect([help.status, help.stderr, help.stdout]).toEqual([
      ...[0, '', expect.stringMatching(/--help.*--version/s)],
    ])
    expect(run(name, '--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
    const wrong = run(name, '--hepl', 'more')
    expect(wrong).toEqual({
      status: 2,
      stdout: '',
      stderr:
        '--hepl is not an option: did you mean --help?\n"more" is not an option\nTry --help.\n',
    })
  })
})

it.each([
  ['roles', ['--bucket', 'a-bucket', '--account', '12']],
  ['roles', []],
  ['doctor', ['--bucket', 'a-bucket']],
  ['rules', ['--caller', 'alice,plan']],
  ['rules', ['--caller']],
])('npm run %s with %j ends with 2', (name, argv) => {
  expect(run(name, ...argv)).toMatchObject({
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
  ])('that is not there is told by npm run %s in the same sentence', (name, argv) => {
    const { status, stderr } = run(name, ...argv, '--rules', none)
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
    expect(run('rules', '--rules', file)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`wrong.ts:${line}:`),
    })
  })
})
