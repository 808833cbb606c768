import { createAccount, roleArn } from '../../../local/ram/account'
import { decideAccess, isAllowed, type Verdict, whoForbids } from '../../../local/ram/evaluate'
import { matchesGlob } from '../../../local/ram/glob'
import type { PolicyDocument, PolicyStatement, Principal } from '../../../local/ram/types'

const OWNER = '1234567890123456'

function policy(...statements: Partial<PolicyStatement>[]): PolicyDocument {
  return {
    Version: '1',
    Statement: statements.map((statement) => ({
      Effect: 'Allow',
      Resource: 'acs:oss:*:*:photos/alice/*',
      ...('NotAction' in statement ? {} : { Action: 'oss:PutObject' }),
      ...statement,
    })),
  }
}

function user(...policies: PolicyDocument[]): Principal {
  return { kind: 'user', id: OWNER, accessKeyId: 'u', policies }
}

function session(policies: PolicyDocument[], sessionPolicy?: PolicyDocument): Principal {
  const role = {
    name: 'r',
    arn: roleArn(OWNER, 'r'),
    trusts: [],
    policies,
    maxSessionSeconds: 3600,
  }
  return {
    kind: 'session',
    id: OWNER,
    accessKeyId: 'STS.x',
    role,
    sessionName: 's',
    ...(sessionPolicy ? { sessionPolicy } : {}),
  }
}

function put(key = 'alice/a.png', context: Record<string, string> = {}) {
  return { action: 'oss:PutObject', resource: `acs:oss:*:${OWNER}:photos/${key}`, context }
}

describe('actions and resources', () => {
  it.each<[string, Partial<PolicyStatement>, string, boolean]>([
    ['the exact action', {}, 'alice/a.png', true],
    ['an action in another case', { Action: 'OSS:putobject' }, 'alice/a.png', true],
    ['an action with a star', { Action: 'oss:Put*' }, 'alice/a.png', true],
    ['every action', { Action: '*' }, 'alice/a.png', true],
    ['one of several actions', { Action: ['oss:GetObject', 'oss:PutObject'] }, 'alice/a.png', true],
    ['another action', { Action: 'oss:GetObject' }, 'alice/a.png', false],
    ['a longer action', { Action: 'oss:PutObjectAcl' }, 'alice/a.png', false],
    ['everything but another action', { NotAction: 'oss:GetObject' }, 'alice/a.png', true],
    ['everything but this action', { NotAction: ['oss:Put*'] }, 'alice/a.png', false],
    ['a key below a star with slashes', {}, 'alice/x/y/z', true],
    ['an empty run for the star', {}, 'alice/', true],
    ['a key outside the prefix', {}, 'bob/a.png', false],
    ['a key in another case', {}, 'Alice/a.png', false],
    ['a question mark for one character', { Resource: 'acs:oss:*:*:photos/?' }, 'a', true],
    ['a question mark for no character', { Resource: 'acs:oss:*:*:photos/?' }, '', false],
    [
      'one of several resources',
      { Resource: ['acs:oss:*:*:a', 'acs:oss:*:*:photos/*'] },
      'k',
      true,
    ],
    ['every resource', { Resource: '*' }, 'anything', true],
    ['the owner by number', { Resource: `acs:oss:*:${OWNER}:photos/*` }, 'k', true],
    ['another owner', { Resource: 'acs:oss:*:9999999999999999:photos/*' }, 'k', false],
    ['another service', { Resource: 'acs:ram:*:*:photos/*' }, 'k', false],
    ['a short pattern', { Resource: 'acs:oss:*' }, 'k', true],
    ['a key with colons under its own bucket', {}, 'alice/a:b:c', true],
  ])('judges %s', (_, statement, key, expected) => {
    expect(isAllowed(user(policy(statement)), put(key))).toBe(expected)
  })

  it('keeps a key that holds colons from passing for another bucket', () => {
    const request = { ...put(), resource: `acs:oss:*:${OWNER}:other/k:photos/alice/a.png` }
    expect(isAllowed(user(policy({})), request)).toBe(false)
  })

  it('allows the root everything and a user without policies nothing', () => {
    expect(isAllowed({ kind: 'root', id: OWNER, accessKeyId: 'r' }, put())).toBe(true)
    expect(isAllowed(user(), put())).toBe(false)
  })

  it.each<Partial<PolicyStatement>[][]>([[[{}, { Effect: 'Deny' }]], [[{ Effect: 'Deny' }, {}]]])(
    'lets an explicit deny win in either order',
    (...statements) => {
      expect(isAllowed(user(policy(...statements.flat())), put())).toBe(false)
      expect(isAllowed(user(...statements.flat().map((each) => policy(each))), put())).toBe(false)
    },
  )
})

