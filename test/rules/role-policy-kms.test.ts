import { rolePolicies } from '../../shared/rules/role-policy'
import { defineRules } from '../../shared/rules/rules'

const CONTEXT = {
  bucket: 'demo-bkt',
  accountId: '1234567890123456',
  delegateRoleArn: 'acs:ram::1234567890123456:role/oss-direct-delegate',
}
const WHOLE = { multipart: false } as const

test('gives rights on the keys of KMS that rules name to those who sign for encrypted objects', () => {
  const encrypting = (kmsKeyId: string, mechanism: 'url' | 'form') =>
    ({ ...WHOLE, serverSideEncryption: 'KMS', kmsKeyId, mechanisms: [mechanism] }) as const
  const rules = defineRules({
    one: { key: 'a/{sub}/{path}', upload: encrypting('key-a', 'url'), download: {} },
    two: { key: 'b/{sub}/{path}', upload: encrypting('key-b', 'form'), download: {} },
    three: { key: 'c/{sub}/{path}', upload: encrypting('key-a', 'url') },
  })
  const policies = rolePolicies(rules, CONTEXT)
  expect(policies['signed-url'].Statement.slice(-2)).toEqual([
    {
      Effect: 'Allow',
      Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
      Resource: ['acs:kms:*:*:key/key-a'],
    },
    { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['acs:kms:*:*:key/key-b'] },
  ])
  expect(JSON.stringify(policies['post-policy'])).not.toContain('key-a')
  expect(JSON.stringify(policies['upload-callback'])).not.toContain('kms')
})

test('the proof decrypts only what a rule lets it look at', () => {
  const upload = { ...WHOLE, serverSideEncryption: 'KMS', mechanisms: ['url'] } as const
  const rules = defineRules({
    looked: { key: 'a/{sub}/{path}', upload: { ...upload, kmsKeyId: 'key-a', sniff: true } },
    plain: { key: 'b/{sub}/{path}', upload: { ...upload, kmsKeyId: 'key-b' } },
  })
  for (const name of ['upload-callback', 'upload-event'] as const) {
    const { Statement } = rolePolicies(rules, CONTEXT)[name]
    expect(Statement.filter(({ Action }) => Action.some((each) => each.startsWith('kms')))).toEqual(
      [{ Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['acs:kms:*:*:key/key-a'] }],
    )
  }
})
