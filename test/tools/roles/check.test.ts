import { createAccount } from '../../../local/ram/account'
import type { Account, PolicyDocument, Role } from '../../../local/ram/types'
import { RAM_API } from '../../../local/sts/apis/ram'
import { type StsServer, startSts } from '../../../local/sts/server'
import rules from '../../../rules'
import { runTool } from '../../../tools/command-line'
import type { Finding } from '../../../tools/findings'
import { command } from '../../../tools/roles'
import { describeRoles } from '../../../tools/roles/describe'

const ACCOUNT = '1234567890123456'
const REGION = 'cn-shanghai'
const ROLES = describeRoles(rules, {
  ...{ bucket: 'demo-bkt', account: ACCOUNT, region: REGION },
  consumer: 'oss-direct-upload-consumer',
})
const READ_RAM: PolicyDocument = {
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'ram:*', Resource: '*' }],
}

let account: Account
let sts: StsServer

beforeAll(async () => {
  account = createAccount({
    id: ACCOUNT,
    users: [
      { name: 'reader', accessKeyId: 'reader', accessKeySecret: 's', policies: [READ_RAM] },
      { name: 'guest', accessKeyId: 'guest', accessKeySecret: 's', policies: [] },
    ],
  })
  const apis = [RAM_API]
  const log = () => undefined
  sts = await startSts({ host: '127.0.0.1', port: 0, account, apis, log, now: Date.now })
})
afterAll(() => sts.close())

let printed = ''
const { env } = process
beforeEach(() => {
  printed = ''
  jest.spyOn(console, 'log').mockImplementation((text) => {
    printed += text
  })
  account.roles = Object.entries(ROLES).map(([name, { trust, policy }]): Role => {
    const trusts = trust.Statement.flatMap(({ Principal: { RAM = [], Service = [] } }) => [
      ...RAM,
      ...Service,
    ])
    const arn = `acs:ram::${ACCOUNT}:role/${name}`
    const policies = [structuredClone(policy) as PolicyDocument]
    return { ...{ name, arn, trusts, policies }, maxSessionSeconds: 3600 }
  })
})
afterEach(() => {
  process.env = env
  jest.restoreAllMocks()
})

type Change = { key?: string; secret?: string; args?: string[] }

/** Runs `oss-direct roles --check` against this RAM. */
async function check({ key = 'reader', secret = 's', args = [] }: Change = {}) {
  process.env = {
    ...env,
    ALIBABA_CLOUD_ACCESS_KEY_ID: key,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret,
  }
  const where = ['--bucket', 'demo-bkt', '--account', ACCOUNT, '--region', REGION]
  const endpoints = ['--ram', sts.url, '--sts', sts.url]
  const all = ['--check', '--json', ...where, ...endpoints, ...args]
  const status = await runTool(all, command)
  const findings: Finding[] = printed.startsWith('[') ? JSON.parse(printed) : []
  const bad = findings.filter(({ state }) => state !== 'ok')
  return { status, findings, bad: bad.map(({ state, subject, what }) => [state, subject, what]) }
}

function roleOf(name: string): Role {
  const role = account.roles.find((each) => each.name === name)
  if (!role) throw new Error(`There is no role ${name}`)
  return role
}

it('finds no difference in the roles that the rules make, and ends with 0', async () => {
  const { status, findings, bad } = await check()
  expect([status, bad]).toEqual([0, []])
  expect(findings.map(({ subject }) => subject)).toEqual(['account', ...Object.keys(ROLES)])
})

const CALLBACK = 'oss-direct-upload-callback'
const firstOf = (name: string) =>
  roleOf(name).policies[0]?.Statement[0] as never as {
    Action: string[]
    Resource: string[]
    Condition?: object
  }

