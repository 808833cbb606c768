import type { Finding } from '../../../tools/findings'
import { PAGE, run, setLifecycle, sharePatient } from './support/patient'

const patient = sharePatient()

it('finds nothing wrong with the local cloud as oss-direct roles sets it, and ends with 0', async () => {
  const { status, findings, bad } = await run()
  expect(bad).toEqual([])
  expect(status).toBe(0)
  expect(new Set(findings.map(({ subject }) => subject))).toEqual(
    new Set([
      ...['credentials', 'bucket', 'region', 'clock', 'endpoint', 'versioning', 'CORS', 'public'],
      ...[
        'parts',
        'owed events',
        'lifecycle',
        'origin',
        'sessions',
        'narrowing',
        'keys',
        'callback',
      ],
    ]),
  )
})

describe('a fault of the bucket', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    [
      'an endpoint that is closed to objects',
      'endpoint',
      async () => patient.cloud().setFaults([{ match: {}, respond: 'publicEndpointForbidden' }]),
    ],
    [
      'versioning',
      'versioning',
      async () => patient.cloud().setFaults([{ match: {}, respond: 'versioned' }]),
    ],
    ['no CORS rule', 'CORS', () => patient.client().deleteBucketCORS(patient.cloud().info.bucket)],
    [
      'a public ACL',
      'public',
      () => patient.client().putBucketACL(patient.cloud().info.bucket, 'public-read'),
    ],
    [
      'parts that stay',
      'parts',
      () => setLifecycle([{ Prefix: '.oss-direct/', Status: 'Enabled', Expiration: { Days: 30 } }]),
    ],
    [
      'owed events that are removed',
      'owed events',
      () =>
        setLifecycle([
          {
            Prefix: '',
            Status: 'Enabled',
            Expiration: { Days: 30 },
            AbortMultipartUpload: { Days: 7 },
          },
        ]),
    ],
    [
      'markers that stay',
      'lifecycle',
      () => setLifecycle([{ Prefix: '', Status: 'Enabled', AbortMultipartUpload: { Days: 7 } }]),
    ],
  ])('is found: %s', async (_, subject, make) => {
    await make()
    const { status, bad } = await run()
    const finding = { state: 'wrong', why: expect.any(String), fix: expect.any(String) }
    expect(bad[0]).toMatchObject({ ...finding, subject })
    expect(status).toBe(1)
  })

  it('is found for the one origin that CORS leaves out', async () => {
    const { status, bad } = await run({ args: ['--origins', `${PAGE},https://other.example.com`] })
    expect([status, bad]).toEqual([
      1,
      [
        expect.objectContaining({
          state: 'wrong',
          subject: 'origin',
          what: expect.stringContaining('https://other.example.com may not PUT'),
        }),
      ],
    ])
  })
})

