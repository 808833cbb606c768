import { defineRules, MiB } from '../../shared/rules/rules'
import { startWorld, type World } from './support/equivalence/world'

const PACKAGE = /\.(?:apk|pkg)$/i

const RULES = defineRules({
  judged: {
    allow: (_, wish) =>
      !('filename' in wish && (PACKAGE.test(wish.filename) || wish.contentType === 'text/html')),
    key: 'judged/{sub}/{path}',
    upload: {},
  },
  small: { key: 'small/{sub}/{path}', upload: { maxBytes: 5 * MiB } },
  brief: { key: 'brief/{sub}/{path}', withinToken: true, upload: {} },
  strict: {
    key: 'strict/{sub}/{path}',
    upload: { overwrite: true, mechanisms: ['sts'], unenforced: { sts: ['callback'] } },
  },
  free: {
    key: 'free/{sub}/{path}',
    upload: { overwrite: true, mechanisms: ['sts'], unenforced: { sts: ['callback', 'acl'] } },
  },
  press: {
    key: 'press/{sub}/{path}',
    upload: {
      acl: 'public-read',
      overwrite: true,
      mechanisms: ['sts'],
      unenforced: { sts: ['callback'] },
    },
  },
  sealed: {
    key: 'sealed/{sub}/{path}',
    upload: {
      overwrite: true,
      serverSideEncryption: 'KMS',
      kmsKeyId: 'key-of-the-rule',
      mechanisms: ['sts', 'url'],
      unenforced: { sts: ['callback', 'headers', 'kmsKey', 'acl'] },
    },
    download: { unenforced: { sts: ['kmsKey'] } },
  },
})
const ALICE = { sub: 'alice', claims: {} }
const WISH = { rule: 'judged', filename: 'a.txt', contentType: 'text/plain', contentLength: 1 }

let world: World

beforeAll(async () => {
  world = await startWorld()
  world.setRules(RULES)
})
afterAll(() => world.close())

describe.each([
  ['signed-url', { operation: 'put' }],
  ['signed-url', { operation: 'multipart' }],
  ['post-policy', {}],
] as const)('allow, by %s %j', (name, operation) => {
  test.each([
    { filename: 'x.apk' },
    { filename: 'x.ap\u212a' },
    { filename: 'x.p\u212ag' },
    { contentType: 'text/html' },
    { contentType: 'TEXT/html; a=b' },
    { contentType: 'text/html ;charset=utf-8' },
    { contentType: 'text/html\t;x="y"' },
  ])('lets nothing through that it refuses: %j', async (change) => {
    expect(await world.ask(name, ALICE, { ...WISH, ...operation })).toHaveProperty('key')
    const answer = await world.ask(name, ALICE, { ...WISH, ...operation, ...change })
    expect(answer).toBe('caller_not_allowed')
  })
})

const BODY = Buffer.from('x')

/** Writes an object with the rule's own STS credentials and these headers; the status that OSS answers. */
async function putBySts(rule: string, headers: Record<string, string>, query = {}) {
  const answer = await world.ask('sts', ALICE, { rule, access: 'write' })
  if (typeof answer === 'string') throw new Error(answer)
  const { credentials, prefix } = answer
  const order = { method: 'PUT', key: `${prefix}a.txt`, headers, query, body: BODY } as const
  return (await world.sendSigned({ ...order, credentials })).status
}

