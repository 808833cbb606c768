import { addRole, createAccount } from '../../../local/ram/account'
import { isPolicy, parsePolicy } from '../../../local/ram/policy'
import { identify, principalArn } from '../../../local/ram/principal'
import { issueSession, openSession } from '../../../local/ram/session'
import type { PolicyDocument } from '../../../local/ram/types'

const now = 1_700_000_000_000
const policy: PolicyDocument = {
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'oss:GetObject', Resource: 'acs:oss:*:*:b/*' }],
}

function prepare() {
  const account = createAccount()
  const role = addRole(account, { name: 'Uploader', trusts: ['exec'], policies: [policy] })
  const request = { role, sessionName: 'alice', durationSeconds: 900, now }
  return { account, role, request }
}

describe('tokens', () => {
  it('opens what it issued', () => {
    const { account, role, request } = prepare()
    const credentials = issueSession(account, { ...request, policy })
    const { accessKeyId, accessKeySecret, securityToken } = credentials
    expect(credentials.expiresAt).toBe(now + 900_000)
    expect(accessKeyId).toMatch(/^STS\.[A-Za-z0-9]{24}$/)
    expect(openSession(account, securityToken)).toEqual({
      accessKeyId,
      accessKeySecret,
      role,
      sessionName: 'alice',
      sessionPolicy: policy,
      expiresAt: now + 900_000,
    })
  })

  it('hides the secret and grows with the policy', () => {
    const { account, request } = prepare()
    const bare = issueSession(account, request)
    const narrowed = issueSession(account, { ...request, policy })
    const bytes = Buffer.from(bare.securityToken, 'base64').toString('latin1')
    expect(bytes).not.toContain(bare.accessKeySecret)
    expect(narrowed.securityToken.length).toBeGreaterThan(
      bare.securityToken.length + JSON.stringify(policy).length,
    )
    expect(narrowed.accessKeyId).not.toBe(bare.accessKeyId)
  })

  it('refuses a token with any one byte flipped', () => {
    const { account, request } = prepare()
    const bytes = Buffer.from(issueSession(account, request).securityToken, 'base64')
    for (let index = 0; index < bytes.length; index++) {
      const flipped = Buffer.from(bytes)
      flipped.writeUInt8(flipped.readUInt8(index) ^ 1, index)
      expect(openSession(account, flipped.toString('base64'))).toBeUndefined()
    }
  })

  it.each(['', 'abc', 'CAIS', 'null', 'A'.repeat(16_384), 'A'.repeat(100_000), '你好'])(
    'refuses a token that is not one (%#)',
    (token) => {
      expect(openSession(prepare().account, token)).toBeUndefined()
    },
  )

  it('refuses another account’s token, another spelling, and a role that is gone', () => {
    const { account, request } = prepare()
    const { securityToken } = issueSession(account, request)
    expect(openSession(prepare().account, securityToken)).toBeUndefined()
    expect(openSession(account, `${securityToken}\n`)).toBeUndefined()
    account.roles = []
    expect(openSession(account, securityToken)).toBeUndefined()
  })

  it('evaluates a role as it is now, not as it was at issue', () => {
    const { account, request } = prepare()
    const { securityToken } = issueSession(account, request)
    addRole(account, { name: 'uploader', trusts: [], policies: [] })
    expect(openSession(account, securityToken)?.role.policies).toEqual([])
  })
})

describe('identity', () => {
  it('names the holder of each kind of key', () => {
    const { account, role, request } = prepare()
    const { accessKeyId, accessKeySecret, securityToken } = issueSession(account, request)
    const session = identify(account, { accessKeyId, securityToken, now })
    expect(session).toMatchObject({
      ok: true,
      accessKeySecret,
      principal: { kind: 'session', sessionName: 'alice', id: account.id },
    })
    const user = identify(account, { accessKeyId: 'local-user-key', now })
    const root = identify(account, { accessKeyId: 'local-root-key', now })
    expect(user).toMatchObject({ ok: true, principal: { kind: 'user' } })
    expect(root).toMatchObject({ ok: true, principal: { kind: 'root' } })
    if (!session.ok || !user.ok || !root.ok) throw new Error('not identified')
    expect(principalArn(account, session.principal)).toBe(role.arn)
    expect(principalArn(account, user.principal)).toBe(`acs:ram::${account.id}:user/developer`)
    expect(principalArn(account, root.principal)).toBe(`acs:ram::${account.id}:root`)
  })

  it('says which part of the credentials is wrong', () => {
    const { account, request } = prepare()
    const { accessKeyId, securityToken, expiresAt } = issueSession(account, request)
    const other = issueSession(account, request)
    const issueOf = (credentials: {
      accessKeyId: string
      securityToken?: string
      now?: number
    }) => {
      const identity = identify(account, { now, ...credentials })
      return identity.ok ? 'none' : identity.issue
    }
    expect(issueOf({ accessKeyId: 'nobody' })).toBe('unknown_key')
    expect(issueOf({ accessKeyId: 'nobody', securityToken })).toBe('unknown_key')
    expect(issueOf({ accessKeyId })).toBe('token_missing')
    expect(issueOf({ accessKeyId: 'local-user-key', securityToken })).toBe('token_unexpected')
    expect(issueOf({ accessKeyId, securityToken: 'abc' })).toBe('token_invalid')
    expect(issueOf({ accessKeyId, securityToken: other.securityToken })).toBe('token_foreign')
    expect(issueOf({ accessKeyId, securityToken, now: expiresAt - 1 })).toBe('none')
    expect(issueOf({ accessKeyId, securityToken, now: expiresAt })).toBe('token_expired')
  })
})