describe('what keeps it from looking', () => {
  const statesOf = ({ findings }: { findings: Finding[] }, ...subjects: string[]) =>
    findings
      .filter(({ subject }) => subjects.includes(subject))
      .map(({ subject, state, what }) => [subject, state, what])

  it('is told: no such bucket', async () => {
    const result = await run({ args: ['--bucket', 'not-there'] })
    expect(statesOf(result, 'bucket')).toEqual([['bucket', 'wrong', 'is not there']])
    expect(result.status).toBe(1)
  })

  it('is told: no right', async () => {
    const env = {
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'guest-key',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'guest-secret',
    }
    const result = await run({ env })
    expect(statesOf(result, 'bucket', 'sessions')).toEqual([
      ['bucket', 'wrong', 'may not be read with this key'],
      ['sessions', 'wrong', 'may not be opened with this key'],
    ])
    expect(result.status).toBe(1)
  })

  it('is told: a wrong secret, and a key of STS without its token', async () => {
    const secret = await run({ env: { ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'other' } })
    expect(statesOf(secret, 'bucket')).toEqual([
      ['bucket', 'wrong', 'is not asked: the secret is of another key'],
    ])
    const token = await run({ env: { ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.a' } })
    expect(statesOf(token, 'credentials')[0]).toEqual([
      'credentials',
      'wrong',
      'have a key id of STS, but no token',
    ])
  })

  it('is told: another region', async () => {
    const result = await run({ args: ['--region', 'cn-shanghai'] })
    expect(statesOf(result, 'region')).toEqual([
      ['region', 'wrong', expect.stringContaining('not cn-shanghai')],
    ])
    expect(result.status).toBe(1)
  })

  it('is told: no network, which is unknown and not fine', async () => {
    const nowhere = 'http://127.0.0.1:65535'
    const result = await run({ args: ['--endpoint', nowhere, '--sts', nowhere, '--jwks', nowhere] })
    expect(
      statesOf(result, 'bucket', 'sessions', 'keys').map(([subject, state]) => [subject, state]),
    ).toEqual([
      ['bucket', 'unknown'],
      ['sessions', 'unknown'],
      ['keys', 'unknown'],
    ])
    expect(result.status).toBe(1)
  })

  it('is told: a clock that is hours away', async () => {
    const before = patient.cloud().clock.now()
    patient.cloud().clock.set(before + 7_200_000)
    const result = await run()
    patient.cloud().clock.set(before)
    expect(statesOf(result, 'clock')).toEqual([
      ['clock', 'wrong', expect.stringMatching(/^is 7\d{3} s/)],
    ])
  })
})

describe('the deployment', () => {
  it('is found wrong without its role', async () => {
    const { bad } = await run({ args: ['--role', 'acs:ram::1234567890123456:role/not-there'] })
    expect(bad).toMatchObject([
      { state: 'wrong', subject: 'sessions', what: expect.stringContaining('does not exist') },
    ])
  })

  it.each([
    ['an error', 500, '{"keys":[{}]}'],
    ['a page', 200, '<html></html>'],
    ['no key', 200, '{"keys":[]}'],
  ])('is found wrong where the issuer answers %s', async (_, status, body) => {
    patient.answerWith(status, body)
    const { bad } = await run()
    expect(bad).toMatchObject([{ state: 'wrong', subject: 'keys' }])
  })

  it.each([
    ['takes what nobody signed', 200, '{}', 'takes an unsigned request (200)'],
    ['is another function', 403, '{"code":"other"}', 'answers 403'],
    ['is not there', 404, '', 'answers 404'],
  ])('is found wrong where the callback %s', async (_, status, body, what) => {
    patient.answerWith(status, body)
    const { gateway } = patient.cloud().info
    const { bad } = await run({
      args: ['--jwks', `${gateway}/local/jwks.json`, '--callback', patient.page()],
    })
    expect(bad).toMatchObject([{ state: 'wrong', subject: 'callback', what }])
  })

  it('is found wrong where the callback cannot be reached', async () => {
    const { bad } = await run({ args: ['--callback', 'http://127.0.0.1:65535/'] })
    expect(bad).toMatchObject([
      { state: 'wrong', subject: 'callback', what: expect.stringContaining('ECONNREFUSED') },
    ])
  })

  it('is found wrong in its settings, which name the region without callbacks, too', async () => {
    const { bad, status } = await run({ env: { TICKET_SECRETS: 'short' } })
    expect([status, bad[0]]).toEqual([
      1,
      expect.objectContaining({ state: 'wrong', subject: 'settings' }),
    ])
  })
})

it('ends with 2 without a bucket, a key, or a token to upload with', async () => {
  expect(await run({ args: ['--bucket='] })).toMatchObject({ status: 2 })
  expect(await run({ args: ['--upload', 'avatar'] })).toMatchObject({ status: 2 })
  expect(await run({ env: { ALIBABA_CLOUD_ACCESS_KEY_ID: '' } })).toMatchObject({ status: 2 })
})
