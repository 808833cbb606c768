import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { main } from '../../local/main'
import { localCommand } from '../support/bundle'
import { runCommand } from '../support/run-command'

const ROOT = resolve(__dirname, '../..')
const RULES = join(ROOT, 'rules.ts')
const COMMANDS = ['local', 'serve', 'rules', 'roles', 'manifest', 'doctor', 'explain']
const folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCommand(() => main(argv), env)

it.each([['--help'], ['-h'], ['help']])(
  '%s lists every command and what each is for',
  async (option) => {
    const { status, stdout, stderr } = await run([option])
    expect([status, stderr]).toEqual([0, ''])
    for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} +\\S.*\\S$`, 'm'))
    expect(stdout).toMatch(/Ends with 0 .* 1 .* 2 /)
  },
)

it.each(COMMANDS)('%s explains itself with an example', async (name) => {
  const help = await run([name, '--help'])
  expect([help.status, help.stderr]).toEqual([0, ''])
  expect(help.stdout).toMatch(new RegExp(`--help.*Examples?:\n  oss-direct ${name}`, 's'))
  expect(await run(['help', name])).toEqual(help)
})

it.each(COMMANDS)('%s ends with 2 for an option that it does not have', async (name) => {
  const { status, stdout, stderr } = await run([name, '--hepl'])
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^--hepl is not an option: did you mean --help\?\n.*Try /)
})

it('suggests the nearest command, and ends with 2', async () => {
  const { status, stderr } = await run(['rolse'])
  expect([status, stderr]).toEqual([
    2,
    '"rolse" is not a command: did you mean roles?\nUsage: oss-direct COMMAND [options]\nTry oss-direct --help.\n',
  ])
  expect((await run([])).status).toBe(2)
})

it('prints policies as JSON that a person can read, and as they are sent with --json', async () => {
  const argv = ['rules', '--rules', RULES, '--caller', 'alice,plan=pro']
  expect((await run(argv)).stdout).toContain(
    '\n  sessionPolicy  {\n    "Version": "1",\n    "Statement": [\n',
  )
  const outcomes: { granted?: { sessionPolicy?: string } }[] = JSON.parse(
    (await run([...argv, '--json'])).stdout,
  )
  const [policy = ''] = outcomes.flatMap(({ granted }) => granted?.sessionPolicy ?? [])
  expect(policy).toMatch(/^\{"Version":"1","Statement":\[/)
})

it('wraps what is wider than the terminal', async () => {
  const argv = ['rules', '--rules', RULES]
  const wide = (await run(argv)).stdout
  const narrow = (await run(argv, { COLUMNS: '50' })).stdout
  expect(wide).toContain('image/png, image/jpeg, image/webp')
  expect(narrow).toMatch(/OSS {7}OSS {2}image\/png,\n {32}image\/jpeg,\n {32}image\/webp\n/)
})

/** The command in a clone, and as another project has it installed. */
const PLACES: readonly [string, () => Promise<{ command: string[]; cwd: string }>][] = [
  [
    'a clone',
    async () => ({ command: ['--import', 'tsx', join(ROOT, 'local/bin.ts')], cwd: ROOT }),
  ],
  ['the package', async () => ({ command: [await localCommand()], cwd: folder })],
]

it.each(PLACES)('in %s, its process writes and ends as the command does', async (_, place) => {
  const { command, cwd } = await place()
  for (const argv of [['help'], ['roles', '--hepl'], ['rules', '--rules', RULES]]) {
    const child = spawnSync(process.execPath, [...command, ...argv], { cwd, encoding: 'utf8' })
    const { status, stdout, stderr } = child
    expect({ status, stdout, stderr }).toEqual(await run(argv))
  }
})

it('loads a command when it is called: help needs no package', async () => {
  const alone = join(folder, 'bin.js')
  copyFileSync(await localCommand(), alone)
  const { status } = spawnSync(process.execPath, [alone, '--help'], { cwd: folder })
  expect(status).toBe(0)
  const doctor = spawnSync(process.execPath, [alone, 'doctor', '--help'], { encoding: 'utf8' })
  expect(doctor.stderr).toContain("Cannot find module 'esbuild'")
})