describe('sessions', () => {
  const all = policy({ Action: 'oss:*', Resource: '*' })
  const none = policy({ Effect: 'Deny', Action: '*', Resource: '*' })
  const get = policy({ Action: 'oss:GetObject' })

  it.each<[string, PolicyDocument[], PolicyDocument | undefined, Verdict, string | undefined]>([
    ['the role alone', [all], undefined, 'allow', undefined],
    ['role and session policy together', [all], policy({}), 'allow', undefined],
    ['a session policy that is silent', [all], get, 'deny', 'session'],
    ['a session policy that adds rights', [get], all, 'none', 'identity'],
    ['a session policy and a role that are silent', [get], get, 'deny', 'session'],
    ['a deny in the session policy', [all], none, 'deny', 'session'],
    ['a deny in the role', [all, none], policy({}), 'deny', 'identity'],
    ['a role without policies', [], undefined, 'none', 'identity'],
  ])('judges %s', (_, policies, sessionPolicy, expected, who) => {
    const principal = session(policies, sessionPolicy)
    expect(decideAccess(principal, put())).toBe(expected)
    expect(isAllowed(principal, put())).toBe(expected === 'allow')
    expect(whoForbids(principal, put())).toBe(who)
  })

  it('names identity when a user is refused', () => {
    expect(whoForbids(user(), put())).toBe('identity')
  })
})

