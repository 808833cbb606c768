// Covers shared/dialects/web-v1.ts and shared/dialects/web-v4.ts too.
import { toWebForm } from '../../shared/dialects/web-form'
import type { WebV1Form } from '../../shared/dialects/web-v1'
import type { WebV4Form } from '../../shared/dialects/web-v4'
import type { PrefixFormGrant, UploadGrant } from '../../shared/policy/grant'
import { FORM_SIGNERS } from '../../shared/signing/version'
import { TARGET } from './support/lent'

const NOW = 1_700_000_000
const LIMITS = {
  rule: 'web',
  sub: 'alice',
  bucket: 'demo-bkt',
  minBytes: 1,
  maxBytes: 5,
  overwrite: false,
  headers: {
    'x-oss-object-acl': 'private',
    'x-oss-storage-class': 'IA',
    'cache-control': 'no-cache',
  },
  expiresAt: NOW + 900,
}
const PREFIX: PrefixFormGrant = { ...LIMITS, kind: 'prefix-form', prefix: 'web/alice/' }
const ONE: UploadGrant = {
  ...LIMITS,
  kind: 'upload',
  mechanism: 'form',
  key: 'web/alice/in/a.png',
  contentType: 'image/png',
}
const CREDENTIALS = { accessKeyId: 'STS.id', accessKeySecret: 'secret', securityToken: 'token' }
const INPUT = {
  grant: PREFIX,
  contentTypes: ['image/*'],
  waived: [],
  callback: 'eyJ9',
  target: TARGET,
  credentials: CREDENTIALS,
  now: NOW,
}
const ALL = ['name', 'key', 'contentType', 'overwrite', 'acl', 'headers', 'callback']

type Changed = Partial<Omit<Parameters<typeof toWebForm>[1], 'sign'>>

function v4(changed: Changed = {}): WebV4Form {
  return toWebForm('web-v4', { ...INPUT, ...changed, sign: FORM_SIGNERS.v4 }) as WebV4Form
}

function v1(changed: Changed = {}): WebV1Form {
  return toWebForm('web-v1', { ...INPUT, ...changed, sign: FORM_SIGNERS.v1 }) as WebV1Form
}

function conditionsOf({ policy }: { policy: string }): unknown[] {
  return JSON.parse(Buffer.from(policy, 'base64').toString()).conditions
}

const BASE = [
  { bucket: 'demo-bkt' },
  ['content-length-range', 1, 5],
  ['starts-with', '$key', 'web/alice/'],
]
const SIGNATURE = [
  ['eq', '$x-oss-signature-version', 'OSS4-HMAC-SHA256'],
  ['eq', '$x-oss-credential', 'STS.id/20231114/cn-hangzhou/oss/aliyun_v4_request'],
  ['eq', '$x-oss-date', '20231114T221320Z'],
  ['eq', '$x-oss-security-token', 'token'],
]

describe('the answer to the sample for version 4', () => {
  it('has both names of the version, and everything that a form posts', () => {
    const fields = {
      success_action_status: '200',
      'x-oss-forbid-overwrite': 'true',
      'x-oss-object-acl': 'private',
      'x-oss-storage-class': 'IA',
      'Cache-Control': 'no-cache',
      callback: 'eyJ9',
    }
    expect(v4()).toEqual({
      policy: expect.any(String),
      x_oss_signature_version: 'OSS4-HMAC-SHA256',
      version: 'OSS4-HMAC-SHA256',
      x_oss_credential: 'STS.id/20231114/cn-hangzhou/oss/aliyun_v4_request',
      x_oss_date: '20231114T221320Z',
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
      security_token: 'token',
      host: 'https://demo-bkt.oss-cn-hangzhou.aliyuncs.com',
      dir: 'web/alice/',
      callback: 'eyJ9',
      expire: NOW + 900,
      fields: { ...fields, 'x-oss-security-token': 'token' },
    })
    const pins = Object.entries(fields).map(([name, value]) => ['eq', `$${name}`, value])
    expect(conditionsOf(v4())).toEqual([...BASE, ...pins, ...SIGNATURE])
  })

  it('asks for nothing that the sample does not post, where the rule gives everything up', () => {
    const form = v4({ waived: ALL })
    expect(form.fields).toEqual({ success_action_status: '200', 'x-oss-security-token': 'token' })
    expect(form.callback).toBe('eyJ9')
    expect(conditionsOf(form)).toEqual([
      ...BASE,
      ['starts-with', '$content-type', 'image/'],
      ['eq', '$success_action_status', '200'],
      ...SIGNATURE,
    ])
  })

  it('has no token for credentials without one', () => {
    const { securityToken: _, ...credentials } = CREDENTIALS
    expect(v4({ credentials })).not.toHaveProperty('security_token')
    expect(v1({ credentials })).not.toHaveProperty('x-oss-security-token')
  })
})

