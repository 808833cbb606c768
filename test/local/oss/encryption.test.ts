import { allow, ask, BUCKET, NOW, post, type Reply, ROOT, send, session } from './support/cloud'
import { ALL, outcome, shareObjects } from './support/permissions'
import { type Draft, formV4, type Signer } from './support/sign'

const { cloud } = shareObjects()

const KMS = [403, 'AccessDenied', undefined, 'This request is forbidden by kms']
const RIGHTS = ['kms:GenerateDataKey', 'kms:Decrypt']
const KEY = '9468da86-3509'
const ENCRYPTED = { 'x-oss-server-side-encryption': 'KMS' }

const signer = (resource: string, actions = RIGHTS) => {
  const { Statement } = allow(actions, [resource])
  return session(cloud(), { ...ALL, Statement: [...ALL.Statement, ...Statement] })
}

const put = (by: Signer, more: Record<string, string> = {}) =>
  ask(cloud(), { method: 'PUT', key: 'secret', headers: { ...ENCRYPTED, ...more } }, 'x', by)

it.each([
  ['*', undefined, 200],
  ['acs:kms:*:*:*', undefined, 200],
  ['acs:kms:*:*:*', KEY, 200],
  [`acs:kms:*:1234567890123456:key/${KEY}`, KEY, 200],
  [`acs:kms:cn-hangzhou:*:key/${KEY}`, KEY, 200],
  [`acs:kms:*:*:key/${KEY}`, 'another', 403],
  [`acs:kms:*:*:key/${KEY}`, undefined, 403],
  [`acs:kms:cn-beijing:*:key/${KEY}`, KEY, 403],
  [`acs:kms:*:6543210987654321:key/${KEY}`, KEY, 403],
  ['acs:oss:*:*:*', KEY, 403],
])(
  'answers encryption by KMS, with rights on %s and the key %s, by %d',
  async (resource, key, status) => {
    const named = key === undefined ? {} : { 'x-oss-server-side-encryption-key-id': key }
    const reply = await put(signer(resource), named)
    expect(reply.status).toBe(status)
    if (status === 403) expect(outcome(reply)).toEqual(KMS)
  },
)

const asks = (draft: Omit<Draft, 'bucket'>) => (by: Signer) => ask(cloud(), draft, '', by)
const source = { 'x-oss-copy-source': `/${BUCKET}/open`, ...ENCRYPTED }
const fields: [string, string][] = [['key', 'secret'], ...Object.entries(ENCRYPTED)]
const conditions = [{ bucket: BUCKET }]
const writes: [string, (by: Signer) => Promise<Reply>][] = [
  ['PutObject', (by) => put(by)],
  ['PutObject, in lower case', (by) => put(by, { 'x-oss-server-side-encryption': 'kms' })],
  ['CopyObject', asks({ method: 'PUT', key: 'secret', headers: source })],
  [
    'InitiateMultipartUpload',
    asks({ method: 'POST', key: 'secret', query: { uploads: '' }, headers: ENCRYPTED }),
  ],
  [
    'AppendObject',
    asks({
      method: 'POST',
      key: 'secret log',
      query: { append: '', position: '0' },
      headers: ENCRYPTED,
    }),
  ],
  ['PostObject', (by) => post(cloud(), formV4({ fields, conditions }, by, NOW), { content: 'x' })],
]
it.each(writes)('needs both rights on the key for %s', async (_, write) => {
  for (const right of RIGHTS) expect(outcome(await write(signer('*', [right])))).toEqual(KMS)
  expect((await write(signer('*'))).status).toBeLessThan(300)
})

it("lets the account's own key use every key of KMS, and the anonymous none", async () => {
  expect((await put(ROOT)).status).toBe(200)
  const acl = (value: string) =>
    ask(cloud(), { method: 'PUT', key: '', query: { acl: '' }, headers: { 'x-oss-acl': value } })
  await acl('public-read-write')
  const path = `/${BUCKET}/everybody`
  const plain = await send(cloud(), { method: 'PUT', path, headers: {} }, 'x')
  const encrypted = await send(cloud(), { method: 'PUT', path, headers: ENCRYPTED }, 'x')
  await acl('private')
  expect(plain.status).toBe(200)
  expect(outcome(encrypted).slice(0, 3)).toEqual([403, 'AccessDenied', '0003-00001201'])
})
