import OSS from 'ali-oss'
import { type LocalCloud, startLocalCloud } from '../../../local/start'
import rules from '../../../rules'
import { examineFunctions } from '../../../tools/doctor/functions'
import { examineUploads, type UploadOptions } from '../../../tools/doctor/uploads'

let cloud: LocalCloud
let options: UploadOptions

beforeAll(async () => {
  cloud = await startLocalCloud({ port: 0, log: () => undefined })
  const { bucket, oss, gateway, accessKeyId, accessKeySecret } = cloud.info
  const issued = await fetch(`${gateway}/local/token`, {
    method: 'POST',
    body: '{"sub":"doctor","claims":{"plan":"pro"}}',
  })
  const { token } = (await issued.json()) as { token: string }
  const client = new OSS({
    ...{ bucket, accessKeyId, accessKeySecret, endpoint: oss },
    sldEnable: true,
  } as OSS.Options)
  options = { service: gateway, token, rules, rule: 'avatar', client }
}, 60_000)
afterEach(() => cloud.setFaults([]))
afterAll(() => cloud.close())

const keys = async () =>
  ((await options.client.listV2({ prefix: 'avatars/' }, {})).objects ?? []).length

it('uploads by each mechanism, sees the callback proven, and leaves nothing behind', async () => {
  const before = await keys()
  expect(await examineUploads(options)).toEqual([
    { state: 'ok', subject: 'upload by url', what: 'is stored, called back and proven' },
    { state: 'ok', subject: 'upload by form', what: 'is stored, called back and proven' },
  ])
  expect(await keys()).toBe(before)
  expect(await examineUploads({ ...options, rule: 'documents' })).toMatchObject([
    { state: 'ok', subject: 'upload by url' },
  ])
})

it('finds callbacks that prove nothing, with the command that explains them', async () => {
  const before = await keys()
  cloud.setFaults([{ match: { who: 'functions' }, respond: 503 }])
  const findings = await examineUploads(options)
  expect(findings).toMatchObject(
    ['url', 'form'].map((way) => ({
      ...{
        state: 'wrong',
        subject: `upload by ${way}`,
        what: 'is stored, but its callback is not proven',
      },
      fix: 'oss-direct explain 0007-00000203',
    })),
  )
  expect(await keys()).toBe(before)
})

it('finds what OSS refuses', async () => {
  cloud.setFaults([{ match: { operation: 'PutObject' }, respond: 503 }])
  expect((await examineUploads(options))[0]).toMatchObject({
    state: 'wrong',
    what: expect.stringMatching(/^is refused by OSS: 503 \w+/),
  })
})

it('finds what the functions refuse, and says what is needed', async () => {
  expect(await examineUploads({ ...options, token: 'other' })).toMatchObject([
    {
      state: 'wrong',
      subject: 'upload by url',
      what: 'is refused by the functions: 401 invalid_token',
    },
    { state: 'wrong', subject: 'upload by form' },
  ])
  expect(await examineUploads({ ...options, rule: 'none' })).toMatchObject([
    { state: 'wrong', subject: 'upload' },
  ])
})

it('does not know without a network, nor whether a file is gone that it may not delete', async () => {
  const nowhere = await examineUploads({ ...options, service: 'http://127.0.0.1:65535' })
  expect(nowhere).toMatchObject([
    { state: 'unknown', what: expect.stringContaining('ECONNREFUSED') },
    { state: 'unknown' },
  ])
  cloud.setFaults([{ match: { operation: 'DeleteObject' }, respond: 503 }])
  expect((await examineUploads(options))[1]).toMatchObject({
    state: 'unknown',
    subject: 'cleaning up',
  })
})

it('sees the functions of the local cloud as they are deployed', async () => {
  const before = process.env
  const root = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'local-root-key' }
  process.env = { ...before, ...root, ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'local-root-secret' }
  const functions = [
    { functionName: 'oss-direct-upload-event', runtime: 'nodejs20', timeout: 20 },
    { functionName: 'oss-direct-sts', role: `acs:ram::${cloud.account.id}:role/oss-direct-sts` },
  ]
  const findings = await examineFunctions({ endpoint: cloud.info.sts, functions })
  process.env = before
  const event = findings.filter(({ subject }) => subject === 'oss-direct-upload-event')
  expect(event.map(({ what }) => what)).toEqual([
    expect.stringMatching(/^has variables that are not in the manifest: .*OSS_BUCKET/),
    'has a trigger that is not in the manifest: oss of local-bucket/avatars/',
    'has a trigger that is not in the manifest: oss of local-bucket/documents/',
  ])
  expect(findings.filter(({ what }) => /deployed|has role/.test(what))).toEqual([])
})
