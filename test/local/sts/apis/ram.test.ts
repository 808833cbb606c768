import { RAM_API } from '../../../../local/sts/apis/ram'
import { ALLOW_ALL, ID, provideSts, send, signRequest } from '../support/client'

const { sts, reopen } = provideSts()
const KEY = { accessKeyId: 'k', accessKeySecret: 's' }

/** Sends an action of RAM, signed as the SDK does. */
async function ask(action: string, parameters: Record<string, string>, keys = KEY) {
  const headers = { 'x-acs-action': action, 'x-acs-version': '2015-05-01' }
  return send(sts(), signRequest(sts(), parameters, { headers, keys }))
}

beforeEach(async () => {
  await reopen({ users: [{ name: 'u', ...KEY, policies: [ALLOW_ALL] }] }, [RAM_API])
})

it('says whom a role trusts and what it may do', async () => {
  const { json } = await ask('GetRole', { RoleName: 'uploader' })
  const { Role } = json as { Role: { Arn: string; AssumeRolePolicyDocument: string } }
  expect(Role.Arn).toBe(`acs:ram::${ID}:role/uploader`)
  expect(JSON.parse(Role.AssumeRolePolicyDocument).Statement).toMatchObject([
    { Effect: 'Allow', Principal: { RAM: expect.arrayContaining([`acs:ram::${ID}:role/exec`]) } },
  ])
  const attached = await ask('ListPoliciesForRole', { RoleName: 'uploader' })
  expect(attached.json.Policies).toEqual({
    Policy: [{ PolicyName: 'uploader', PolicyType: 'Custom', DefaultVersion: 'v1' }],
  })
  const policy = await ask('GetPolicy', { PolicyName: 'uploader', PolicyType: 'Custom' })
  expect(policy.json.DefaultPolicyVersion).toMatchObject({
    PolicyDocument: JSON.stringify(ALLOW_ALL),
  })
})

it('refuses what is not there, by its kind', async () => {
  const role = await ask('GetRole', { RoleName: 'nobody' })
  expect([role.status, role.code]).toEqual([404, 'EntityNotExist.Role'])
  for (const parameters of [
    { PolicyName: 'nothing', PolicyType: 'Custom' },
    { PolicyName: 'uploader', PolicyType: 'System' },
  ]) {
    const policy = await ask('GetPolicy', parameters)
    expect([policy.status, policy.code]).toEqual([404, 'EntityNotExist.Policy'])
  }
  const unnamed = await ask('GetRole', {})
  expect([unnamed.status, unnamed.code]).toEqual([400, 'MissingParameter'])
})

it('refuses to read without the right, and with another secret', async () => {
  const user = { name: 'u', ...KEY, policies: [] }
  await reopen({ users: [user] }, [RAM_API])
  for (const [action, parameters] of [
    ['GetRole', { RoleName: 'uploader' }],
    ['ListPoliciesForRole', { RoleName: 'uploader' }],
    ['GetPolicy', { PolicyName: 'uploader', PolicyType: 'Custom' }],
  ] as const) {
    const { status, code } = await ask(action, parameters)
    expect([status, code]).toEqual([403, 'NoPermission'])
  }
  const forged = await ask('GetRole', { RoleName: 'uploader' }, { ...KEY, accessKeySecret: 'x' })
  expect([forged.status, forged.code]).toEqual([400, 'SignatureDoesNotMatch'])
})

it('refuses actions that are not emulated, by name', async () => {
  for (const action of ['CreateRole', 'toString']) {
    const { status, json } = await ask(action, {})
    expect([status, json.Code, json.Message]).toEqual([
      501,
      'NotImplemented',
      `The local RAM does not implement ${action}.`,
    ])
  }
})
