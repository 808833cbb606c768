import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseCommand } from '../../local/arguments'
import { findSeedIssues } from '../../local/seed'
import { UsageError } from '../../tools/command-line'

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
  [['--endpoint-hosts', 'a.test,b.test'], { endpointHosts: ['a.test', 'b.test'] }],
  [
    ['--callback-hosts', 'a.test:3000', '--callback-hosts', 'b'],
    { callbackHosts: ['a.test:3000', 'b'] },
  ],
  [['--instances', '4'], { instances: 4 }],
])('reads %j', (argv, options) => {
  expect(parseCommand(argv)).toEqual({ options, notes: [] })
})

it('gives help before all else', () => {
  expect(parseCommand(['--help', '--port', 'abc', '--colour'])).toBe('help')
  expect(parseCommand(['-h'])).toBe('help')
  expect(parseCommand(['--port', 'abc', '--version'])).toBe('version')
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
  [['--only', 'fc'], /--only must have oss and sts as well/],
  [['--quiet=yes'], /--quiet takes no value/],
  [['--data', '--json'], /--data must have a value/],
  [['--bucket', 'A_b'], /--bucket must be/],
  [['--bucket', 'ab'], /--bucket must be/],
  [['--clock', 'yesterday'], /--clock must be an ISO time/],
  [['--instances', '0'], /--instances must be a number from 1 to 1000, not "0"/],
  [['--instances', '1001'], /--instances must be a number from 1/],
  [['--endpoint-hosts', 'a.test,b:1'], /--endpoint-hosts must be a host name, .*, not "b:1"/],
  [['--callback-hosts', 'http://a'], /--callback-hosts must be a host name, .*, not "http:\/\/a"/],
  [['--prot', '1'], /--prot is not an option: did you mean --port\?/],
  [['--endpoint-host', 'a'], /did you mean --endpoint-hosts\?/],
  [['--xyz'], /--xyz is not an option$/],
  [['--env', 'none.env'], /--env none\.env: does not exist/],
])('refuses %j', (argv, message) => {
  expect(() => parseCommand(argv)).toThrow(UsageError)
  expect(() => parseCommand(argv)).toThrow(message)
})

it('tells every issue of a command line at once', () => {
  const seed = join(folder, 'none.json')
  const argv = ['--colour', '--port', 'x', '--only', 'os,sts', '--clock', 'nope', '--bucket', 'A_B']
  const parse = () => parseCommand([...argv, '--bucket', 'good', '--seed', seed, 'extra', '--host'])
  expect(parse).toThrow(
    new UsageError(
      [
        '--colour is not an option',
        '"extra" is not an option',
        '--host must have a value',
        `--seed ${seed}: does not exist`,
        '--port must be a number from 0 to 65533, not "x"',
        '--only must be some of oss,sts,fc, not "os,sts"',
        '--bucket must be a bucket name: 3 to 63 of a-z 0-9 -, not "A_B"',
        '--clock must be an ISO time such as 2026-01-02T03:04:05Z, not "nope"',
      ].join('\n'),
    ),
  )
})