describe('the answer to the classic sample', () => {
  it('has both names of the id, the end in seconds and the token', () => {
    expect(v1({ waived: ALL })).toEqual({
      accessid: 'STS.id',
      accessId: 'STS.id',
      host: 'https://demo-bkt.oss-cn-hangzhou.aliyuncs.com',
      policy: expect.any(String),
      signature: expect.stringMatching(/^[A-Za-z0-9+/]{27}=$/),
      expire: NOW + 900,
      callback: 'eyJ9',
      dir: 'web/alice/',
      'x-oss-security-token': 'token',
      fields: { success_action_status: '200', 'x-oss-security-token': 'token' },
    })
    expect(conditionsOf(v1({ waived: ALL })).at(-1)).toEqual([
      'eq',
      '$x-oss-security-token',
      'token',
    ])
  })
})

describe('a form for one file', () => {
  it.each(['web-v1', 'web-v4'] as const)(
    'has its key and folder, and no other key passes (%s)',
    (as) => {
      const form = as === 'web-v1' ? v1({ grant: ONE }) : v4({ grant: ONE })
      expect([form.key, form.dir]).toEqual(['web/alice/in/a.png', 'web/alice/in/'])
      expect(form.fields).not.toHaveProperty('key')
      expect(conditionsOf(form)).toContainEqual(['eq', '$key', 'web/alice/in/a.png'])
      expect(JSON.stringify(conditionsOf(form))).not.toContain('starts-with')
    },
  )

  it('has its type as fields, unless the rule gives the type up', () => {
    const type = { 'Content-Type': 'image/png', 'x-oss-content-type': 'image/png' }
    expect(v4({ grant: ONE }).fields).toMatchObject(type)
    const open = v4({ grant: ONE, waived: ['contentType'] })
    expect(Object.keys(open.fields)).toEqual(expect.not.arrayContaining(Object.keys(type)))
    expect(conditionsOf(open)).toContainEqual(['eq', '$content-type', 'image/png'])
  })
})

it.each([
  ['overwrite', 'x-oss-forbid-overwrite'],
  ['acl', 'x-oss-object-acl'],
  ['headers', 'x-oss-storage-class'],
  ['headers', 'Cache-Control'],
  ['callback', 'callback'],
])('a rule that gives up %s needs no %s, and others do', (limit, field) => {
  const others = ALL.filter((each) => each !== limit)
  expect(v4({ waived: [limit] }).fields).not.toHaveProperty([field])
  expect(v4({ waived: others }).fields).toHaveProperty([field])
  expect(JSON.stringify(conditionsOf(v4({ waived: [limit] })))).not.toContain(`$${field}"`)
})

it('needs no field against overwriting where the rule allows it', () => {
  const form = v4({ grant: { ...PREFIX, overwrite: true } })
  expect(form.fields).not.toHaveProperty('x-oss-forbid-overwrite')
})

describe('the type of a form that gives it up', () => {
  it.each([
    [undefined, ['image/PNG', 'text/plain'], ['in', '$content-type', ['image/png', 'text/plain']]],
    [undefined, ['Image/*'], ['starts-with', '$content-type', 'image/']],
    [undefined, ['*/*'], undefined],
    [undefined, ['image/*', 'text/plain'], undefined],
    [undefined, ['text/plain', 'image/*'], undefined],
    [undefined, [], undefined],
    ['text/css', ['image/*', 'text/*'], ['eq', '$content-type', 'text/css']],
  ])('is %s of %j by the condition %j', (contentType, contentTypes, condition) => {
    const grant = contentType === undefined ? PREFIX : { ...PREFIX, contentType }
    const found = conditionsOf(v4({ grant, contentTypes, waived: ['contentType'] })).filter(
      (each) => JSON.stringify(each).includes('$content-type'),
    )
    expect(found).toEqual(condition === undefined ? [] : [condition])
  })
})