describe('conditions', () => {
  const k = 'oss:Prefix'
  const time = 'acs:CurrentTime'
  const ip = 'acs:SourceIp'
  const noon = '2026-01-02T12:00:00Z'
  it.each<[string, Record<string, string | string[]>, Record<string, string>, boolean]>([
    ['StringEquals', { [k]: 'a/' }, { [k]: 'a/' }, true],
    ['StringEquals', { [k]: 'a/' }, { [k]: 'A/' }, false],
    ['StringEquals', { [k]: ['x', 'a/'] }, { [k]: 'a/' }, true],
    ['StringEquals', { [k]: 'a*' }, { [k]: 'a/' }, false],
    ['StringEquals', { [k]: 'a/' }, {}, false],
    ['StringEqualsIgnoreCase', { constructor: 'a' }, {}, false],
    ['StringNotEquals', { [k]: 'a/' }, { [k]: 'a/' }, false],
    ['StringNotEquals', { [k]: 'a/' }, { [k]: 'b/' }, true],
    ['StringNotEquals', { [k]: ['a/', 'b/'] }, { [k]: 'b/' }, false],
    ['StringNotEquals', { [k]: 'a/' }, {}, true],
    ['StringEqualsIgnoreCase', { [k]: 'A/' }, { [k]: 'a/' }, true],
    ['StringNotEqualsIgnoreCase', { [k]: 'A/' }, { [k]: 'a/' }, false],
    ['StringLike', { [k]: 'a/?/*' }, { [k]: 'a/b/c' }, true],
    ['StringLike', { [k]: 'A/*' }, { [k]: 'a/b' }, false],
    ['StringNotLike', { [k]: 'a/*' }, { [k]: 'a/b' }, false],
    ['StringNotLike', { [k]: 'a/*' }, {}, true],
    ['NumericEquals', { n: '10' }, { n: '10.0' }, true],
    ['NumericEquals', { n: '' }, { n: '' }, false],
    ['NumericNotEquals', { n: '10' }, { n: '11' }, true],
    ['NumericLessThan', { n: '10' }, { n: '9' }, true],
    ['NumericLessThan', { n: '10' }, { n: '10' }, false],
    ['NumericLessThan', { n: '10' }, { n: 'abc' }, false],
    ['NumericLessThanEquals', { n: '10' }, { n: '10' }, true],
    ['NumericGreaterThan', { n: '10' }, { n: '10' }, false],
    ['NumericGreaterThan', { n: '9' }, { n: '10' }, true],
    ['NumericGreaterThanEquals', { n: '10' }, { n: '10' }, true],
    ['DateEquals', { [time]: '2026-01-02T13:00:00+01:00' }, { [time]: noon }, true],
    ['DateNotEquals', { [time]: noon }, { [time]: noon }, false],
    ['DateLessThan', { [time]: noon }, { [time]: '2026-01-02T11:59:59Z' }, true],
    ['DateLessThan', { [time]: noon }, { [time]: noon }, false],
    ['DateLessThanEquals', { [time]: noon }, { [time]: noon }, true],
    ['DateGreaterThan', { [time]: noon }, { [time]: '2026-01-02T12:00:01Z' }, true],
    ['DateGreaterThan', { [time]: 'never' }, { [time]: noon }, false],
    ['DateGreaterThanEquals', { [time]: noon }, { [time]: noon }, true],
    ['Bool', { 'acs:SecureTransport': 'true' }, { 'acs:SecureTransport': 'true' }, true],
    ['Bool', { 'acs:SecureTransport': 'true' }, { 'acs:SecureTransport': 'false' }, false],
    ['Bool', { 'acs:SecureTransport': 'true' }, {}, false],
    ['IpAddress', { [ip]: '10.1.0.0/16' }, { [ip]: '10.1.2.3' }, true],
    ['IpAddress', { [ip]: '10.1.0.0/16' }, { [ip]: '10.2.0.1' }, false],
    ['IpAddress', { [ip]: '10.1.2.3' }, { [ip]: '10.1.2.3' }, true],
    ['IpAddress', { [ip]: '*' }, { [ip]: '10.1.2.3' }, true],
    ['IpAddress', { [ip]: '10.1.0.0/33' }, { [ip]: '10.1.2.3' }, false],
    ['IpAddress', { [ip]: '10.1.0.0/16/8' }, { [ip]: '10.1.2.3' }, false],
    ['IpAddress', { [ip]: '0.0.0.0/0' }, { [ip]: '2001:db8::1' }, false],
    ['IpAddress', { [ip]: '2001:db8::/32' }, { [ip]: '2001:db8::1' }, true],
    ['IpAddress', { [ip]: 'nonsense' }, { [ip]: '10.1.2.3' }, false],
    ['IpAddressIncludeBorder', { [ip]: '10.1.0.0/30' }, { [ip]: '10.1.0.3' }, true],
    ['NotIpAddress', { [ip]: '10.1.0.0/16' }, { [ip]: '10.1.2.3' }, false],
    ['NotIpAddress', { [ip]: '10.1.0.0/16' }, { [ip]: '10.2.2.3' }, true],
    ['NotIpAddress', { [ip]: '10.1.0.0/16' }, {}, true],
    ['NoSuchOperator', { [k]: 'a' }, { [k]: 'a' }, false],
  ])('holds %s %j against %j: %s', (operator, keys, context, expected) => {
    const principal = user(policy({ Condition: { [operator]: keys } }))
    expect(isAllowed(principal, put('alice/a', context))).toBe(expected)
  })

  it('adds up keys and operators', () => {
    const Condition = {
      StringEquals: { a: '1', b: '2' },
      StringLike: { c: 'x*' },
    }
    const principal = user(policy({ Condition }))
    const context = { a: '1', b: '2', c: 'xy' }
    expect(isAllowed(principal, put('alice/a', context))).toBe(true)
    expect(isAllowed(principal, put('alice/a', { ...context, b: '3' }))).toBe(false)
    expect(isAllowed(principal, put('alice/a', { ...context, c: 'y' }))).toBe(false)
  })

  it('denies a public ACL with the documented pattern', () => {
    const Condition = { StringNotEquals: { 'oss:x-oss-object-acl': ['private', 'default'] } }
    const principal = user(policy({}), policy({ Effect: 'Deny', Condition }))
    const acl = (value: string) => put('alice/a', { 'oss:x-oss-object-acl': value })
    expect(isAllowed(principal, acl('private'))).toBe(true)
    expect(isAllowed(principal, acl('public-read'))).toBe(false)
  })
})

describe('globs', () => {
  it('takes no more than text times pattern steps for a hostile pattern', () => {
    const started = process.cpuUsage().user
    expect(matchesGlob(`${'*a'.repeat(1000)}b`, 'a'.repeat(1023))).toBe(false)
    expect(process.cpuUsage().user - started).toBeLessThan(1_000_000)
  })

  it.each([
    ['', '', true],
    ['*', '', true],
    ['a*b*c', 'a__b__b__c', true],
    ['a*b*c', 'a__b__b__', false],
    ['*aab', 'aaaab', true],
    ['a.c', 'abc', false],
    ['a?c', 'a?c', true],
    ['**', 'x', true],
  ])('matches %j against %j: %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected)
  })
})

it('evaluates the default developer as one with every right on OSS', () => {
  const { keys } = createAccount()
  const developer = keys.find(({ user: { name } }) => name === 'developer')?.user
  if (!developer || developer.root) throw new Error('no developer')
  expect(isAllowed(user(...developer.policies), put())).toBe(true)
})