describe('a difference', () => {
  it.each<[string, string, string, () => unknown]>([
    [
      'a missing role',
      CALLBACK,
      '^is missing$',
      () => {
        account.roles = account.roles.filter(({ name }) => name !== CALLBACK)
      },
    ],
    [
      'an extra statement',
      CALLBACK,
      String.raw`^has besides: Allow oss:\* on \*$`,
      () =>
        roleOf(CALLBACK).policies[0]?.Statement.push({
          ...{ Effect: 'Allow', Action: 'oss:*', Resource: '*' },
        }),
    ],
    [
      'a missing statement',
      CALLBACK,
      '^lacks: Allow log:PostLogStoreLogs on acs:log:',
      () => roleOf(CALLBACK).policies[0]?.Statement.pop(),
    ],
    [
      'a missing action',
      'oss-direct-upload-sweep',
      '^does not allow oss:.+ on acs:oss:',
      () => firstOf('oss-direct-upload-sweep').Action.pop(),
    ],
    [
      'an extra action',
      'oss-direct-upload-sweep',
      '^should not allow oss:DeleteBucket on acs:oss:',
      () => firstOf('oss-direct-upload-sweep').Action.push('oss:DeleteBucket'),
    ],
    [
      'another resource',
      CALLBACK,
      '^(?:lacks|has besides): ',
      () => firstOf(CALLBACK).Resource.push('acs:oss:*:*:other/*'),
    ],
    [
      'another trust',
      'oss-direct-delegate',
      `^trusts acs:ram::${ACCOUNT}:root; the rules need acs:ram::${ACCOUNT}:role/oss-direct-sts$`,
      () => {
        roleOf('oss-direct-delegate').trusts = [`acs:ram::${ACCOUNT}:root`]
      },
    ],
    [
      'another policy',
      CALLBACK,
      String.raw`^has the policy oss-direct-upload-callback-2 \(Custom\) besides$`,
      () => roleOf(CALLBACK).policies.push(READ_RAM),
    ],
    [
      'no policy',
      CALLBACK,
      '^has no policy oss-direct-upload-callback$',
      () => {
        roleOf(CALLBACK).policies = []
      },
    ],
  ])('is found: %s', async (_, subject, what, make) => {
    make()
    const { status, bad } = await check()
    expect(status).toBe(1)
    expect(bad.length).toBeGreaterThan(0)
    for (const each of bad) {
      expect(each).toEqual(['wrong', subject, expect.stringMatching(what)])
    }
  })

  it('is none where RAM stores the same in another order, or a list of one as a text', async () => {
    const { policies } = roleOf('oss-direct-delegate')
    policies[0]?.Statement.reverse()
    for (const statement of policies[0]?.Statement ?? []) {
      const action = [statement.Action ?? []].flat().reverse()
      statement.Action = action.length === 1 ? `${action}` : action
    }
    expect(await check()).toMatchObject({ status: 0, bad: [] })
  })
})

describe('what keeps it from looking', () => {
  it('is told: no right', async () => {
    const { status, bad } = await check({ key: 'guest' })
    expect(status).toBe(1)
    expect(bad).toEqual(
      Object.keys(ROLES).map((name) => ['unknown', name, 'may not be read with this key']),
    )
  })

  it('is told: no network, of STS or of RAM alone', async () => {
    const nowhere = 'http://127.0.0.1:65535'
    const all = await check({ args: ['--ram', nowhere, '--sts', nowhere] })
    expect([all.status, all.bad]).toEqual([
      1,
      [['unknown', 'account', 'cannot be read: no network']],
    ])
    printed = ''
    const { status, bad } = await check({ args: ['--ram', nowhere] })
    expect(status).toBe(1)
    expect(new Set(bad.map(([state, , what]) => `${state}: ${what}`))).toEqual(
      new Set(['unknown: cannot be read: no network']),
    )
  })

  it('is told: a key of another account', async () => {
    const { status, bad } = await check({ args: ['--account', '6543210987654321'] })
    const what = `of the key is ${ACCOUNT}, not 6543210987654321`
    expect([status, bad]).toEqual([1, [['wrong', 'account', what]]])
  })

  it('is told: a wrong secret and an unknown key', async () => {
    const { status, bad } = await check({ secret: 'other' })
    expect([status, bad]).toEqual([
      1,
      [['unknown', 'account', 'cannot be read: the key is refused (SignatureDoesNotMatch)']],
    ])
    printed = ''
    expect(await check({ key: 'nobody' })).toMatchObject({ status: 1 })
  })
})

it('ends with 2 without a key, or with another form to print', async () => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined)
  expect(await check({ key: '' })).toMatchObject({ status: 2 })
  expect(await check({ args: ['--aliyun'] })).toMatchObject({ status: 2 })
})
