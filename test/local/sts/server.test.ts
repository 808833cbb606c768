import { request as httpRequest } from 'node:http'
import { addRole } from '../../../local/ram/account'
import { openSession } from '../../../local/ram/session'
import {
  ALLOW_ALL,
  DEVELOPER,
  ID,
  INPUT,
  POLICY,
  provideSts,
  ROLE,
  sdk,
  send,
  signRequest,
} from './support/client'

const { sts, reopen } = provideSts()

describe('the official SDK', () => {
  it('is given credentials that the account can open', async () => {
    const { body, statusCode } = await sdk(
      sts(),
      DEVELOPER,
    )({ policy: POLICY, durationSeconds: 900 })
    expect(statusCode).toBe(200)
    expect(body?.requestId).toMatch(/^[0-9A-F-]{36}$/)
    expect(body?.assumedRoleUser).toMatchObject({
      arn: `${ROLE}/alice`,
      assumedRoleId: expect.stringMatching(/^3\d{17}:alice$/),
    })
    const credentials = body?.credentials
    expect(credentials?.expiration).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const session = openSession(sts().account, credentials?.securityToken ?? '')
    expect(session).toMatchObject({
      accessKeyId: credentials?.accessKeyId,
      accessKeySecret: credentials?.accessKeySecret,
      sessionName: 'alice',
      sessionPolicy: JSON.parse(POLICY),
      expiresAt: Math.floor(sts().clock.now / 1000 + 900) * 1000,
    })
  })

  it('may call with the credentials of a session, a function’s for instance', async () => {
    addRole(sts().account, { name: 'delegate', trusts: ['uploader'], policies: [ALLOW_ALL] })
    const { body } = await sdk(sts(), DEVELOPER)()
    const { accessKeyId = '', accessKeySecret = '', securityToken = '' } = body?.credentials ?? {}
    const keys = { accessKeyId, accessKeySecret, securityToken }
    const next = await sdk(sts(), keys)({ roleArn: `acs:ram::${ID}:role/delegate` })
    expect(next.body?.credentials?.accessKeyId).toMatch(/^STS\./)
    expect(sts().log.map(({ who, status }) => [who, status])).toEqual([
      ['local-user-key', 200],
      [accessKeyId, 200],
    ])
  })

  it('throws its own error with code, status and request id', async () => {
    const call = sdk(sts(), DEVELOPER)({ roleArn: `acs:ram::${ID}:role/nobody` })
    await expect(call).rejects.toMatchObject({
      code: 'EntityNotExist.Role',
      statusCode: 404,
      requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    })
  })

  it('keeps characters of a policy that its URL leaves bare', async () => {
    const policy = POLICY.replace('(1)', "()!~*'+ &=%")
    const { body } = await sdk(sts(), DEVELOPER)({ policy })
    const session = openSession(sts().account, body?.credentials?.securityToken ?? '')
    expect(session?.sessionPolicy).toEqual(JSON.parse(policy))
  })
})

describe('actions', () => {
  it('says whose key signed a request, which needs no right', async () => {
    const keys = { accessKeyId: 'k', accessKeySecret: 's' }
    await reopen({ users: [{ name: 'guest', ...keys, policies: [] }] })
    const headers = { 'x-acs-action': 'GetCallerIdentity' }
    const { status, json } = await send(sts(), signRequest(sts(), {}, { headers, keys }))
    const Arn = `acs:ram::${ID}:user/guest`
    expect([status, json]).toMatchObject([200, { AccountId: ID, Arn, IdentityType: 'RAMUser' }])
  })

  it.each(['AssumeRoleWithOIDC', 'AssumeRoleWithSAML'])(
    'refuses %s by name, signed or not',
    async (action) => {
      const signed = signRequest(sts(), INPUT, { headers: { 'x-acs-action': action } })
      for (const headers of [signed.headers, { ...signed.headers, authorization: '' }]) {
        const { status, json, text } = await send(sts(), { ...signed, headers })
        expect([status, text]).toEqual([501, expect.stringContaining('NotImplemented')])
        expect(json.Message ?? text).toContain(action)
      }
    },
  )

  it.each<[Record<string, string>, number, string]>([
    [{ 'x-acs-action': 'CreateRole' }, 404, 'InvalidAction.NotFound'],
    [{ 'x-acs-action': 'toString' }, 404, 'InvalidAction.NotFound'],
    [{ 'x-acs-version': '2014-05-26' }, 400, 'NoSuchVersion'],
  ])('refuses %j', async (headers, status, code) => {
    const answer = await send(sts(), signRequest(sts(), INPUT, { headers }))
    expect([answer.status, answer.code]).toEqual([status, code])
  })

  it('answers InternalError to what it can not do', async () => {
    const broken = () => {
      throw new Error('broken')
    }
    Object.defineProperty(sts().account, 'roles', { get: broken })
    const { status, code } = await send(sts(), signRequest(sts(), INPUT))
    expect([status, code]).toEqual([500, 'InternalError'])
    expect(sts().log.at(-1)?.detail).toBe('Error: broken')
  })

  it('never throttles: two hundred calls at once are all answered', async () => {
    const calls = Array.from({ length: 200 }, () => send(sts(), signRequest(sts(), INPUT)))
    const statuses = (await Promise.all(calls)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([200]))
  })

  it('answers a megabyte of garbage, and then the next request', async () => {
    const [status, text] = await new Promise<[number | undefined, string]>((resolve, reject) => {
      const message = httpRequest(
        { port: sts().server.port, method: 'POST', headers: { 'content-type': 'text/plain' } },
        (response) => {
          let body = ''
          response.on('data', (chunk) => {
            body += chunk
          })
          response.once('end', () => resolve([response.statusCode, body]))
        },
      )
      message.on('error', reject)
      message.end(Buffer.alloc(1_000_000, 0xff))
    })
    expect(status).toBe(413)
    expect(text).toContain('<Code>RequestEntityTooLarge</Code>')
    expect((await send(sts(), signRequest(sts(), INPUT))).status).toBe(200)
  })

  it('logs who and what, and nothing that is secret', async () => {
    const signed = signRequest(sts(), INPUT)
    const { json } = await send(sts(), signed)
    const { SecurityToken, AccessKeySecret } = json.Credentials as Record<string, string>
    await send(sts(), signed)
    await send(sts(), { ...signed, path: `${signed.path}&A=b` })
    const base = { method: 'POST', action: 'AssumeRole', who: 'local-user-key' }
    expect(sts().log).toEqual([
      { ...base, status: 200 },
      {
        ...{ ...base, status: 400, code: 'SignatureNonceUsed' },
        detail: 'Specified signature nonce was used already.',
      },
      { ...base, status: 400, code: 'SignatureDoesNotMatch' },
    ])
    const text = JSON.stringify(sts().log)
    for (const secret of [SecurityToken, AccessKeySecret, 'local-user-secret', 'PutObject']) {
      expect(text).not.toContain(secret)
    }
  })
})
