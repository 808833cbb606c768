import { createHmac, randomUUID } from 'node:crypto'
import { openSession } from '../../../local/ram/session'
import { DEVELOPER, ID, type Keys, provideSts, ROLE, sdk, send } from './support/client'

// ali-oss has no types.
type AliSts = {
  assumeRole: (
    role: string,
    policy: object | string | undefined,
    seconds: number,
    session: string,
  ) => Promise<{ credentials: Record<string, string> }>
}
const { STS } = require('ali-oss') as { STS: new (options: Keys & { endpoint: string }) => AliSts }

const { sts } = provideSts()

function sign(
  method: string,
  change: Record<string, string | undefined> = {},
  keys: Keys = DEVELOPER,
): URLSearchParams {
  const parameters: Record<string, string | undefined> = {
    Action: 'AssumeRole',
    Version: '2015-04-01',
    Format: 'JSON',
    AccessKeyId: keys.accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: randomUUID(),
    Timestamp: `${new Date(sts().clock.now).toISOString().slice(0, 19)}Z`,
    RoleArn: ROLE,
    RoleSessionName: 'alice',
    SecurityToken: keys.securityToken,
    ...change,
  }
  const pairs = Object.entries(parameters).filter((pair): pair is [string, string] => !!pair[1])
  const encode = (text: string) =>
    encodeURIComponent(text).replaceAll("'", '%27').replaceAll('(', '%28').replaceAll(')', '%29')
  const query = pairs
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
  const signature = createHmac('sha1', `${keys.accessKeySecret}&`)
    .update(`${method}&%2F&${encode(query)}`)
    .digest('base64')
  return new URLSearchParams([...pairs, ['Signature', signature]])
}

const get = (query: URLSearchParams) =>
  send(sts(), { method: 'GET', path: `/?${query}`, headers: {}, body: '' })
const post = (form: URLSearchParams) =>
  send(sts(), {
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  })

describe('real clients', () => {
  it('gives ali-oss what it asks for, whose timestamps have milliseconds', async () => {
    const client = new STS({ ...DEVELOPER, endpoint: sts().server.url })
    const policy = { Version: '1', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
    const { credentials } = await client.assumeRole(ROLE, policy, 900, 'alice')
    expect(openSession(sts().account, credentials.SecurityToken ?? '')).toMatchObject({
      accessKeyId: credentials.AccessKeyId,
      accessKeySecret: credentials.AccessKeySecret,
      sessionPolicy: policy,
    })
  })

  it('lets ali-oss see code and status of a refusal', async () => {
    const client = new STS({ ...DEVELOPER, accessKeySecret: 'wrong', endpoint: sts().server.url })
    await expect(client.assumeRole(ROLE, undefined, 900, 'alice')).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
      status: 400,
    })
  })

  it('gives the official SDK what it asks for with its older signature', async () => {
    const { body } = await sdk(sts(), DEVELOPER, 'v2')({ policy: JSON.stringify(POLICY) })
    const { accessKeyId = '', accessKeySecret = '', securityToken = '' } = body?.credentials ?? {}
    const again = sdk(sts(), { accessKeyId, accessKeySecret, securityToken }, 'v2')
    await expect(again()).rejects.toMatchObject({ code: 'NoPermission' })
  })
})

const POLICY = {
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'oss:*', Resource: "acs:oss:*:*:b/('ü') *" }],
}