describe('accounts', () => {
  it('writes role names in lower case and trusts a bare name as a role', () => {
    const { role, account } = prepare()
    expect(role.arn).toBe(`acs:ram::${account.id}:role/uploader`)
    expect(role.trusts).toEqual([`acs:ram::${account.id}:role/exec`])
    addRole(account, { name: 'fc', trusts: ['fc.aliyuncs.com'], policies: [] })
    expect(account.roles.map(({ trusts }) => trusts[0])).toContain('fc.aliyuncs.com')
  })

  it('trusts names that have dots, and the roles of an ARN in lower case', () => {
    const { account } = prepare()
    const trusts = ['my.exec', 'user/A.b', 'root', `acs:ram::${account.id}:role/My.Exec`]
    expect(addRole(account, { name: 'dots', trusts, policies: [] }).trusts).toEqual(
      ['role/my.exec', 'user/A.b', 'root', 'role/my.exec'].map(
        (name) => `acs:ram::${account.id}:${name}`,
      ),
    )
  })

  it('refuses seeds that RAM would refuse', () => {
    const key = { accessKeyId: 'k', accessKeySecret: 's' }
    const bad = { Version: '2', Statement: [] } as unknown as PolicyDocument
    expect(() => createAccount({ id: '1' })).toThrow('16 digits')
    expect(() => createAccount({ users: [{ ...key, name: 'u', policies: [bad] }] })).toThrow(
      'policy of user u',
    )
    expect(() => createAccount({ roles: [{ name: 'a/b', trusts: [], policies: [] }] })).toThrow(
      'a/b',
    )
    const user = { ...key, policies: [] }
    const twice = [
      { ...user, name: 'u' },
      { ...user, name: 'v' },
    ]
    expect(() => createAccount({ users: twice })).toThrow('listed more than once')
    expect(() => createAccount({ root: { ...key, accessKeyId: 'STS.a' } })).toThrow('STS.')
  })
})

describe('policy grammar', () => {
  const statement = policy.Statement[0]
  const text = (value: unknown) => JSON.stringify(value)
  const withStatement = (change: object) =>
    text({ ...policy, Statement: [{ ...statement, ...change }] })

  it('takes a policy with lists, conditions and NotAction', () => {
    expect(parsePolicy(text(policy))).toEqual(policy)
    expect(isPolicy(policy)).toBe(true)
    const Condition = { IpAddress: { 'acs:SourceIp': ['10.0.0.0/8'] } }
    const changes = [
      { Action: ['oss:Get*', '*'] },
      { Action: undefined, NotAction: 'oss:*' },
      { Condition },
    ]
    for (const change of changes) {
      const written = withStatement(change)
      expect(parsePolicy(written)).toEqual(JSON.parse(written))
    }
  })

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"Version":"1"}',
    text({ ...policy, Version: '2' }),
    text({ ...policy, Version: 1 }),
    text({ ...policy, Statement: [] }),
    text({ ...policy, Statement: statement }),
    text({ ...policy, Extra: true }),
    withStatement({ Effect: 'allow' }),
    withStatement({ Action: undefined }),
    withStatement({ Action: [] }),
    withStatement({ Action: 'GetObject' }),
    withStatement({ Action: 'oss:Get Object' }),
    withStatement({ NotAction: 'oss:*' }),
    withStatement({ Resource: undefined }),
    withStatement({ Resource: 'bucket/*' }),
    withStatement({ Resource: [1] }),
    withStatement({ Principal: '*' }),
    withStatement({ Condition: [] }),
    withStatement({ Condition: { StringIs: { a: 'b' } } }),
    withStatement({ Condition: { Bool: { 'acs:SecureTransport': true } } }),
    withStatement({ Condition: { Bool: 'true' } }),
  ])('refuses %s', (document) => {
    expect(parsePolicy(document)).toBeUndefined()
  })
})
