import type { PrefixGrant } from '../../shared/policy/grant'
import { fitsSessionPolicy, sessionPolicy } from '../../shared/rules/session-policy'

const GRANT: PrefixGrant = {
  kind: 'prefix',
  rule: 'documents',
  sub: 'alice',
  bucket: 'demo-bkt',
  prefix: 'documents/alice/',
  access: 'read',
  list: false,
  acl: 'private',
  needsAcl: true,
  durationSeconds: 900,
  expiresAt: 1_700_000_900,
  contentTypes: ['*/*'],
  minBytes: 0,
  maxBytes: 1,
  headers: {},
}
const LOCAL = { secure: false }
const OBJECTS = ['acs:oss:*:*:demo-bkt/documents/alice/*']

function statements(grant: Partial<PrefixGrant>, options = LOCAL): unknown {
  const policy = JSON.parse(sessionPolicy({ ...GRANT, ...grant }, options))
  expect(policy).toEqual({ Version: '1', Statement: expect.any(Array) })
  return policy.Statement
}

const ACL = 'oss:x-oss-object-acl'
const PUT = {
  Effect: 'Allow',
  Action: ['oss:PutObject'],
  Resource: OBJECTS,
  Condition: { StringEquals: { [ACL]: ['private'] } },
}

test('lets a reader get objects and nothing else', () => {
  expect(statements({ access: 'read' })).toEqual([
    { Effect: 'Allow', Action: ['oss:GetObject'], Resource: OBJECTS },
  ])
})

test('lets a writer put objects of the one ACL alone, whole or in parts', () => {
  expect(statements({ access: 'write' })).toEqual([
    PUT,
    { Effect: 'Allow', Action: ['oss:AbortMultipartUpload', 'oss:ListParts'], Resource: OBJECTS },
  ])
})

test('lets a reader and writer do both', () => {
  expect(statements({ access: 'read-write', acl: 'public-read' })).toEqual([
    { ...PUT, Condition: { StringEquals: { [ACL]: ['public-read'] } } },
    {
      Effect: 'Allow',
      Action: ['oss:AbortMultipartUpload', 'oss:ListParts', 'oss:GetObject'],
      Resource: OBJECTS,
    },
  ])
})

test('lets a writer leave the ACL out where it need not be there, and name no other', () => {
  expect(statements({ access: 'write', needsAcl: false })).toEqual([
    {
      Effect: 'Allow',
      Action: ['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts'],
      Resource: OBJECTS,
    },
    {
      Effect: 'Deny',
      Action: ['oss:PutObject'],
      Resource: OBJECTS,
      Condition: { StringLike: { [ACL]: ['*'] }, StringNotEquals: { [ACL]: ['private'] } },
    },
  ])
})

test.each(['read', 'read-write'] as const)('lists the own prefix alone with %s', (access) => {
  expect(statements({ access, list: true })).toContainEqual({
    Effect: 'Allow',
    Action: ['oss:ListObjects'],
    Resource: ['acs:oss:*:*:demo-bkt'],
    Condition: { StringLike: { 'oss:Prefix': ['documents/alice/', 'documents/alice/*'] } },
  })
})

test('lists nothing for a writer', () => {
  expect(JSON.stringify(statements({ access: 'write', list: true }))).not.toContain(
    'oss:ListObjects',
  )
})

test.each([
  ['read', ['kms:Decrypt']],
  ['write', ['kms:GenerateDataKey', 'kms:Decrypt']],
  ['read-write', ['kms:GenerateDataKey', 'kms:Decrypt']],
] as const)('adds what %s needs of the one key that KMS encrypts with', (access, Action) => {
  expect(statements({ access, kmsKeyId: 'key-1' })).toContainEqual({
    Effect: 'Allow',
    Action,
    Resource: ['acs:kms:*:*:key/key-1'],
  })
})

test('binds every allowed action to TLS and to the address of the caller', () => {
  const grant = {
    access: 'read-write',
    list: true,
    kmsKeyId: 'key-1',
    sourceIp: '203.0.113.7',
  } as const
  const all = statements(grant, { secure: true }) as { Effect: string; Condition?: object }[]
  const allowed = all.filter(({ Effect }) => Effect === 'Allow')
  expect(allowed).toHaveLength(4)
  for (const { Condition } of allowed) {
    expect(Condition).toMatchObject({
      Bool: { 'acs:SecureTransport': ['true'] },
      IpAddress: { 'acs:SourceIp': ['203.0.113.7'] },
    })
  }
})

test('is compact', () => {
  expect(sessionPolicy(GRANT, LOCAL)).toBe(
    '{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:GetObject"],"Resource":["acs:oss:*:*:demo-bkt/documents/alice/*"]}]}',
  )
})

test('takes a policy of 2048 bytes and refuses one of 2049', () => {
  const spare = 2048 - sessionPolicy(GRANT, { secure: true }).length
  const fits = { ...GRANT, prefix: `${'x'.repeat(spare)}${GRANT.prefix}` }
  expect(sessionPolicy(fits, { secure: true })).toHaveLength(2048)
  expect(fitsSessionPolicy(fits)).toBe(true)
  const long = { ...GRANT, prefix: `x${fits.prefix}` }
  expect(() => sessionPolicy(long, { secure: true })).toThrow(/longer than 2048/)
  expect(fitsSessionPolicy(long)).toBe(false)
})

test('counts bytes, not characters', () => {
  const spare = 2048 - sessionPolicy(GRANT, LOCAL).length
  const wide = { ...GRANT, prefix: `${'é'.repeat(spare)}${GRANT.prefix}` }
  expect(() => sessionPolicy(wide, LOCAL)).toThrow(/longer than 2048/)
})
