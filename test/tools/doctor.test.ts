import { type BucketFacts, diagnose } from '../../tools/doctor'

const HEALTHY: BucketFacts = {
  endpoint: 'open',
  versioning: 'off',
  cors: [{ allowedMethod: ['GET', 'HEAD', 'PUT', 'POST'], exposeHeader: ['ETag'] }],
  lifecycle: [
    { prefix: '.oss-direct/uploads/', status: 'Enabled', expiration: { days: '30' } },
    // What the client makes of <Prefix/>.
    { prefix: {}, status: 'Enabled', abortMultipartUpload: { days: '7' } },
  ],
  publicAccess: { acl: 'private', isBlocked: true },
}

function stateOf(subject: string, change: Partial<BucketFacts>): string | undefined {
  return diagnose({ ...HEALTHY, ...change }).find((finding) => finding.subject === subject)?.state
}

it('finds nothing wrong with a healthy bucket', () => {
  const states = new Set(diagnose(HEALTHY).map(({ state }) => state))
  expect([...states]).toEqual(['ok'])
})

it.each(['Enabled', 'Suspended'] as const)('finds versioning %s wrong', (versioning) => {
  expect(stateOf('versioning', { versioning })).toBe('wrong')
})

it.each([
  ['no rule', []],
  ['no PUT', [{ allowedMethod: ['GET', 'HEAD', 'POST'], exposeHeader: 'ETag' }]],
  ['no exposed ETag', [{ allowedMethod: ['GET', 'HEAD', 'PUT', 'POST'], exposeHeader: [] }]],
])('finds CORS with %s wrong', (_, cors) => {
  expect(stateOf('CORS', { cors })).toBe('wrong')
})

const marking = (rule: object) => [{ status: 'Enabled', expiration: { days: 30 }, ...rule }]

it.each([
  ['no rule', []],
  ['another prefix', marking({ prefix: 'logs/' })],
  ['a rule that is off', marking({ prefix: '.oss-direct/', status: 'Disabled' })],
  ['29 days', marking({ prefix: '.oss-direct/', expiration: { days: 29 } })],
  [
    'one rule of two too short',
    [...marking({ expiration: { days: 1 } }), ...marking({ prefix: '.oss-direct/uploads/' })],
  ],
  ['a rule that removes parts alone', [{ status: 'Enabled', abortMultipartUpload: { days: 7 } }]],
])('finds a lifecycle with %s wrong', (_, lifecycle) => {
  expect(stateOf('lifecycle', { lifecycle })).toBe('wrong')
})

it.each([
  ['nothing', [], 'ok'],
  ['markers', marking({ prefix: '.oss-direct/uploads/' }), 'ok'],
  ['the whole bucket', marking({ prefix: {} }), 'wrong'],
  ['all of the ledger', marking({ prefix: '.oss-direct/', expiration: { days: 365 } }), 'wrong'],
  ['what is owed', marking({ prefix: '.oss-direct/owed/' }), 'wrong'],
  ['some of what is owed', marking({ prefix: '.oss-direct/owed/2023' }), 'wrong'],
  ['what is owed, but is off', marking({ prefix: '.oss-direct/owed/', status: 'Disabled' }), 'ok'],
  ['parts alone', [{ status: 'Enabled', abortMultipartUpload: { days: 7 } }], 'ok'],
])('judges a lifecycle that removes %s', (...[, lifecycle, state]) => {
  expect(stateOf('owed events', { lifecycle })).toBe(state)
})

const aborting = (rule: object) => [
  { status: 'Enabled', abortMultipartUpload: { days: 7 }, ...rule },
]

it.each([
  ['no rule', [], 'wrong'],
  ['a rule on a part of the bucket', aborting({ prefix: 'videos/' }), 'wrong'],
  ['a rule that is off', aborting({ status: 'Disabled' }), 'wrong'],
  ['a rule that removes objects alone', marking({}), 'wrong'],
  ['1 day', aborting({ abortMultipartUpload: { days: 1 } }), 'wrong'],
  ['2 days', aborting({ abortMultipartUpload: { days: '2' } }), 'ok'],
  ['30 days', aborting({ abortMultipartUpload: { days: '30' } }), 'ok'],
  ['31 days', aborting({ abortMultipartUpload: { days: 31 } }), 'wrong'],
])('judges uploads in parts that nobody completes by %s', (...[, lifecycle, state]) => {
  expect(stateOf('parts', { lifecycle })).toBe(state)
})

it.each([
  ['private', false, 'ok'],
  ['public-read', true, 'ok'],
  ['public-read', false, 'wrong'],
  ['public-read-write', false, 'wrong'],
])('finds a bucket %s, Block Public Access %s, %s', (acl, isBlocked, state) => {
  expect(stateOf('public', { publicAccess: { acl, isBlocked } })).toBe(state)
})

it('says what it could not read instead of guessing', () => {
  const names = Object.keys(HEALTHY)
  const nothing = Object.fromEntries(names.map((name) => [name, undefined]))
  const states = new Set(diagnose(nothing as BucketFacts).map(({ state }) => state))
  expect([...states]).toEqual(['unknown'])
})
