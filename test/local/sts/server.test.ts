import { request as httpRequest } from 'node:http'
import { addRole } from '../../../local/ram/account'
import { openSession } from '../../../local/ram/session'
import type { PolicyDocument } from '../../../local/ram/types'
import {
  ALLOW_ALL,
  DEVELOPER,
  ID,
  type Keys,
  openSts,
  ROLE,
  type Signed,
  type Sts,
  sdk,
  send,
  signRequest,
} from './client'

const POLICY = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'oss:PutObject', Resource: 'acs:oss:*:*:b/ü (1)!*' }],
})
const INPUT = { RoleArn: ROLE, RoleSessionName: 'alice', DurationSeconds: '900', Policy: POLICY }

let sts: Sts
beforeEach(async () => {
  sts = await openSts()
})
afterEach(() => sts.server.close())

/** A policy of exactly this many bytes, with characters of `width` bytes in its resource. */
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

describe('the official SDK', () => {
  it('is given credentials that the account can open', async () => {
    const { body, statusCode } = await sdk(sts, DEVELOPER)({ policy: POLICY, durationSeconds: 900 })
    expect(statusCode).toBe(200)
    expect(body?.requestId).toMatch(/^[0-9A-F-]{36}$/)
    expect(body?.assumedRoleUser).toMatchObject({
      arn: `${ROLE}/alice`,
      assumedRoleId: expect.stringMatching(/^3\d{17}:alice$/),
    })
    const credentials = body?.credentials
    expect(credentials?.expiration).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const session = openSession(sts.account, credentials?.securityToken ?? '')
    expect(session).toMatchObject({
      accessKeyId: credentials?.accessKeyId,
      accessKeySecret: credentials?.accessKeySecret,
      sessionName: 'alice',
      sessionPolicy: JSON.parse(POLICY),
      expiresAt: Math.floor(sts.clock.now / 1000 + 900) * 1000,
    })
  })

  it('may call with the credentials of a session, a function’s for instance', async () => {
    addRole(sts.account, { name: 'delegate', trusts: ['uploader'], policies: [ALLOW_ALL] })
    const { body } = await sdk(sts, DEVELOPER)()
    const { accessKeyId = '', accessKeySecret = '', securityToken = '' } = body?.credentials ?? {}
    const keys = { accessKeyId, accessKeySecret, securityToken }
    const next = await sdk(sts, keys)({ roleArn: `acs:ram::${ID}:role/delegate` })
    expect(next.body?.credentials?.accessKeyId).toMatch(/^STS\./)
    expect(sts.log.map(({ who, status }) => [who, status])).toEqual([
      ['local-user-key', 200],
      [accessKeyId, 200],
    ])
  })

  it('throws its own error with code, status and request id', async () => {
    const call = sdk(sts, DEVELOPER)({ roleArn: `acs:ram::${ID}:role/nobody` })
    await expect(call).rejects.toMatchObject({
      code: 'EntityNotExist.Role',
      statusCode: 404,
      requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    })
  })

  it('keeps characters of a policy that its URL leaves bare', async () => {
    const policy = POLICY.replace('(1)', "()!~*'+ &=%")
    const { body } = await sdk(sts, DEVELOPER)({ policy })
    const session = openSession(sts.account, body?.credentials?.securityToken ?? '')
    expect(session?.sessionPolicy).toEqual(JSON.parse(policy))
  })
})

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
    ['a parameter it does not know', { Colour: 'red' }, 200, undefined],
  ])('judges %s', async (_, change, status, code) => {
    addRole(sts.account, {
      name: 'uploader',
      trusts: [`acs:ram::${ID}:root`],
      policies: [ALLOW_ALL],
    })
    const user = sts.account.keys[1]?.user
    if (user && !user.root) user.policies = [ALLOW_ALL]
    const answer = await send(sts, signRequest(sts, { ...INPUT, ...change }))
    expect([answer.status, answer.code]).toEqual([status, code])
    expect(answer.headers.get('content-type')).toBe('application/json;charset=utf-8')
    if (code) {
      expect(Object.keys(answer.json)).toEqual(['RequestId', 'HostId', 'Code', 'Message'])
    }
  })

  it('takes an empty policy for a broken one, not for none', async () => {
    const { path, ...rest } = signRequest(sts, { ...INPUT, Policy: undefined })
    const bare = await send(sts, { ...rest, path: `${path}&Policy=` })
    expect(bare.code).toBe('SignatureDoesNotMatch')
    const answer = await sdk(sts, DEVELOPER)({ policy: '' }).catch((error: unknown) => error)
    expect(answer).toMatchObject({ code: 'InvalidParameter.PolicyGrammar' })
  })

  it('lets a role’s own maximum bound the duration', async () => {
    addRole(sts.account, {
      name: 'uploader',
      trusts: [`acs:ram::${ID}:root`],
      policies: [],
      maxSessionSeconds: 7200,
    })
    const ask = (DurationSeconds: string) =>
      send(sts, signRequest(sts, { ...INPUT, DurationSeconds }))
    expect((await ask('7200')).status).toBe(200)
    expect((await ask('7201')).json.Message).toContain('15min/2hr')
  })

  it('reads the parameters of a form as well', async () => {
    const answer = await send(sts, signRequest(sts, INPUT, { form: true }))
    expect(answer.status).toBe(200)
    const tampered = signRequest(sts, INPUT, { form: true })
    const body = tampered.body.replace('alice', 'mallo')
    expect((await send(sts, { ...tampered, body })).code).toBe('IncompleteSignature')
  })
})