describe('requests', () => {
  it('takes a query by GET and a form by POST', async () => {
    expect((await get(sign('GET'))).status).toBe(200)
    expect((await post(sign('POST'))).status).toBe(200)
  })

  it('refuses what was signed for the other method', async () => {
    expect((await get(sign('POST'))).code).toBe('SignatureDoesNotMatch')
    expect((await post(sign('GET'))).code).toBe('SignatureDoesNotMatch')
  })

  it('takes a session token among the parameters', async () => {
    const { json } = await post(sign('POST'))
    const { AccessKeyId, AccessKeySecret, SecurityToken } = json.Credentials as Record<
      string,
      string
    >
    const keys = {
      accessKeyId: AccessKeyId ?? '',
      accessKeySecret: AccessKeySecret ?? '',
      securityToken: SecurityToken ?? '',
    }
    expect((await get(sign('GET', {}, keys))).code).toBe('NoPermission')
    expect((await get(sign('GET', { SecurityToken: undefined }, keys))).code).toBe(
      'MissingSecurityToken',
    )
  })

  it.each([
    'Action',
    'Version',
    'AccessKeyId',
    'SignatureMethod',
    'SignatureVersion',
    'SignatureNonce',
    'Timestamp',
    'Signature',
    'RoleArn',
    'RoleSessionName',
  ])('refuses a request without %s', async (name) => {
    const form = sign('POST', { [name]: undefined })
    if (name === 'Signature') form.delete(name)
    const { status, code } = await post(form)
    const expected: Record<string, string> = {
      Action: 'InvalidAction.NotFound',
      Version: 'NoSuchVersion',
    }
    expect(code).toBe(expected[name] ?? 'MissingParameter')
    expect(status).toBe(name === 'Action' ? 404 : 400)
  })

  it.each<[Record<string, string>, string]>([
    [{ SignatureMethod: 'HMAC-SHA256' }, 'IncompleteSignature'],
    [{ SignatureVersion: '2.0' }, 'IncompleteSignature'],
    [{ AccessKeyId: 'nobody' }, 'InvalidAccessKeyId.NotFound'],
    [{ Timestamp: '2015-09-01T05:57:34Z' }, 'InvalidTimeStamp.Expired'],
    [{ Timestamp: 'yesterday' }, 'InvalidTimeStamp.Format'],
    [{ RoleArn: 'x' }, 'InvalidParameter.RoleArn'],
    [{ Action: 'AssumeRoleWithOIDC' }, 'NotImplemented'],
  ])('refuses %j', async (change, code) => {
    expect((await post(sign('POST', change))).code).toBe(code)
  })

  it('refuses AssumeRoleWithOIDC by name, which real clients send unsigned', async () => {
    const form = new URLSearchParams({
      Action: 'AssumeRoleWithOIDC',
      Version: '2015-04-01',
      Format: 'JSON',
      OIDCToken: 'x',
    })
    const { status, json } = await post(form)
    expect(status).toBe(501)
    expect(json.Message).toContain('AssumeRoleWithOIDC')
  })

  it('refuses a flipped signature with 400 and the string to sign last', async () => {
    const form = sign('POST')
    const signature = Buffer.from(form.get('Signature') ?? '', 'base64')
    signature.writeUInt8(signature.readUInt8(7) ^ 1, 7)
    form.set('Signature', signature.toString('base64'))
    const { status, json } = await post(form)
    expect(status).toBe(400)
    expect(json.Message).toMatch(
      /server string to sign is:POST&%2F&AccessKeyId%3Dlocal-user-key%26.*$/,
    )
  })

  it('refuses a parameter that was changed, added or taken away', async () => {
    const changed = sign('POST')
    changed.set('RoleSessionName', 'mallory')
    const added = sign('POST')
    added.append('Policy', JSON.stringify(POLICY))
    const gone = sign('POST', { Policy: JSON.stringify(POLICY) })
    gone.delete('Policy')
    for (const form of [changed, added, gone]) {
      expect((await post(form)).code).toBe('SignatureDoesNotMatch')
    }
  })

  it('refuses a nonce that was used', async () => {
    const form = sign('POST')
    expect((await post(form)).status).toBe(200)
    expect((await post(form)).code).toBe('SignatureNonceUsed')
    expect(
      (await get(sign('GET', { SignatureNonce: form.get('SignatureNonce') ?? '' }))).code,
    ).toBe('SignatureNonceUsed')
  })
})

describe('formats', () => {
  it('answers XML when asked, and when not asked at all', async () => {
    for (const Format of ['XML', undefined]) {
      const { status, headers, text } = await post(sign('POST', { Format }))
      expect(status).toBe(200)
      expect(headers.get('content-type')).toBe('text/xml;charset=utf-8')
      expect(headers.get('x-acs-request-id')).toMatch(/^[0-9A-F-]{36}$/)
      expect(text).toMatch(
        /^<\?xml version='1\.0' encoding='UTF-8'\?><AssumeRoleResponse><RequestId>[0-9A-F-]{36}<\/RequestId><AssumedRoleUser><Arn>acs:ram::\d{16}:role\/uploader\/alice<\/Arn>.*<Credentials><AccessKeyId>STS\..*<\/Credentials><\/AssumeRoleResponse>$/,
      )
    }
  })

  it('refuses a body of another type in the format that was asked for', async () => {
    const path = '/?Format=XML'
    const headers = { 'content-type': 'application/json' }
    const { status, text } = await send(sts(), { method: 'POST', path, headers, body: '{}' })
    expect([status, text]).toEqual([
      400,
      expect.stringContaining('<Code>InvalidParameter.ContentType</Code>'),
    ])
  })

  it('recommends where to read of the code', async () => {
    const { json } = await post(sign('POST', { RoleSessionName: 'x' }))
    expect(json.Recommend).toBe(
      'https://api.aliyun.com/troubleshoot?q=InvalidParameter.RoleSessionName&product=Sts',
    )
  })

  it('escapes what a refusal repeats', async () => {
    const form = sign('POST', { Format: 'XML', RoleSessionName: 'a<b>&c' })
    expect((await post(form)).text).toMatch(
      /<Error>.*<Code>InvalidParameter.RoleSessionName<\/Code>/,
    )
    form.set('RoleSessionName', 'x')
    const { text } = await post(form)
    expect(text).toContain('<Code>SignatureDoesNotMatch</Code>')
    expect(text).toContain('POST&amp;%2F&amp;AccessKeyId')
  })
})

it('does not take a role of another account', async () => {
  const RoleArn = `acs:ram::${ID.replace('1', '2')}:role/uploader`
  expect((await post(sign('POST', { RoleArn }))).code).toBe('EntityNotExist.Role')
})
