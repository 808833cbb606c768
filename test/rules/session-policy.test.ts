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
  publicAcl: false,
  kms: false,
  durationSeconds: 900,
  expiresAt: 1_700_000_900,
  contentTypes: ['*/*'],
  minBytes: 0,
  maxBytes: 1,
}
const LOCAL = { secure: false }
const OBJECTS = ['acs:oss:*:*:demo-bkt/documents/alice/*']

function statements(grant: Partial<PrefixGrant>, options = LOCAL): unknown {
  const policy = JSON.parse(sessionPolicy({ ...GRANT, ...grant }, options))
  expect(policy).toEqual({ Version: '1', Statement: expect.any(Array) })
  return policy.Statement
}

const NO_PUBLIC_ACL = {
  Effect: 'Deny',
  Action: ['oss:PutObject'],
  Resource: OBJECTS,
  Condition: { StringEquals: { 'oss:x-oss-object-acl': ['public-read', 'public-read-write'] } },
}

test('lets a reader get objects and nothing else', () => {
  expect(statements({ access: 'read' })).toEqual([
    { Effect: 'Allow', Action: ['oss:GetObject'], Resource: OBJECTS },
  ])
})

test('lets a writer put objects, whole or in parts, but not make them public', () => {
  expect(statements({ access: 'write' })).toEqual([
    {
      Effect: 'Allow',
      Action: ['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts'],
      Resource: OBJECTS,
    },
    NO_PUBLIC_ACL,
  ])
})

test('lets a reader and writer do both', () => {
  expect(statements({ access: 'read-write' })).toEqual([
    {
      Effect: 'Allow',
      Action: ['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts', 'oss:GetObject'],
      Resource: OBJECTS,
    },
    NO_PUBLIC_ACL,
  ])
})

test('lets public objects be written where the rule makes them public', () => {
  expect(statements({ access: 'write', publicAcl: true })).toHaveLength(1)
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

test('adds the rights on keys where KMS encrypts', () => {
  expect(statements({ access: 'write', kms: true })).toContainEqual({
    Effect: 'Allow',
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: ['acs:kms:*:*:*'],
  })
})

test('binds every allowed action to TLS and to the address of the caller', () => {
  const grant = { access: 'read-write', list: true, kms: true, sourceIp: '203.0.113.7' } as const
  const all = statements(grant, { secure: true }) as { Effect: string; Condition?: object }[]
  const allowed = all.filter(({ Effect }) => Effect === 'Allow')
  expect(allowed).toHaveLength(3)
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
