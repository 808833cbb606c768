import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseCommand, UsageError } from '../../../local/command'
import { parseSeed } from '../../../local/seed'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function seedFile(content: string): string {
  const file = join(folder, 'seed.json')
  writeFileSync(file, content)
  return file
}

const POLICY = { Version: '1', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

it.each<[string[], object]>([
  [[], {}],
  [['--port', '0'], { port: 0 }],
  [['--port=65533'], { port: 65_533 }],
  [['--only', 'oss,sts'], { only: ['oss', 'sts'] }],
  [['--only', 'sts'], { only: ['sts'] }],
  [['--data', 'd', '--rules', 'r.ts', '--host', 'h'], { dataDir: 'd', rules: 'r.ts', host: 'h' }],
  [['--bucket', 'one', '--bucket', 'two'], { buckets: ['one', 'two'] }],
  [['--clock', '2026-01-02T03:04:05Z'], { clock: '2026-01-02T03:04:05Z' }],
  [['--quiet', '--json'], { quiet: true, json: true }],
])('reads %j', (argv, options) => {
  expect(parseCommand(argv)).toEqual(options)
})

it('gives help before all else', () => {
  expect(parseCommand(['--help', '--port', 'abc'])).toBe('help')
})

it.each<[string[], RegExp]>([
  [['--colour'], /--colour/],
  [['extra'], /extra/],
  [['--port'], /--port/],
  [['--port', 'abc'], /--port must be a number/],
  [['--port=-1'], /--port must be a number/],
  [['--port', 'NaN'], /--port must be a number/],
  [['--port', '65534'], /--port must be a number/],
  [['--only', 'oss,s3'], /--only must be some of oss,sts,fc/],
  [['--only', ''], /--only/],
  [['--only', 'oss,oss'], /--only/],
  [['--bucket', 'A_b'], /--bucket must be/],
  [['--bucket', 'ab'], /--bucket must be/],
  [['--clock', 'yesterday'], /--clock must be an ISO time/],
])('refuses %j', (argv, message) => {
  expect(() => parseCommand(argv)).toThrow(UsageError)
  expect(() => parseCommand(argv)).toThrow(message)
})

describe('a seed file', () => {
  it('brings keys, users and roles', () => {
    const seed = {
      id: '1111222233334444',
      root: { accessKeyId: 'r', accessKeySecret: 's' },
      users: [{ name: 'u', accessKeyId: 'k', accessKeySecret: 's', policies: [POLICY] }],
      roles: [{ name: 'app', trusts: ['user/u'], policies: [POLICY], externalId: 'e' }],
    }
    expect(parseCommand(['--seed', seedFile(JSON.stringify(seed))])).toEqual({ seed })
  })

  it('is refused with every fault at once', () => {
    const read = () =>
      parseSeed({
        id: '1',
        users: [{ name: 'u', accessKeyId: '', policies: [{ Version: '2' }] }],
        roles: [{ name: 'a/b', trusts: 'x', policies: [], maxSessionSeconds: 60 }],
        colour: 'red',
      })
    for (const path of [
      'id: must have 16 digits',
      'users.0.accessKeyId',
      'users.0.accessKeySecret',
      'users.0.policies.0: is not a policy',
      'roles.0.name',
      'roles.0.trusts',
      'roles.0.maxSessionSeconds',
      'colour',
    ]) {
      expect(read).toThrow(path)
    }
  })

  it.each(['null', '[]', '"text"', '{', ''])('is refused when it is %j', (content) => {
    expect(() => parseCommand(['--seed', seedFile(content)])).toThrow(/The seed/)
  })

  it('must be there', () => {
    expect(() => parseCommand(['--seed', join(folder, 'none.json')])).toThrow('none.json')
  })
})
