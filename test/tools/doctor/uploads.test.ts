import OSS from 'ali-oss'
import { type LocalCloud, startLocalCloud } from '../../../local/start'
import rules from '../../../rules'
import { uploadId } from '../../../shared/events/event'
import { examineEvent } from '../../../tools/doctor/events'
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
  options = {
    service: gateway,
    token,
    rules,
    rule: 'avatar',
    client,
    objects: client,
    eventMs: 5000,
  }
}, 60_000)
afterEach(() => cloud.setFaults([]))
afterAll(() => cloud.close())

const DELIVERED = 'was delivered to the application, as the ledger says'

const keys = async (prefix = 'avatars/') =>
  ((await options.client.listV2({ prefix }, {})).objects ?? []).length

it('uploads by each mechanism, sees the callback proven, and leaves nothing behind', async () => {
  const before = await keys()
  expect(await examineUploads(options)).toEqual([
    { state: 'ok', subject: 'upload by url', what: 'is stored, called back and proven' },
    { state: 'ok', subject: 'event by url', what: DELIVERED },
    { state: 'ok', subject: 'upload by form', what: 'is stored, called back and proven' },
    { state: 'ok', subject: 'event by form', what: DELIVERED },
  ])
  expect(await keys()).toBe(before)
  expect(await examineUploads({ ...options, rule: 'documents' })).toEqual([
    { state: 'ok', subject: 'upload by url', what: 'is stored, called back and proven' },
    { state: 'ok', subject: 'event by url', what: DELIVERED },
    { state: 'ok', subject: 'upload by sts', what: 'is stored, called back and proven' },
    { state: 'ok', subject: 'event by sts', what: DELIVERED },
  ])
  expect(await keys('documents/')).toBe(0)
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
  expect((await examineUploads(options))[2]).toMatchObject({
    state: 'unknown',
    subject: 'cleaning up',
  })
})

describe('an event', () => {
  it('is found owed where the consumer may not be invoked, and is kept for the sweep', async () => {
    const { roles } = cloud.account
    const role = roles.find(({ name }) => name === 'oss-direct-upload-callback')
    if (!role) throw new Error('There is no role of upload-callback')
    const stored = await keys()
    const before = role.policies
    role.policies = before.map(({ Version, Statement }) => ({
      Version,
      Statement: Statement.filter(({ Action }) => !String(Action).includes('fc:InvokeFunction')),
    }))
    const findings = await examineUploads({ ...options, eventMs: 1000 })
    role.policies = before
    const owed = { state: 'wrong', what: 'is owed: the consumer was not reached' }
    expect(findings.filter(({ subject }) => subject.startsWith('event'))).toMatchObject([
      { subject: 'event by url', ...owed, fix: expect.stringContaining('EVENT_FUNCTION') },
      { subject: 'event by form', ...owed },
    ])
    expect(await keys()).toBe(stored)
  })

  it.each([
    ['nobody claimed it', undefined, 'is not in the ledger after 0.3 s'],
    ['nobody delivered it', { isSettled: false }, 'was claimed, but not delivered within 0.3 s'],
  ])('is found lost where %s', async (_, marker, what) => {
    const key = `other/${marker ? 'claimed' : 'unknown'}.txt`
    const { client } = options
    await client.put(key, Buffer.from('hello'))
    const seen = { client, objects: client, eventMs: 300 }
    const { res } = await client.head(key)
    const headers = res.headers as Record<string, string>
    const id = uploadId({
      ...{ bucket: cloud.info.bucket, key, size: 5, metadata: {} },
      ...{
        etag: headers.etag?.replaceAll('"', '') ?? '',
        contentType: headers['content-type'] ?? '',
      },
      uploadedAt: new Date(headers['last-modified'] ?? '').toISOString().replace('.000', ''),
    })
    if (marker) await client.put(`.oss-direct/uploads/${id}`, Buffer.from(JSON.stringify(marker)))
    const found = await examineEvent('url', key, seen)
    expect(found).toMatchObject({ state: 'wrong', subject: 'event by url', what })
    await client.delete(key)
  })

  it('is unknown where the ledger may not be read', async () => {
    cloud.setFaults([{ match: { key: '.oss-direct/uploads/*' }, respond: 503 }])
    const [, event] = await examineUploads(options)
    expect(event).toMatchObject({ state: 'unknown', subject: 'event by url' })
    expect(event?.fix).toContain('oss:GetObject')
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
