import exampleRules from '../../rules'
import { rolePolicies } from '../../shared/rules/role-policy'
import { defineRules } from '../../shared/rules/rules'

const CONTEXT = {
  bucket: 'demo-bkt',
  accountId: '1234567890123456',
  delegateRoleArn: 'acs:ram::1234567890123456:role/oss-direct-delegate',
}
const AVATARS = 'acs:oss:*:*:demo-bkt/avatars/*'
const DOCUMENTS = 'acs:oss:*:*:demo-bkt/documents/*'
const LISTED = { StringLike: { 'oss:Prefix': ['documents/', 'documents/*'] } }
const WHOLE = { multipart: false } as const
const ASSUME = ['sts:AssumeRole', 'sts:SetSourceIdentity']
const invoke = (name: string): Allowed => [
  ['fc:InvokeFunction'],
  [`acs:fc:*:1234567890123456:functions/${name}`],
]
const NOTHING = [{ Effect: 'Deny', Action: ['*'], Resource: ['*'] }]

test('gives each role what the example rules need of it', () => {
  const policies = rolePolicies(exampleRules, {
    ...CONTEXT,
    ledgerPrefix: '.oss-direct/ledger/',
    owedPrefix: '.oss-direct/owed/',
    consumer: 'on-upload',
    functionNames: { event: 'event', sweep: 'sweep' },
  })
  const MARKS = ['acs:oss:*:*:demo-bkt/.oss-direct/ledger/*']
  const OWED = ['acs:oss:*:*:demo-bkt/.oss-direct/owed/*']
  const proof: Allowed[] = [
    [['oss:GetObject'], [AVATARS, DOCUMENTS]],
    [['oss:PutObject', 'oss:GetObject'], MARKS],
    [['oss:PutObject', 'oss:DeleteObject'], OWED],
    invoke('on-upload'),
  ]
  expect(policies).toEqual({
    sts: policy([ASSUME, ['acs:ram:*:1234567890123456:role/oss-direct-delegate']]),
    'signed-url': policy(
      [['oss:PutObject'], [AVATARS]],
      [['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts'], [DOCUMENTS]],
      [['oss:GetObject'], [AVATARS, DOCUMENTS]],
      [['oss:DeleteObject'], [DOCUMENTS]],
      [['oss:ListObjects'], ['acs:oss:*:*:demo-bkt'], LISTED],
    ),
    'post-policy': policy([['oss:PutObject'], [AVATARS]]),
    'upload-callback': policy(...proof),
    'upload-event': policy(...proof, invoke('sweep')),
    'upload-sweep': policy(
      [['oss:PutObject', 'oss:GetObject'], MARKS],
      [['oss:GetObject', 'oss:PutObject', 'oss:DeleteObject'], OWED],
      [
        ['oss:ListObjects'],
        ['acs:oss:*:*:demo-bkt'],
        { StringLike: { 'oss:Prefix': ['.oss-direct/owed/', '.oss-direct/owed/*'] } },
      ],
      invoke('on-upload'),
      invoke('event'),
    ),
    delegate: policy(
      [['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts'], [DOCUMENTS]],
      [['oss:GetObject'], [DOCUMENTS]],
    ),
  })
})

test('gives a role that needs nothing a policy that denies everything', () => {
  const rules = defineRules({ files: { key: 'files/{sub}/{path}', download: {} } })
  const policies = rolePolicies(rules, CONTEXT)
  expect(policies.sts.Statement).toEqual(NOTHING)
  expect(policies.delegate.Statement).toEqual(NOTHING)
  expect(policies['post-policy'].Statement).toEqual(NOTHING)
  expect(policies['upload-callback'].Statement).toEqual(NOTHING)
})

test('keeps to the bucket of each rule', () => {
  const rules = defineRules({
    one: { key: 'a/{sub}/{path}', upload: WHOLE },
    two: { key: 'c/{sub}/{path}', bucket: 'own-bkt', upload: WHOLE, download: {} },
    twin: { key: 'b/{sub}/{path}', upload: WHOLE },
  })
  expect(rolePolicies(rules, CONTEXT)['signed-url']).toEqual(
    policy(
      [
        ['oss:PutObject'],
        ['acs:oss:*:*:demo-bkt/a/*', 'acs:oss:*:*:demo-bkt/b/*', 'acs:oss:*:*:own-bkt/c/*'],
      ],
      [['oss:GetObject'], ['acs:oss:*:*:own-bkt/c/*']],
    ),
  )
})

test('lets URLs put in parts only where a rule does', () => {
  const rules = defineRules({
    whole: { key: 'a/{sub}/{path}', upload: WHOLE },
    parts: { key: 'b/{sub}/{path}', upload: {} },
    proven: { key: 'c/{sub}/{path}', upload: { mechanisms: ['url'], contentMd5: 'required' } },
  })
  expect(rolePolicies(rules, CONTEXT)['signed-url']).toEqual(
    policy(
      [['oss:PutObject'], ['acs:oss:*:*:demo-bkt/a/*', 'acs:oss:*:*:demo-bkt/c/*']],
      [
        ['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts'],
        ['acs:oss:*:*:demo-bkt/b/*'],
      ],
    ),
  )
})

