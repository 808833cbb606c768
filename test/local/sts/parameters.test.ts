import { addRole } from '../../../local/ram/account'
import {
  ALLOW_ALL,
  DEVELOPER,
  ID,
  INPUT,
  provideSts,
  sdk,
  send,
  signRequest,
} from './support/client'

const { sts } = provideSts()

/**
 * Returns a policy of exactly this many bytes, with characters of `width` bytes in its resource.
 */
function policyOf(bytes: number, width = 1): string {
  const filler = (length: number) => ['a', 'é', '字'][width - 1]?.repeat(length) ?? ''
  const text = (resource: string) =>
    JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'oss:*', Resource: `acs:oss:*:*:b/${resource}` }],
    })
  const room = bytes - Buffer.byteLength(text(''))
  return text(filler(Math.floor(room / width)) + 'a'.repeat(room % width))
}

describe('parameters', () => {
  it.each<[string, Record<string, string | undefined>, number, string | undefined]>([
    ['nothing wrong', {}, 200, undefined],
    [
      'no duration and no policy',
      { DurationSeconds: undefined, Policy: undefined },
      200,
      undefined,
    ],
    ['no RoleArn', { RoleArn: undefined }, 400, 'MissingParameter'],
    ['a RoleArn that is a name', { RoleArn: 'uploader' }, 400, 'InvalidParameter.RoleArn'],
    ['a user’s ARN', { RoleArn: `acs:ram::${ID}:user/a` }, 400, 'InvalidParameter.RoleArn'],
    [
      'a RoleArn with a star',
      { RoleArn: `acs:ram::${ID}:role/*` },
      400,
      'InvalidParameter.RoleArn',
    ],
    ['a RoleArn in upper case', { RoleArn: `acs:ram::${ID}:role/UPLOADER` }, 200, undefined],
    ['a role that is not there', { RoleArn: `acs:ram::${ID}:role/x` }, 404, 'EntityNotExist.Role'],
    ['another account', { RoleArn: 'acs:ram::1:role/uploader' }, 404, 'EntityNotExist.Role'],
    ['no session name', { RoleSessionName: undefined }, 400, 'MissingParameter'],
    ['a name of 1', { RoleSessionName: 'a' }, 400, 'InvalidParameter.RoleSessionName'],
    ['a name of 2', { RoleSessionName: 'ab' }, 200, undefined],
    ['a name of 64', { RoleSessionName: 'a@.-_'.padEnd(64, 'z') }, 200, undefined],
    ['a name of 65', { RoleSessionName: 'a'.repeat(65) }, 400, 'InvalidParameter.RoleSessionName'],
    ['a name with a space', { RoleSessionName: 'a b' }, 400, 'InvalidParameter.RoleSessionName'],
    [
      'a name with a line end',
      { RoleSessionName: 'ab\n' },
      400,
      'InvalidParameter.RoleSessionName',
    ],
    ['899 seconds', { DurationSeconds: '899' }, 400, 'InvalidParameter.DurationSeconds'],
    ['3600 seconds', { DurationSeconds: '3600' }, 200, undefined],
    ['3601 seconds', { DurationSeconds: '3601' }, 400, 'InvalidParameter.DurationSeconds'],
    ['-1 seconds', { DurationSeconds: '-1' }, 400, 'InvalidParameter.DurationSeconds'],
    ['NaN seconds', { DurationSeconds: 'NaN' }, 400, 'InvalidParameter.DurationSeconds'],
    ['abc seconds', { DurationSeconds: 'abc' }, 400, 'InvalidParameter.DurationSeconds'],
    ['1e3 seconds', { DurationSeconds: '1e3' }, 400, 'InvalidParameter.DurationSeconds'],
    ['a policy of 2048 bytes', { Policy: policyOf(2048) }, 200, undefined],
    ['a policy of 2049 bytes', { Policy: policyOf(2049) }, 400, 'InvalidParameter.PolicySize'],
    ['2048 bytes in Chinese', { Policy: policyOf(2048, 3) }, 200, undefined],
    ['2049 bytes in Chinese', { Policy: policyOf(2049, 3) }, 400, 'InvalidParameter.PolicySize'],
    ['a policy that is null', { Policy: 'null' }, 400, 'InvalidParameter.PolicyGrammar'],
    ['a policy that is a list', { Policy: '[]' }, 400, 'InvalidParameter.PolicyGrammar'],
    ['a policy that is no JSON', { Policy: '{' }, 400, 'InvalidParameter.PolicyGrammar'],
    ['an external id of 1', { ExternalId: 'a' }, 400, 'InvalidParameter.ExternalId'],
    ['an external id of 1224', { ExternalId: 'a:/@=+,._-'.padEnd(1224, 'z') }, 200, undefined],
    [
      'an external id of 1225',
      { ExternalId: 'a'.repeat(1225) },
      400,
      'InvalidParameter.ExternalId',
    ],
    ['a source of 64', { SourceIdentity: 'a=b'.padEnd(64, 'z') }, 200, undefined],
    ['a source of 65', { SourceIdentity: 'a'.repeat(65) }, 400, 'InvalidParameter.SourceIdentity'],
    ['a source like an ARN', { SourceIdentity: 'acs:a' }, 400, 'InvalidParameter.SourceIdentity'],
    ['a code of MFA', { SerialNumber: 'acs:ram::1:mfa/x', TokenCode: '000000' }, 200, undefined],
    ['a parameter it does not know', { Colour: 'red' }, 200, undefined],
  ])('judges %s', async (_, change, status, code) => {
    addRole(sts().account, {
      name: 'uploader',
      trusts: [`acs:ram::${ID}:root`],
      policies: [ALLOW_ALL],
    })
    const user = sts().account.keys[1]?.user
    if (user && !user.root) user.policies = [ALLOW_ALL]
    const answer = await send(sts(), signRequest(sts(), { ...INPUT, ...change }))
    expect([answer.status, answer.code]).toEqual([status, code])
    expect(answer.headers.get('content-type')).toBe('application/json;charset=utf-8')
    if (code) {
      expect(Object.keys(answer.json)).toEqual([
        'RequestId',
        'HostId',
        'Code',
        'Message',
        'Recommend',
      ])
    }
  })

  it('takes an empty policy for a broken one, not for none', async () => {
    const { path, ...rest } = signRequest(sts(), { ...INPUT, Policy: undefined })
    const bare = await send(sts(), { ...rest, path: `${path}&Policy=` })
    expect(bare.code).toBe('SignatureDoesNotMatch')
    const answer = await sdk(sts(), DEVELOPER)({ policy: '' }).catch((error: unknown) => error)
    expect(answer).toMatchObject({ code: 'InvalidParameter.PolicyGrammar' })
  })

  it('lets a role’s own maximum bound the duration', async () => {
    addRole(sts().account, {
      name: 'uploader',
      trusts: [`acs:ram::${ID}:root`],
      policies: [],
      maxSessionSeconds: 7200,
    })
    const ask = (DurationSeconds: string) =>
      send(sts(), signRequest(sts(), { ...INPUT, DurationSeconds }))
    expect((await ask('7200')).status).toBe(200)
    expect((await ask('7201')).json.Message).toContain('15min/2hr')
  })

  it('reads the parameters of a form as well', async () => {
    const answer = await send(sts(), signRequest(sts(), INPUT, { form: true }))
    expect(answer.status).toBe(200)
    const tampered = signRequest(sts(), INPUT, { form: true })
    const body = tampered.body.replace('alice', 'mallo')
    expect((await send(sts(), { ...tampered, body })).code).toBe('IncompleteSignature')
  })
})
