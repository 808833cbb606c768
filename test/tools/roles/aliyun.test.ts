import { spawnSync } from 'node:child_process'
import rules from '../../../rules'
import { type Deployment, toScript } from '../../../tools/roles/aliyun'
import { describeBuckets } from '../../../tools/roles/buckets'
import { describeRoles } from '../../../tools/roles/describe'
import { type StubAliyun, stubAliyun } from './support/aliyun'

const ACCOUNT = '1234567890123456'
// Everything that a shell would read as something else.
const ORIGINS = ["https://it's.example.com", 'https://$(touch hacked).example.com']
const DEPLOYMENT: Deployment = {
  account: ACCOUNT,
  region: 'cn-shanghai',
  roles: describeRoles(rules, { bucket: 'demo-bkt', account: ACCOUNT, region: 'cn-shanghai' }),
  buckets: describeBuckets(rules, { bucket: 'demo-bkt', origins: ORIGINS }),
}
const NAMES = Object.keys(DEPLOYMENT.roles)

let aliyun: StubAliyun
beforeEach(() => {
  aliyun = stubAliyun()
})
afterEach(() => aliyun.remove())

function run(deployment = DEPLOYMENT, env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync('bash', ['-s'], {
    input: toScript(deployment),
    cwd: aliyun.folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${aliyun.folder}:${process.env.PATH}`, ...env },
  })
  return { status, stdout, stderr, operations: aliyun.operations() }
}

const CHANGES = /^(?:Create|Update|Attach|put-)/

it('is a script that bash understands', () => {
  const { status, stderr } = spawnSync('bash', ['-n'], {
    input: toScript(DEPLOYMENT),
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
})

it('creates every role, policy and setting as it is described, whatever signs are in it', () => {
  const { status, stderr, stdout } = run()
  expect([status, stderr]).toEqual([0, ''])
  const { cors, lifecycle } = DEPLOYMENT.buckets['demo-bkt'] as Deployment['buckets'][string]
  const state = aliyun.state()
  expect(state).toEqual({
    ...Object.fromEntries(
      Object.entries(DEPLOYMENT.roles).flatMap(([name, { trust, policy }]) => [
        [`role ${name}`, JSON.stringify(trust)],
        [`policy ${name}`, JSON.stringify(policy)],
        [`attached role ${name}`, name],
      ]),
    ),
    'bucket-acl demo-bkt': 'private',
    'bucket-public-access-block demo-bkt': '{"BlockPublicAccess":"true"}',
    'bucket-cors demo-bkt': JSON.stringify(cors),
    'bucket-lifecycle demo-bkt': JSON.stringify(lifecycle),
  })
  expect(stdout).toContain(`ROLE_SIGNED_URL=acs:ram::${ACCOUNT}:role/oss-direct-signed-url\n`)
  expect(stdout).toContain(`STS_ROLE_ARN=acs:ram::${ACCOUNT}:role/oss-direct-delegate\n`)
})

it('creates a role after those that it trusts, which RAM asks for', () => {
  expect(NAMES.indexOf('oss-direct-delegate')).toBeGreaterThan(NAMES.indexOf('oss-direct-sts'))
})

it('changes nothing when it runs again, but for what is the same when it is sent twice', () => {
  run()
  const before = aliyun.state()
  const { status, stdout, operations } = run()
  expect(status).toBe(0)
  expect(aliyun.state()).toEqual(before)
  const changes = new Set(operations.filter((name) => CHANGES.test(name)))
  expect([...changes]).toEqual(['UpdateRole', 'put-bucket-acl', 'put-bucket-public-access-block'])
  expect(stdout).toContain('demo-bkt: has cors rules, which stay as they are')
})

it('makes a new version of a policy that differs, and of no other', () => {
  run()
  aliyun.change({ 'policy oss-direct-sts': '{"Version":"1","Statement":[]}' })
  const { operations } = run()
  expect(operations.filter((name) => name === 'CreatePolicyVersion')).toHaveLength(1)
  expect(aliyun.state()['policy oss-direct-sts']).toBe(
    JSON.stringify(DEPLOYMENT.roles['oss-direct-sts']?.policy),
  )
})

it("replaces a bucket's own rules only when it is told to", () => {
  aliyun.change({ 'bucket-cors demo-bkt': 'own', 'bucket-lifecycle demo-bkt': 'own' })
  run()
  expect(aliyun.state()).toMatchObject({
    'bucket-cors demo-bkt': 'own',
    'bucket-lifecycle demo-bkt': 'own',
  })
  run(DEPLOYMENT, { REPLACE: '1' })
  expect(aliyun.state()['bucket-cors demo-bkt']).toContain('AllowedOrigin')
  expect(aliyun.state()['bucket-lifecycle demo-bkt']).toContain('oss-direct-parts')
})

it('stops where it may not look, and creates nothing', () => {
  aliyun.change({ denied: '' })
  const { status, stderr, operations } = run()
  expect([status, stderr]).toEqual([1, 'ErrorCode: NoPermission\n'])
  expect(operations).toEqual(['GetRole'])
})