describe('a seed file', () => {
  it('brings keys, users and roles', () => {
    const seed = {
      id: '1111222233334444',
      root: { accessKeyId: 'r', accessKeySecret: 's' },
      users: [{ name: 'u', accessKeyId: 'k', accessKeySecret: 's', policies: [POLICY] }],
      roles: [{ name: 'app', trusts: ['user/u'], policies: [POLICY], externalId: 'e' }],
    }
    expect(parseCommand(['--seed', seedFile(JSON.stringify(seed))])).toEqual({
      options: { seed },
      notes: [],
    })
  })

  it('is refused with every issue at once', () => {
    const seed = {
      id: '1',
      users: [{ name: 'u', accessKeyId: '', policies: [{ Version: '2' }] }],
      roles: [{ name: 'a/b', trusts: 'x', policies: [], maxSessionSeconds: 60 }],
      colour: 'red',
    }
    const file = seedFile(JSON.stringify(seed))
    for (const issue of [
      'id must have 16 digits',
      'users.0.accessKeyId must be at least 1 characters long',
      'users.0.accessKeySecret is missing',
      'users.0.policies.0 is not a policy',
      'roles.0.name must be 1 to 64',
      'roles.0.trusts must be an array',
      'roles.0.maxSessionSeconds must be at least 3600',
      'colour is not known',
    ]) {
      expect(() => parseCommand(['--seed', file])).toThrow(`--seed ${file}: ${issue}`)
    }
  })

  it('may give no name and no key id twice, nor the id of a session, all told at once', () => {
    const user = { accessKeySecret: 's', policies: [] }
    const role = { trusts: [], policies: [] }
    const seed = {
      id: '1',
      users: [
        { ...user, name: 'a', accessKeyId: 'local-root-key' },
        { ...user, name: 'a', accessKeyId: 'STS.x' },
        { ...user, name: 'b', accessKeyId: 'STS.x' },
      ],
      roles: [
        { ...role, name: 'app' },
        { ...role, name: 'App' },
      ],
    }
    expect(findSeedIssues(seed).map(({ path }) => path)).toEqual([
      ...['id', 'users.0.accessKeyId', 'users.2.accessKeyId'],
      ...['users.1.accessKeyId', 'users.2.accessKeyId', 'users.1.name', 'roles.1.name'],
    ])
    expect(findSeedIssues({ users: [], roles: [] })).toEqual([])
  })

  it.each(['null', '[]', '"text"', '{', ''])('is refused when it is %j', (content) => {
    expect(() => parseCommand(['--seed', seedFile(content)])).toThrow(/^--seed .*seed\.json: /)
  })

  it('must be a file', () => {
    expect(() => parseCommand(['--seed', folder])).toThrow(`--seed ${folder}: is a folder`)
  })
})

describe('settings of the functions', () => {
  const write = (content: string) => {
    const file = join(folder, 'settings.env')
    writeFileSync(file, content)
    return file
  }
  const read = (content: string, environment = {}) =>
    parseCommand(['--env', write(content)], environment) as Exclude<
      ReturnType<typeof parseCommand>,
      string
    >

  it('come from the environment', () => {
    const environment = { FORM_REDIRECTS: 'https://a.example/done', HOME: '/root', LEDGER: '' }
    expect(parseCommand([], environment)).toEqual({
      options: { settings: { FORM_REDIRECTS: 'https://a.example/done' } },
      notes: [],
    })
  })

  it('come from a file, over the environment', () => {
    const content = '# of a test\nFORM_REDIRECTS="https://b.example/done"\nexport LEDGER=memory\n'
    const { options, notes } = read(content, { LEDGER: 'oss', CONFIRM_UPLOADS: 'off' })
    expect(options.settings).toEqual({
      ...{ FORM_REDIRECTS: 'https://b.example/done', LEDGER: 'memory', CONFIRM_UPLOADS: 'off' },
    })
    expect(notes).toEqual([])
  })

  it.each(['OSS_ENDPOINT', 'TICKET_SECRETS', 'CALLBACK_URL', 'STS_ROLE_ARN'])(
    'do not replace %s, which is said',
    (name) => {
      const { options, notes } = read(`${name}=https://a.example`, { [name]: 'other' })
      expect(options.settings).toBeUndefined()
      expect(notes).toEqual([
        `${name} in the environment is ignored: the local cloud sets it`,
        `${name} in ${join(folder, 'settings.env')} is ignored: the local cloud sets it`,
      ])
    },
  )

  it('replace the local issuer by all of that in the file, never by the environment', () => {
    const issuer = { AUTH_ISSUER: 'https://a.example', AUTH_SECRET: 'secret' }
    const content = Object.entries(issuer).map(([name, value]) => `${name}=${value}`)
    const { options, notes } = read(content.join('\n'), { AUTH_JWKS_URL: 'https://b.example' })
    const others = ['AUDIENCE', 'JWKS_URL', 'PUBLIC_KEY', 'ALGORITHMS', 'TOKEN_TYPE', 'ISSUERS']
    const emptied = Object.fromEntries(others.map((name) => [`AUTH_${name}`, '']))
    expect(options.settings).toEqual({ ...issuer, ...emptied })
    expect(notes).toEqual(['AUTH_JWKS_URL in the environment is ignored: the local cloud sets it'])
    expect(read('AUTH_ISSUER=', issuer).options.settings).toBeUndefined()
  })

  it('have names, and others in the file are named', () => {
    expect(read('FORM_REDIRECT=x').notes).toEqual([
      `FORM_REDIRECT in ${join(folder, 'settings.env')} is ignored: it is not a setting of the functions`,
    ])
  })

  it('come from a file that can be read', () => {
    expect(() => parseCommand(['--env', folder])).toThrow(`--env ${folder}: is a folder`)
  })
})
