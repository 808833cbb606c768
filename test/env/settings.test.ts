// Covers shared/env/conflicts.ts, shared/env/to-settings.ts and shared/env/variables.ts too.
import { generateKeyPairSync } from 'node:crypto'
import { parseSettings } from '../../shared/env/settings'
import { ENVIRONMENT, issuesOf } from './support/settings-example'

it('fills in what may be left out', () => {
  const settings = parseSettings(ENVIRONMENT)
  expect(settings.target).toEqual({
    bucket: 'demo-bucket',
    region: 'cn-hangzhou',
    endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
    addressing: 'virtual-hosted',
  })
  expect(settings.ownTarget).toBe(settings.target)
  expect(settings.sts.endpoint).toBe('https://sts.cn-hangzhou.aliyuncs.com')
  expect(settings.issuers[0]).toMatchObject({ audience: ['oss-direct'], algorithms: ['HS256'] })
  expect(settings.cors).toEqual({
    origins: [],
    headers: ['baggage', 'sentry-trace', 'traceparent', 'tracestate'],
  })
  expect(settings.logLevel).toBe('info')
  expect(settings).not.toHaveProperty('callbackKey')
})

it('takes an empty value for an absent one', () => {
  expect(parseSettings({ ...ENVIRONMENT, OSS_ENDPOINT: '', LOG_LEVEL: '' }).logLevel).toBe('info')
})

it('takes the region without oss-, the one form that Function Compute knows', () => {
  const { target } = parseSettings({ ...ENVIRONMENT, OSS_REGION: 'cn-beijing' })
  expect(target.region).toBe('cn-beijing')
  expect(issuesOf({ OSS_REGION: 'oss-cn-beijing' })).toEqual([
    '  OSS_REGION: must be a region id such as cn-hangzhou, without oss-',
  ])
})

it('reaches the internal endpoint by virtual host when clients use a custom domain', () => {
  const { target, ownTarget } = parseSettings({
    ...ENVIRONMENT,
    OSS_ENDPOINT: 'https://files.example.com',
    OSS_ADDRESSING: 'cname',
    OSS_INTERNAL_ENDPOINT: 'https://oss-cn-hangzhou-internal.aliyuncs.com',
  })
  expect(target).toMatchObject({ endpoint: 'https://files.example.com', addressing: 'cname' })
  expect(ownTarget).toMatchObject({
    endpoint: 'https://oss-cn-hangzhou-internal.aliyuncs.com',
    addressing: 'virtual-hosted',
  })
})

it('names every issue at once', () => {
  const issues = issuesOf({ OSS_BUCKET: 'B', OSS_REGION: undefined, TICKET_SECRETS: 'short' })
  expect(issues).toEqual([
    '  OSS_BUCKET: must be a bucket name: 3 to 63 of a-z 0-9 -',
    '  OSS_REGION: is missing',
    '  TICKET_SECRETS: each secret must be at least 32 bytes long',
  ])
})

it('names everything that is missing from nothing', () => {
  const names = () => parseSettings({})
  for (const name of [
    'OSS_BUCKET',
    'OSS_REGION',
    'AUTH_ISSUER',
    'TICKET_SECRETS',
    'CALLBACK_URL',
  ]) {
    expect(names).toThrow(name)
  }
})

it.each([
  ['OSS_BUCKET', 'ab'],
  ['OSS_BUCKET', 'a'.repeat(64)],
  ['OSS_BUCKET', '-bucket'],
  ['OSS_REGION', 'hangzhou'],
  ['OSS_ENDPOINT', 'http://oss-cn-hangzhou.aliyuncs.com'],
  ['OSS_ENDPOINT', 'https://oss-cn-hangzhou.aliyuncs.com/path'],
  ['OSS_ENDPOINT', 'oss-cn-hangzhou.aliyuncs.com'],
  ['OSS_ADDRESSING', 'bucket'],
  ['TICKET_SECRETS', `${'a'.repeat(32)},${'b'.repeat(31)}`],
  ['TICKET_SECRETS', ','],
  ['CALLBACK_URL', 'http://upload.example.com/upload-callback'],
  ['CALLBACK_URL', 'https://upload.example.com/upload-callback?a=b'],
  ['CALLBACK_URL', 'https://user:pass@upload.example.com/'],
  ['CALLBACK_KEY_URL', 'https://gosspublic.alicdn.com/other.pem'],
  ['STS_ROLE_ARN', 'acs:ram::123:user/name'],
  ['LOG_LEVEL', 'loud'],
  ['AUTH_SECRET', 'a'.repeat(31)],
])('refuses %s=%s', (name, value) => {
  expect(issuesOf({ [name]: value }).join()).toContain(name.startsWith('AUTH') ? 'AUTH' : name)
})