describe('permission', () => {
  const assume = (Effect: 'Allow' | 'Deny', Resource: string): PolicyDocument => ({
    Version: '1',
    Statement: [{ Effect, Action: 'sts:AssumeRole', Resource }],
  })
  const user: Keys = { accessKeyId: 'u', accessKeySecret: 's' }
  const ask = async (policies: PolicyDocument[], trusts: string[], change = {}, extra = {}) => {
    await sts.server.close()
    sts = await openSts({ users: [{ ...user, name: 'app', policies }] })
    addRole(sts.account, { name: 'uploader', trusts, policies: [], ...extra })
    const answer = await send(sts, signRequest(sts, { ...INPUT, ...change }, { keys: user }))
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
    addRole(sts.account, { name: 'uploader', trusts: [me, 'uploader'], policies: [ALLOW_ALL] })
    const first = await sdk(sts, user)({ sourceIdentity: 'bob' })
    expect(first.body?.sourceIdentity).toBe('bob')
    const {
      accessKeyId = '',
      accessKeySecret = '',
      securityToken = '',
    } = first.body?.credentials ?? {}
    const again = sdk(sts, { accessKeyId, accessKeySecret, securityToken })
    expect((await again()).body?.sourceIdentity).toBe('bob')
    await expect(again({ sourceIdentity: 'eve' })).rejects.toMatchObject({ code: 'NoPermission' })
  })

  it('refuses the root', async () => {
    const keys = { accessKeyId: 'local-root-key', accessKeySecret: 'local-root-secret' }
    const answer = await send(sts, signRequest(sts, INPUT, { keys }))
    expect(answer.status).toBe(403)
    expect(answer.json.Message).toBe('Roles may not be assumed by root accounts.')
  })
})

