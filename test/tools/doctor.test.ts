import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type LocalCloud, startLocalCloud } from '../../local/start'
import { type BucketFacts, diagnose } from '../../tools/doctor'

const HEALTHY: BucketFacts = {
  endpoint: 'open',
  versioning: 'off',
  cors: [{ allowedMethod: ['GET', 'HEAD', 'PUT', 'POST'], exposeHeader: ['ETag'] }],
  lifecycle: [
    { prefix: '.oss-direct/uploads/', status: 'Enabled', expiration: { days: '30' } },
    // What the client makes of <Prefix/>.
    { prefix: {}, status: 'Enabled', abortMultipartUpload: { days: '7' } },
  ],
  publicAccess: { acl: 'private', isBlocked: true },
}

function stateOf(subject: string, change: Partial<BucketFacts>): string | undefined {
  return diagnose({ ...HEALTHY, ...change }).find((finding) => finding.subject === subject)?.state
}

it('finds nothing wrong with a healthy bucket', () => {
  const states = new Set(diagnose(HEALTHY).map(({ state }) => state))
  expect([...states]).toEqual(['ok'])
})

it.each(['Enabled', 'Suspended'] as const)('finds versioning %s wrong', (versioning) => {
  expect(stateOf('versioning', { versioning })).toBe('wrong')
})

it.each([
  ['no rule', []],
  ['no PUT', [{ allowedMethod: ['GET', 'HEAD', 'POST'], exposeHeader: 'ETag' }]],
  ['no exposed ETag', [{ allowedMethod: ['GET', 'HEAD', 'PUT', 'POST'], exposeHeader: [] }]],
])('finds CORS with %s wrong', (_, cors) => {
  expect(stateOf('CORS', { cors })).toBe('wrong')
})

const marking = (rule: object) => [{ status: 'Enabled', expiration: { days: 30 }, ...rule }]

it.each([
  ['no rule', []],
  ['another prefix', marking({ prefix: 'logs/' })],
  ['a rule that is off', marking({ prefix: '.oss-direct/', status: 'Disabled' })],
  ['29 days', marking({ prefix: '.oss-direct/', expiration: { days: 29 } })],
  [
    'one rule of two too short',
    [...marking({ expiration: { days: 1 } }), ...marking({ prefix: '.oss-direct/uploads/' })],
  ],
  ['a rule that removes parts alone', [{ status: 'Enabled', abortMultipartUpload: { days: 7 } }]],
])('finds a lifecycle with %s wrong', (_, lifecycle) => {
  expect(stateOf('lifecycle', { lifecycle })).toBe('wrong')
})

it.each([
  ['nothing', [], 'ok'],
  ['markers', marking({ prefix: '.oss-direct/uploads/' }), 'ok'],
  ['the whole bucket', marking({ prefix: {} }), 'wrong'],
  ['all of the ledger', marking({ prefix: '.oss-direct/', expiration: { days: 365 } }), 'wrong'],
  ['what is owed', marking({ prefix: '.oss-direct/owed/' }), 'wrong'],
  ['some of what is owed', marking({ prefix: '.oss-direct/owed/2023' }), 'wrong'],
  ['what is owed, but is off', marking({ prefix: '.oss-direct/owed/', status: 'Disabled' }), 'ok'],
  ['parts alone', [{ status: 'Enabled', abortMultipartUpload: { days: 7 } }], 'ok'],
])('judges a lifecycle that removes %s', (...[, lifecycle, state]) => {
  expect(stateOf('owed events', { lifecycle })).toBe(state)
})

const aborting = (rule: object) => [
  { status: 'Enabled', abortMultipartUpload: { days: 7 }, ...rule },
]

it.each([
  ['no rule', [], 'wrong'],
  ['a rule on a part of the bucket', aborting({ prefix: 'videos/' }), 'wrong'],
  ['a rule that is off', aborting({ status: 'Disabled' }), 'wrong'],
  ['a rule that removes objects alone', marking({}), 'wrong'],
  ['1 day', aborting({ abortMultipartUpload: { days: 1 } }), 'wrong'],
  ['2 days', aborting({ abortMultipartUpload: { days: '2' } }), 'ok'],
  ['30 days', aborting({ abortMultipartUpload: { days: '30' } }), 'ok'],
  ['31 days', aborting({ abortMultipartUpload: { days: 31 } }), 'wrong'],
])('judges uploads in parts that nobody completes by %s', (...[, lifecycle, state]) => {
  expect(stateOf('parts', { lifecycle })).toBe(state)
})

it.each([
  ['private', false, 'ok'],
  ['public-read', true, 'ok'],
  ['public-read', false, 'wrong'],
  ['public-read-write', false, 'wrong'],
])('finds a bucket %s, Block Public Access %s, %s', (acl, isBlocked, state) => {
  expect(stateOf('public', { publicAccess: { acl, isBlocked } })).toBe(state)
})

it('says what it could not read instead of guessing', () => {
  const names = Object.keys(HEALTHY)
  const nothing = Object.fromEntries(names.map((name) => [name, undefined]))
  const states = new Set(diagnose(nothing as BucketFacts).map(({ state }) => state))
  expect([...states]).toEqual(['unknown'])
})

describe('npm run doctor', () => {
  let cloud: LocalCloud

  beforeAll(async () => {
    cloud = await startLocalCloud({ port: 0, only: ['oss', 'sts'], quiet: true })
  }, 60_000)

  afterAll(() => cloud.close())

  async function run(args: string[]): Promise<{ output: string; status: unknown }> {
    const { accessKeyId, accessKeySecret } = cloud.info
    const env = {
      ...process.env,
      ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
    }
    const command = ['--import', 'tsx', 'local/bin.ts', 'doctor', ...args]
    return promisify(execFile)(process.execPath, command, { env }).then(
      ({ stdout }) => ({ output: stdout, status: 0 }),
      ({ stdout, stderr, code }) => ({ output: stdout + stderr, status: code }),
    )
  }

  it('asks a real bucket, and names what it could not read there', async () => {
    const { bucket, region, oss } = cloud.info
    const where = ['--region', region, '--endpoint', oss]
    const { output, status } = await run(['--bucket', bucket, ...where])
    expect(output).toMatch(/^ok +endpoint/m)
    expect(output).toMatch(/^ok +CORS/m)
    expect(output).toMatch(/^unknown +versioning/m)
    expect(output).toMatch(/^ok +public/m)
    expect(status).toBe(0)
    const other = await run(['--bucket', 'not-there', ...where])
    expect([other.output.trim(), other.status]).toEqual([
      "The bucket not-there can't be read: NoSuchBucket",
      1,
    ])
  })

  it('finds an endpoint that is closed to objects, and says the way out', async () => {
    const { bucket, region, oss } = cloud.info
    cloud.setFaults([{ match: {}, respond: 'publicEndpointForbidden' }])
    const { output, status } = await run([
      ...['--bucket', bucket],
      ...['--region', region, '--endpoint', oss],
    ])
    cloud.setFaults([])
    expect(output).toMatch(/^wrong +endpoint .*OSS_ENDPOINT=https:.* OSS_ADDRESSING=cname/m)
    expect(output).toContain('OSS_INTERNAL_ENDPOINT=internal')
    expect(status).toBe(1)
  })

  it('says what it needs', async () => {
    const { output, status } = await run([])
    expect(output).toContain('--bucket and --region are needed')
    expect(status).toBe(2)
  })
})
