import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type LocalCloud, startLocalCloud } from '../../local/start'
import { type BucketFacts, diagnose } from '../../tools/doctor'

const HEALTHY: BucketFacts = {
  versioning: 'off',
  cors: [{ allowedMethod: ['GET', 'HEAD', 'PUT', 'POST'], exposeHeader: ['ETag'] }],
  lifecycle: [{ prefix: '.oss-direct/uploads/', status: 'Enabled', days: '30' }],
}

function stateOf(subject: string, change: Partial<BucketFacts>): string | undefined {
  return diagnose({ ...HEALTHY, ...change }).find((finding) => finding.subject === subject)?.state
}

it('finds nothing wrong with a healthy bucket', () => {
  expect(diagnose(HEALTHY).map(({ state }) => state)).toEqual(['ok', 'ok', 'ok'])
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

it.each([
  ['no rule', []],
  ['another prefix', [{ prefix: 'logs/', status: 'Enabled', days: 30 }]],
  ['a rule that is off', [{ prefix: '.oss-direct/', status: 'Disabled', days: 30 }]],
  ['29 days', [{ prefix: '.oss-direct/', status: 'Enabled', days: 29 }]],
  ['one rule of two too short', [{ status: 'Enabled', days: 1 }, ...(HEALTHY.lifecycle ?? [])]],
])('finds a lifecycle with %s wrong', (_, lifecycle) => {
  expect(stateOf('lifecycle', { lifecycle })).toBe('wrong')
})

it('says what it could not read instead of guessing', () => {
  const nothing = { versioning: undefined, cors: undefined, lifecycle: undefined }
  expect(diagnose(nothing).map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown'])
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
    const command = ['--import', 'tsx', 'tools/doctor.ts', ...args]
    return promisify(execFile)(process.execPath, command, { env }).then(
      ({ stdout }) => ({ output: stdout, status: 0 }),
      ({ stdout, stderr, code }) => ({ output: stdout + stderr, status: code }),
    )
  }

  it('asks a real bucket, and names what it could not read there', async () => {
    const { bucket, region, oss } = cloud.info
    const where = ['--region', region, '--endpoint', oss]
    const { output, status } = await run(['--bucket', bucket, ...where])
    expect(output).toMatch(/^ok +CORS/m)
    expect(output).toMatch(/^unknown +versioning/m)
    expect(status).toBe(0)
    const other = await run(['--bucket', 'not-there', ...where])
    expect([other.output.trim(), other.status]).toEqual([
      "The bucket not-there can't be read: NoSuchBucket",
      2,
    ])
  })

  it('says what it needs', async () => {
    const { output, status } = await run([])
    expect(output).toContain('--bucket and --region are needed')
    expect(status).toBe(2)
  })
})