describe('ACS3 signatures', () => {
  const flip = (text: string) => text.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
  const authorization = (signed: Signed) => signed.headers.authorization ?? ''

  it.each<[string, (signed: Signed) => Partial<Signed>, string]>([
    [
      'a flipped signature',
      (signed) => ({ headers: { ...signed.headers, authorization: flip(authorization(signed)) } }),
      'SignatureDoesNotMatch',
    ],
    ['another parameter', ({ path }) => ({ path: `${path}&A=b` }), 'SignatureDoesNotMatch'],
    [
      'a changed policy',
      ({ path }) => ({ path: path.replace('Put', 'Get') }),
      'SignatureDoesNotMatch',
    ],
    ['another method', () => ({ method: 'GET' }), 'SignatureDoesNotMatch'],
    [
      'another nonce',
      (signed) => ({ headers: { ...signed.headers, 'x-acs-signature-nonce': 'n' } }),
      'SignatureDoesNotMatch',
    ],
    [
      'no signature at all',
      ({ headers: { authorization: _, ...headers } }) => ({ headers }),
      'MissingParameter',
    ],
    [
      'a signature of another kind',
      (signed) => ({ headers: { ...signed.headers, authorization: 'ACS3-RSA-SHA256 x' } }),
      'IncompleteSignature',
    ],
    [
      'a body that the hash does not cover',
      (signed) => ({
        body: 'RoleSessionName=eve',
        headers: { ...signed.headers, 'content-type': 'application/x-www-form-urlencoded' },
      }),
      'IncompleteSignature',
    ],
    [
      'a JSON body',
      (signed) => ({
        body: '{}',
        headers: { ...signed.headers, 'content-type': 'application/json' },
      }),
      'InvalidParameter.ContentType',
    ],
    ['another path', () => ({ path: '/sts' }), 'InvalidAction.NotFound'],
    ['a method it does not take', () => ({ method: 'PUT' }), 'UnsupportedHTTPMethod'],
  ])('refuses %s', async (_, change, code) => {
    const signed = signRequest(sts, INPUT)
    const answer = await send(sts, { ...signed, ...change(signed) })
    const found = answer.code ?? /<Code>(.*?)<\/Code>/.exec(answer.text)?.[1]
    expect(found).toBe(code)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
  })

  it('puts the string to sign at the end of the message', async () => {
    const signed = signRequest(sts, INPUT)
    const headers = { ...signed.headers, authorization: flip(authorization(signed)) }
    const { status, json } = await send(sts, { ...signed, headers })
    expect(status).toBe(400)
    expect(json.Message).toMatch(
      /server canonical request is:POST\n\/\n.*server string to sign is:ACS3-HMAC-SHA256\n[0-9a-f]{64}$/s,
    )
  })

  it.each(['host', 'x-acs-action', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256'])(
    'refuses a request that leaves %s unsigned',
    async (name) => {
      const answer = await send(sts, signRequest(sts, INPUT, { unsigned: [name] }))
      expect(answer.code).toBe('IncompleteSignature')
      expect(answer.json.Message).toContain(name)
    },
  )

  it('refuses a nonce that was used, for as long as its date could pass', async () => {
    const signed = signRequest(sts, INPUT)
    expect((await send(sts, signed)).status).toBe(200)
    expect((await send(sts, signed)).code).toBe('SignatureNonceUsed')
    sts.clock.now += 15 * 60_000
    expect((await send(sts, signed)).code).toBe('SignatureNonceUsed')
    sts.clock.now += 1000
    expect((await send(sts, signed)).code).toBe('InvalidTimeStamp.Expired')
  })

  it('does not use up the nonce of a request whose signature is wrong', async () => {
    const signed = signRequest(sts, INPUT)
    const headers = { ...signed.headers, authorization: flip(authorization(signed)) }
    expect((await send(sts, { ...signed, headers })).code).toBe('SignatureDoesNotMatch')
    expect((await send(sts, signed)).status).toBe(200)
  })

  it.each<[string, number, string | undefined]>([
    ['15 minutes late', 900_000, undefined],
    ['15 minutes early', -900_000, undefined],
    ['16 minutes late', 960_000, 'InvalidTimeStamp.Expired'],
    ['16 minutes early', -960_000, 'InvalidTimeStamp.Expired'],
  ])('judges a clock %s', async (_, offset, code) => {
    sts.clock.now = 1_700_000_000_000
    const signed = signRequest(sts, INPUT)
    sts.clock.now += offset
    expect((await send(sts, signed)).code).toBe(code)
  })

  it.each([
    '2026-01-02',
    'abc',
    '-1',
    'NaN',
    'Fri, 02 Jan 2026 03:04:05 GMT',
    '2026-13-02T03:04:05Z',
  ])('refuses the date %s', async (date) => {
    const signed = signRequest(sts, INPUT, { headers: { 'x-acs-date': date } })
    expect((await send(sts, signed)).code).toBe('InvalidTimeStamp.Format')
  })
})

describe('credentials', () => {
  async function session(): Promise<Required<Keys>> {
    const { body } = await sdk(sts, DEVELOPER)()
    const { accessKeyId = '', accessKeySecret = '', securityToken = '' } = body?.credentials ?? {}
    return { accessKeyId, accessKeySecret, securityToken }
  }
  const ask = async (keys: Keys) => (await send(sts, signRequest(sts, INPUT, { keys }))).code

  it('says which part is wrong', async () => {
    const keys = await session()
    const other = await session()
    const { securityToken: _, ...bare } = keys
    expect(await ask({ ...DEVELOPER, accessKeyId: 'nobody' })).toBe('InvalidAccessKeyId.NotFound')
    expect(await ask({ ...DEVELOPER, accessKeySecret: 'x' })).toBe('SignatureDoesNotMatch')
    expect(await ask(bare)).toBe('MissingSecurityToken')
    expect(await ask({ ...keys, securityToken: 'abc' })).toBe('InvalidSecurityToken.Malformed')
    expect(await ask({ ...keys, securityToken: other.securityToken })).toBe(
      'InvalidSecurityToken.MismatchWithAccessKey',
    )
    expect(await ask({ ...keys, accessKeySecret: other.accessKeySecret })).toBe(
      'SignatureDoesNotMatch',
    )
    sts.clock.now += 3_600_000
    expect(await ask(keys)).toBe('InvalidSecurityToken.Expired')
  })

  it('wants the token signed', async () => {
    const keys = await session()
    const signed = signRequest(sts, INPUT, { keys, unsigned: ['x-acs-security-token'] })
    expect((await send(sts, signed)).code).toBe('IncompleteSignature')
  })
})

describe('actions', () => {
  it.each(['AssumeRoleWithOIDC', 'AssumeRoleWithSAML', 'GetCallerIdentity'])(
    'refuses %s by name, signed or not',
    async (action) => {
      const signed = signRequest(sts, INPUT, { headers: { 'x-acs-action': action } })
      for (const headers of [signed.headers, { ...signed.headers, authorization: '' }]) {
        const { status, json, text } = await send(sts, { ...signed, headers })
        expect(status).toBe(501)
        expect(json.Message ?? text).toContain(action)
      }
    },
  )

  it.each<[Record<string, string>, string]>([
    [{ 'x-acs-action': 'CreateRole' }, 'InvalidAction.NotFound'],
    [{ 'x-acs-action': 'toString' }, 'InvalidAction.NotFound'],
    [{ 'x-acs-version': '2014-05-26' }, 'NoSuchVersion'],
  ])('refuses %j', async (headers, code) => {
    expect((await send(sts, signRequest(sts, INPUT, { headers }))).code).toBe(code)
  })

  it('answers a megabyte of garbage, and then the next request', async () => {
    const status = await new Promise((resolve, reject) => {
      const message = httpRequest(
        { port: sts.server.port, method: 'POST', headers: { 'content-type': 'text/plain' } },
        (response) => resolve(response.statusCode),
      )
      message.on('error', reject)
      message.end(Buffer.alloc(1_000_000, 0xff))
    })
    expect(status).toBe(413)
    expect((await send(sts, signRequest(sts, INPUT))).status).toBe(200)
  })

  it('logs who and what, and nothing that is secret', async () => {
    const signed = signRequest(sts, INPUT)
    const { json } = await send(sts, signed)
    const { SecurityToken, AccessKeySecret } = json.Credentials as Record<string, string>
    await send(sts, signed)
    expect(sts.log).toEqual([
      { method: 'POST', action: 'AssumeRole', who: 'local-user-key', status: 200 },
      {
        method: 'POST',
        action: 'AssumeRole',
        who: 'local-user-key',
        status: 400,
        code: 'SignatureNonceUsed',
      },
    ])
    const text = JSON.stringify(sts.log)
    for (const secret of [SecurityToken, AccessKeySecret, 'local-user-secret', 'PutObject']) {
      expect(text).not.toContain(secret)
    }
  })
})