it('says which words a setting may have', () => {
  expect(issuesOf({ OSS_ADDRESSING: 'bucket', CONFIRM_UPLOADS: 'yes' })).toEqual([
    '  OSS_ADDRESSING: must be virtual-hosted, path or cname',
    '  CONFIRM_UPLOADS: must be on or off',
  ])
})

it('takes a secret of exactly 32 bytes', () => {
  expect(issuesOf({ AUTH_SECRET: 'a'.repeat(32), TICKET_SECRETS: 'b'.repeat(32) })).toEqual([])
})

it('asks for the domain when the bucket is reached by one', () => {
  expect(issuesOf({ OSS_ADDRESSING: 'cname' }).join()).toContain('OSS_ENDPOINT')
})

it.each([
  [{ CALLBACK_KEY_URL: 'http://localhost:9001/key.pem' }],
  [{ CALLBACK_KEY: '-----BEGIN PUBLIC KEY-----' }],
])('wants the local callback key and its URL together: %p', (change) => {
  expect(issuesOf(change).join()).toContain('set both or none')
})

it('takes a public key for the callbacks of a local OSS, and nothing else', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 512 })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const change = {
    OSS_ENDPOINT: 'http://localhost:9001',
    CALLBACK_KEY_URL: 'http://localhost:9001/key.pem',
    CALLBACK_KEY: pem,
  }
  expect(parseSettings({ ...ENVIRONMENT, ...change }).callbackKey?.pem).toBe(pem)
  for (const CALLBACK_KEY of [
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    pem.replace(/\n.*\n/, '\nnone\n'),
    'none',
  ]) {
    expect(issuesOf({ ...change, CALLBACK_KEY })).toEqual([
      '  CALLBACK_KEY: must be a public key in PEM',
    ])
  }
})

it('denies subjects that hold commas when they come as a JSON list', () => {
  const subsOf = (DENIED_SUBJECTS: string) => [
    ...parseSettings({ ...ENVIRONMENT, DENIED_SUBJECTS }).denied.subs,
  ]
  expect(subsOf('["CN=bob,O=acme", "eve"]')).toEqual(['CN=bob,O=acme', 'eve'])
  expect(subsOf(' eve , bob')).toEqual(['eve', 'bob'])
  for (const broken of ['[', '["a"', '[1]', '[["a"]]']) {
    expect(issuesOf({ DENIED_SUBJECTS: broken })).toEqual([
      expect.stringContaining('DENIED_SUBJECTS: must be a comma-separated list or a JSON list'),
    ])
  }
})

it('never puts a value of a secret into a issue', () => {
  const secret = 'hush'
  const issues = issuesOf({
    AUTH_SECRET: secret,
    TICKET_SECRETS: secret,
    AUTH_ISSUERS: `["${secret}"`,
  })
  expect(issues.length).toBeGreaterThan(0)
  expect(issues.join()).not.toContain(secret)
})

it.each([
  ['public', 'https://oss-cn-hangzhou.aliyuncs.com'],
  ['accelerate', 'https://oss-accelerate.aliyuncs.com'],
  ['dual-stack', 'https://cn-hangzhou.oss.aliyuncs.com'],
])('knows the host of OSS called %s', (kind, origin) => {
  const settings = parseSettings({
    ...ENVIRONMENT,
    OSS_ENDPOINT: kind,
    OSS_INTERNAL_ENDPOINT: 'internal',
  })
  expect(settings.target.endpoint).toBe(origin)
  expect(settings.ownTarget.endpoint).toBe('https://oss-cn-hangzhou-internal.aliyuncs.com')
})
