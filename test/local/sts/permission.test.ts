import { addRole } from '../../../local/ram/account'
import type { PolicyDocument } from '../../../local/ram/types'
import {
  ALLOW_ALL,
  DEVELOPER,
  ID,
  INPUT,
  type Keys,
  provideSts,
  sdk,
  send,
  signRequest,
} from './support/client'

const { sts, reopen } = provideSts()

describe('permission', () => {
  const assume = (Effect: 'Allow' | 'Deny', Resource: string): PolicyDocument => ({
    Version: '1',
    Statement: [{ Effect, Action: 'sts:AssumeRole', Resource }],
  })
  const user: Keys = { accessKeyId: 'u', accessKeySecret: 's' }
  const ask = async (policies: PolicyDocument[], trusts: string[], change = {}, extra = {}) => {
    await reopen({ users: [{ ...user, name: 'app', policies }] })
    addRole(sts().account, { name: 'uploader', trusts, policies: [], ...extra })
    const signing = { keys: user, headers: { 'user-agent': 'tester' } }
    const answer = await send(sts(), signRequest(sts(), { ...INPUT, ...change }, signing))
    return answer.code ?? answer.status
  }
  const me = `acs:ram::${ID}:user/app`

  it('takes both the caller’s right and the role’s trust', async () => {
    const right = assume('Allow', `acs:ram:*:${ID}:role/uploader`)
    expect(await ask([right], [me])).toBe(200)
    expect(await ask([right], [`acs:ram::${ID}:root`])).toBe(200)
    expect(await ask([right], ['exec', 'fc.aliyuncs.com'])).toBe('NoPermission')
    expect(await ask([right], [])).toBe('NoPermission')
    expect(await ask([], [me])).toBe('NoPermission')
    expect(await ask([assume('Allow', `acs:ram:*:${ID}:role/other`)], [me])).toBe('NoPermission')
    expect(await ask([right, assume('Deny', '*')], [me])).toBe('NoPermission')
  })

  it('asks for the external id that the trust names', async () => {
    const policies = [assume('Allow', '*')]
    const extra = { externalId: 'contract-7' }
    expect(await ask(policies, [me], { ExternalId: 'contract-7' }, extra)).toBe(200)
    expect(await ask(policies, [me], { ExternalId: 'contract-8' }, extra)).toBe('NoPermission')
    expect(await ask(policies, [me], {}, extra)).toBe('NoPermission')
  })

  it('asks for sts:SetSourceIdentity before it sets one, which then sticks', async () => {
    expect(await ask([assume('Allow', '*')], [me], { SourceIdentity: 'bob' })).toBe('NoPermission')
    expect(await ask([ALLOW_ALL], [me], { SourceIdentity: 'bob' })).toBe(200)
    addRole(sts().account, { name: 'uploader', trusts: [me, 'uploader'], policies: [ALLOW_ALL] })
    const first = await sdk(sts(), user)({ sourceIdentity: 'bob' })
    expect(first.body?.sourceIdentity).toBe('bob')
    const {
      accessKeyId = '',
      accessKeySecret = '',
      securityToken = '',
    } = first.body?.credentials ?? {}
    const again = sdk(sts(), { accessKeyId, accessKeySecret, securityToken })
    expect((await again()).body?.sourceIdentity).toBe('bob')
    await expect(again({ sourceIdentity: 'eve' })).rejects.toMatchObject({ code: 'NoPermission' })
  })

  it.each([
    ['sts:SetSourceIdentity', 'StringEquals', 'sts:SourceIdentity', 'bob', 'eve'],
    ['sts:AssumeRole', 'Bool', 'acs:MFAPresent', 'false', 'true'],
    ['sts:AssumeRole', 'StringEquals', 'acs:AccessId', user.accessKeyId, 'other'],
    ['sts:AssumeRole', 'IpAddress', 'acs:SourceIp', '127.0.0.1', '10.0.0.0/8'],
    ['sts:AssumeRole', 'Bool', 'acs:SecureTransport', 'false', 'true'],
    ['sts:AssumeRole', 'StringEquals', 'acs:UserAgent', 'tester', 'other'],
    [
      'sts:AssumeRole',
      'DateLessThan',
      'acs:CurrentTime',
      '2999-01-01T00:00:00Z',
      '2020-01-01T00:00:00Z',
    ],
  ])('judges %s by %s of %s', async (Action, operator, key, matching, other) => {
    const judge = (Effect: 'Allow' | 'Deny', value: string) => {
      const Condition = { [operator]: { [key]: value } }
      const rest: PolicyDocument['Statement'] = ['sts:AssumeRole', 'sts:SetSourceIdentity']
        .filter((action) => Effect === 'Deny' || action !== Action)
        .map((action) => ({ Effect: 'Allow', Action: action, Resource: '*' }))
      const statement = { Effect, Action, Resource: '*', Condition }
      const policy: PolicyDocument = { Version: '1', Statement: [...rest, statement] }
      return ask([policy], [me], { SourceIdentity: 'bob' })
    }
    expect(await judge('Allow', matching)).toBe(200)
    expect(await judge('Allow', other)).toBe('NoPermission')
    expect(await judge('Deny', matching)).toBe('NoPermission')
    expect(await judge('Deny', other)).toBe(200)
  })

  it('refuses the root', async () => {
    const keys = { accessKeyId: 'local-root-key', accessKeySecret: 'local-root-secret' }
    const answer = await send(sts(), signRequest(sts(), INPUT, { keys }))
    expect([answer.status, answer.code]).toEqual([403, 'NoPermission'])
    expect(answer.json.Message).toBe('Roles may not be assumed by root accounts.')
  })
})