test('lets URLs delete where a rule does, and no other role', () => {
  const rules = defineRules({
    one: { key: 'a/{sub}/{path}', upload: {}, remove: {} },
    two: { key: 'b/{sub}/{path}', bucket: 'own-bkt', remove: {} },
    three: { key: 'c/{sub}/{path}', upload: {}, download: {}, list: {} },
  })
  const policies = Object.entries(rolePolicies(rules, CONTEXT))
  const deleting = policies.flatMap(([role, { Statement }]) =>
    Statement.filter(({ Action }) => Action.includes('oss:DeleteObject')).map(
      ({ Resource }) => [role, Resource] as const,
    ),
  )
  expect(deleting).toEqual([
    ['signed-url', ['acs:oss:*:*:demo-bkt/a/*', 'acs:oss:*:*:own-bkt/b/*']],
  ])
})

test('lets URLs list where a rule does, and no further', () => {
  const rules = defineRules({
    one: { key: 'a/{sub}/{path}', upload: { mechanisms: ['form'] }, list: {} },
    two: { key: 'b/{yyyy}/{sub}/{path}', list: {} },
    three: { key: 'c/{sub}/{path}', bucket: 'own-bkt', list: {} },
    four: { key: 'd/{sub}/{path}', download: {} },
  })
  const { Statement } = rolePolicies(rules, CONTEXT)['signed-url']
  expect(Statement.filter(({ Action }) => Action.includes('oss:ListObjects'))).toEqual([
    {
      Effect: 'Allow',
      Action: ['oss:ListObjects'],
      Resource: ['acs:oss:*:*:demo-bkt'],
      Condition: { StringLike: { 'oss:Prefix': ['a/', 'a/*', 'b/', 'b/*'] } },
    },
    {
      Effect: 'Allow',
      Action: ['oss:ListObjects'],
      Resource: ['acs:oss:*:*:own-bkt'],
      Condition: { StringLike: { 'oss:Prefix': ['c/', 'c/*'] } },
    },
  ])
})

test('lets the delegate role list where a rule lists, and no further', () => {
  const sts = { mechanisms: ['sts'], list: true } as const
  const rules = defineRules({
    one: { key: 'a/{sub}/{path}', download: sts },
    two: { key: 'b/{sub}/{path}', download: sts },
    three: { key: 'c/{sub}/{path}', bucket: 'own-bkt', download: sts },
    four: { key: 'd/{sub}/{path}', download: { mechanisms: ['sts'] } },
  })
  const { Statement } = rolePolicies(rules, CONTEXT).delegate
  expect(Statement.filter(({ Action }) => Action.includes('oss:ListObjects'))).toEqual([
    {
      Effect: 'Allow',
      Action: ['oss:ListObjects'],
      Resource: ['acs:oss:*:*:demo-bkt'],
      Condition: { StringLike: { 'oss:Prefix': ['a/', 'a/*', 'b/', 'b/*'] } },
    },
    {
      Effect: 'Allow',
      Action: ['oss:ListObjects'],
      Resource: ['acs:oss:*:*:own-bkt'],
      Condition: { StringLike: { 'oss:Prefix': ['c/', 'c/*'] } },
    },
  ])
})

test('tells the mechanisms of each role apart', () => {
  const KMS = { ...WHOLE, serverSideEncryption: 'KMS' } as const
  const sts = { sts: ['callback', 'overwrite', 'headers', 'kmsKey'] } as const
  const rules = defineRules({
    lent: {
      key: 'a/{sub}/{path}',
      upload: { ...KMS, kmsKeyId: 'key-a', mechanisms: ['sts'], unenforced: sts },
    },
    form: { key: 'b/{sub}/{path}', upload: { ...KMS, kmsKeyId: 'key-b', mechanisms: ['form'] } },
    url: { key: 'c/{sub}/{path}', upload: { ...WHOLE, mechanisms: ['url'] } },
  })
  const kms = (id: string) =>
    [['kms:GenerateDataKey', 'kms:Decrypt'], [`acs:kms:*:*:key/${id}`]] as const
  const policies = rolePolicies(rules, CONTEXT)
  const write = ['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts']
  expect(policies.sts).toEqual(
    policy([ASSUME, ['acs:ram:*:1234567890123456:role/oss-direct-delegate']]),
  )
  expect(policies.delegate).toEqual(policy([write, ['acs:oss:*:*:demo-bkt/a/*']], kms('key-a')))
  expect(policies['post-policy']).toEqual(
    policy([['oss:PutObject'], ['acs:oss:*:*:demo-bkt/b/*']], kms('key-b')),
  )
  expect(policies['signed-url']).toEqual(policy([['oss:PutObject'], ['acs:oss:*:*:demo-bkt/c/*']]))
  expect(policies['upload-callback']).toEqual(
    policy([
      ['oss:GetObject'],
      ['a', 'b', 'c'].map((folder) => `acs:oss:*:*:demo-bkt/${folder}/*`),
    ]),
  )
})

test('lends the delegate role to rules that only read', () => {
  const rules = defineRules({
    read: { key: 'a/{sub}/{path}', download: { mechanisms: ['sts'] } },
  })
  const policies = rolePolicies(rules, CONTEXT)
  expect(policies.sts.Statement).not.toEqual(NOTHING)
  expect(policies.delegate).toEqual(policy([['oss:GetObject'], ['acs:oss:*:*:demo-bkt/a/*']]))
})

type Allowed = readonly [actions: readonly string[], resources: readonly string[], when?: object]

function policy(...allowed: Allowed[]): object {
  return {
    Version: '1',
    Statement: allowed.map(([Action, Resource, Condition]) => ({
      Effect: 'Allow',
      Action,
      Resource,
      ...(Condition && { Condition }),
    })),
  }
}