describe('in a bucket that everybody may read', () => {
  const ACL = 'x-oss-object-acl'
  const setAcl = (acl: string) =>
    world.sendSigned({ method: 'PUT', key: '', query: { acl: '' }, headers: { 'x-oss-acl': acl } })
  const readByAnyone = async (key: string) =>
    (await world.send('GET', world.objectUrl(key), {})).status

  beforeAll(async () => expect((await setAcl('public-read')).status).toBe(200))
  afterAll(() => setAcl('private'))

  test.each([
    ['no ACL', {}],
    ['an empty ACL', { [ACL]: '' }],
    ['the ACL default', { [ACL]: 'default' }],
    ['the ACL public-read', { [ACL]: 'public-read' }],
    ['the ACL public-read-write', { [ACL]: 'public-read-write' }],
  ])('STS credentials of a rule of private objects write none with %s', async (_, headers) => {
    expect(await putBySts('strict', headers)).toBe(403)
    expect(await putBySts('strict', { [ACL]: 'private' })).toBe(200)
    expect(await readByAnyone('strict/alice/a.txt')).toBe(403)
  })

  test('a part needs the ACL as well', async () => {
    const query = { partNumber: '1', uploadId: '0123456789ABCDEF0123456789ABCDEF' }
    expect(await putBySts('strict', {}, query)).toBe(403)
    expect(await putBySts('strict', { [ACL]: 'private' }, query)).toBe(404)
    expect(await putBySts('free', {}, query)).toBe(404)
  })

  test.each(['private', 'default', 'public-read-write', ''])(
    'STS credentials of a rule of public objects write none with the ACL %j',
    async (acl) => {
      expect(await putBySts('press', { [ACL]: acl })).toBe(403)
      expect(await putBySts('press', { [ACL]: 'public-read' })).toBe(200)
      expect(await readByAnyone('press/alice/a.txt')).toBe(200)
    },
  )

  test.each(['default', 'public-read', 'public-read-write', ''])(
    'a rule that does without the ACL takes no other: %j',
    async (acl) => {
      expect(await putBySts('free', { [ACL]: acl })).toBe(403)
      expect(await putBySts('free', {})).toBe(200)
      expect(await putBySts('free', { [ACL]: 'private' })).toBe(200)
    },
  )
})

describe('KMS', () => {
  const ENCRYPTION = 'x-oss-server-side-encryption'
  const withKey = (id: string) => ({ [ENCRYPTION]: 'KMS', [`${ENCRYPTION}-key-id`]: id })

  test.each(['another-key', ''])('lends no other key than the rule names: %j', async (id) => {
    expect(await putBySts('sealed', withKey('key-of-the-rule'))).toBe(200)
    expect(await putBySts('sealed', withKey(id))).toBeGreaterThanOrEqual(400)
    expect(await putBySts('free', withKey('key-of-the-rule'))).toBe(403)
  })

  test('is pinned to the key of the rule in a URL', async () => {
    const wish = { ...WISH, rule: 'sealed', operation: 'put' }
    const answer = await world.ask('signed-url', ALICE, wish)
    if (typeof answer === 'string') throw new Error(answer)
    const { url, headers } = answer
    const send = (change: object) => world.send('PUT', url, { ...headers, ...change }, BODY)
    expect(headers).toMatchObject(withKey('key-of-the-rule'))
    expect((await send({ [`${ENCRYPTION}-key-id`]: 'another-key' })).status).toBe(403)
    expect((await send({})).status).not.toBe(403)
  })
})

test('parts that nobody completes are not to be had where files are small', async () => {
  const wish = { ...WISH, rule: 'small', operation: 'multipart' }
  expect(await world.ask('signed-url', ALICE, { ...wish, operation: 'put' })).toHaveProperty('url')
  expect(await world.ask('signed-url', ALICE, wish)).toBe('operation_not_allowed')
})

test('a grant ends with the token that asked for it, where the rule says so', async () => {
  const claims = { exp: Math.floor(Date.now() / 1000) + 60 }
  const answer = await world.ask(
    'signed-url',
    { sub: 'alice', claims },
    { ...WISH, rule: 'brief', operation: 'put' },
  )
  if (typeof answer === 'string') throw new Error(answer)
  const seconds = Number(new URL(answer.url).searchParams.get('x-oss-expires'))
  expect(seconds).toBeLessThanOrEqual(60)
  expect(seconds).toBeGreaterThan(0)
})