describe('credentials', () => {
  async function session(): Promise<Required<Keys>> {
    const { body } = await sdk(sts(), DEVELOPER)()
    const { accessKeyId = '', accessKeySecret = '', securityToken = '' } = body?.credentials ?? {}
    return { accessKeyId, accessKeySecret, securityToken }
  }
  const ask = async (keys: Keys) => {
    const { status, code } = await send(sts(), signRequest(sts(), INPUT, { keys }))
    return [status, code]
  }

  it('says which part is wrong', async () => {
    const keys = await session()
    const other = await session()
    const { securityToken: _, ...bare } = keys
    expect(await ask({ ...DEVELOPER, accessKeyId: 'nobody' })).toEqual([
      404,
      'InvalidAccessKeyId.NotFound',
    ])
    expect(await ask({ ...DEVELOPER, accessKeySecret: 'x' })).toEqual([
      400,
      'SignatureDoesNotMatch',
    ])
    expect(await ask(bare)).toEqual([400, 'MissingSecurityToken'])
    expect(await ask({ ...keys, securityToken: 'abc' })).toEqual([
      400,
      'InvalidSecurityToken.Malformed',
    ])
    expect(await ask({ ...keys, securityToken: other.securityToken })).toEqual([
      400,
      'InvalidSecurityToken.MismatchWithAccessKey',
    ])
    expect(await ask({ ...keys, accessKeySecret: other.accessKeySecret })).toEqual([
      400,
      'SignatureDoesNotMatch',
    ])
    sts().clock.now += 3_600_000
    expect(await ask(keys)).toEqual([400, 'InvalidSecurityToken.Expired'])
    for (const key of sts().account.keys) key.inactive = true
    expect(await ask(DEVELOPER)).toEqual([400, 'InvalidAccessKeyId.Inactive'])
  })

  it('wants the token signed', async () => {
    const keys = await session()
    const signed = signRequest(sts(), INPUT, { keys, unsigned: ['x-acs-security-token'] })
    expect((await send(sts(), signed)).code).toBe('IncompleteSignature')
  })
})
