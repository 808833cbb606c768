import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { bundleLocal } from '../../tools/build/local'
import { junitJar } from '../../tools/example-tools'
import { runExample } from './support/run'

/** A project with the examples, which has the package installed. */
let project: string
let built: string

beforeAll(async () => {
  mkdirSync('build', { recursive: true })
  built = mkdtempSync(resolve('build', 'test-'))
  await bundleLocal(built)
  chmodSync(join(built, 'bin.js'), 0o755)
  project = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
  cpSync('examples/local-cloud', project, { recursive: true })
  const installed = join(project, 'node_modules', 'oss-direct')
  mkdirSync(installed, { recursive: true })
  symlinkSync(resolve('package.json'), join(installed, 'package.json'))
  symlinkSync(built, join(installed, 'build'))
  mkdirSync(join(project, 'node_modules', '.bin'))
  symlinkSync('../oss-direct/build/bin.js', join(project, 'node_modules', '.bin', 'oss-direct'))
  writeFileSync(join(project, 'go.mod'), 'module example.com/upload\n\ngo 1.19\n')
}, 60_000)

afterAll(() => {
  for (const folder of [project, built]) rmSync(folder, { recursive: true, force: true })
})

const JUNIT = junitJar()

const LANGUAGES = {
  pytest: {
    commands: [['python3', '-m', 'pytest', '-p', 'no:cacheprovider']],
    passed: /\b1 passed\b/,
    started: /the local cloud did not start/,
  },
  JUnit: {
    commands: [
      ['javac', '-cp', JUNIT, '-d', 'classes', 'LocalCloud.java', 'UploadTest.java'],
      ['java', '-jar', JUNIT, '-cp', 'classes', '--scan-classpath', '--disable-banner'],
    ],
    passed: /\b1 tests successful\b/,
    started: /the local cloud did not start/,
  },
  Go: {
    commands: [['go', 'test', '-v', '-count=1', '.']],
    passed: /--- PASS: TestAnUploadIsProven/,
    started: /the local cloud did not start/,
  },
  PHPUnit: {
    commands: [
      ['phpunit', '--bootstrap', 'bootstrap.php', '--do-not-cache-result', 'UploadTest.php'],
    ],
    passed: /OK \(1 test, 1 assertion\)/,
    started: /The local cloud did not start/,
  },
}

function cloudsOfProject(): string[] {
  const processes = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).split('\n')
  return processes.filter((line) => line.includes('node_modules/.bin/oss-direct local'))
}

describe.each(Object.entries(LANGUAGES))('%s', (_name, { commands, passed, started }) => {
  const runAll = async (env: NodeJS.ProcessEnv = {}) => {
    let ended = await runExample(commands[0] ?? [], { cwd: project, env })
    for (const command of commands.slice(1)) {
      expect(ended).toMatchObject({ status: 0 })
      ended = await runExample(command, { cwd: project, env })
    }
    return ended
  }

  it('starts the local cloud for a test, and stops it', async () => {
    const before = cloudsOfProject()
    const { status, stdout, stderr } = await runAll()
    expect(stdout + stderr).toMatch(passed)
    expect(status).toBe(0)
    expect(cloudsOfProject()).toEqual(before)
  })

  it('fails with a reason where the local cloud does not start', async () => {
    // A setting of the functions that they refuse.
    const { status, stdout, stderr } = await runAll({ LOG_LEVEL: 'loud' })
    expect(status).toBeGreaterThan(0)
    expect(stdout + stderr).toMatch(started)
    expect(stdout + stderr).toContain('LOG_LEVEL')
  })
})
