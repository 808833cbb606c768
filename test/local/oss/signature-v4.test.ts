import { createHash } from 'node:crypto'
import { BUCKET, NOW, ROOT, send } from './support/cloud'
import { GET, outcome, shareObject } from './support/schemes'
import { basicDate, headerV4, type Signed, v4 } from './support/sign'

const cloud = shareObject()

describe('a V4 header that is malformed', () => {
  const day = basicDate(NOW).slice(0, 8)
  const credential = (text: string) => (signed: Signed) => {
    const authorization = signed.headers.authorization?.replace(
      /Credential=[^,]+/,
      `Credential=${text}`,
    )
    return { ...signed, headers: { ...signed.headers, authorization: authorization ?? '' } }
  }
  const scope = `${day}/cn-hangzhou/oss/aliyun_v4_request`
  const cases: [string, (signed: Signed) => Signed, number, string, string | undefined][] = [
    [
      'another terminator',
      credential(`${ROOT.id}/${day}/cn-hangzhou/oss/aws4_request`),
      400,
      'InvalidArgument',
      '0002-00000213',
    ],
    [
      'another region',
      credential(`${ROOT.id}/${day}/cn-beijing/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000226',
    ],
    [
      'an oss- region',
      credential(`${ROOT.id}/${day}/oss-cn-hangzhou/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000226',
    ],
    [
      'another product',
      credential(`${ROOT.id}/${day}/cn-hangzhou/ecs/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000227',
    ],
    [
      'the product of cloud boxes',
      credential(`${ROOT.id}/${day}/cn-hangzhou/oss-cloudbox/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000227',
    ],
    [
      'no day',
      credential(`${ROOT.id}/today/cn-hangzhou/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000212',
    ],
    [
      'another day',
      credential(`${ROOT.id}/20231115/cn-hangzhou/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000212',
    ],
    [
      'odd characters in the key id',
      credential(`LT(AI/${scope}`),
      400,
      'InvalidArgument',
      '0002-00000206',
    ],
    [
      'too many parts',
      credential(`a/${ROOT.id}/${scope}`),
      400,
      'InvalidArgument',
      '0002-00000213',
    ],
  ]
  it.each(cases)('is refused with %s', async (_, change, status, code, ec) => {
    const reply = await send(cloud(), change(headerV4(GET, ROOT, NOW)))
    expect(outcome(reply)).toEqual([status, code, ec])
  })

  const begun = `OSS4-HMAC-SHA256 Credential=a/${scope}`
  const [invalid, missing] = [
    'Authorization header is invalid',
    'AccessKeyId or Signature is missing in Authorization header',
  ]
  const authorizations: [string, string, string | undefined][] = [
    ['OSS4-HMAC-SHA256', invalid, '0002-00000061'],
    ['OSS2 AccessKeyId:a,Signature:b', invalid, '0002-00000061'],
    ['AWS4-HMAC-SHA256 Credential=a', invalid, '0002-00000061'],
    ['Bearer abc', invalid, '0002-00000061'],
    ['', 'Authorization header value is empty', undefined],
    ['OSS abc', missing, '0002-00000062'],
    ['OSS :abc', missing, '0002-00000063'],
    ['OSS abc:', missing, '0002-00000065'],
    [`${begun},Signature=a,Signature=b`, invalid, '0002-00000202'],
    [`${begun},Signature=a,`, invalid, '0002-00000203'],
    [`${begun.replace('=', '')},Signature=a`, invalid, '0002-00000203'],
    [`${begun},Signature=a,More=1`, invalid, '0002-00000204'],
    [`${begun},Signature=a,constructor=1`, invalid, '0002-00000204'],
    ['OSS4-HMAC-SHA256 Signature=a', invalid, '0002-00000205'],
    [begun, invalid, '0002-00000207'],
    [`${begun},Signature=`, invalid, '0002-00000208'],
  ]
  it.each(authorizations)('is refused: %j', async (authorization, message, ec) => {
    const headers = { 'x-oss-date': basicDate(NOW), authorization }
    const reply = await send(cloud(), { method: 'GET', path: '/demo-bkt/a/b', headers })
    expect([...outcome(reply), reply.message]).toEqual([400, 'InvalidArgument', ec, message])
  })

  it('must say that its payload is unsigned', async () => {
    const signed = headerV4(GET, ROOT, NOW)
    const headers = { ...signed.headers, 'x-oss-content-sha256': 'e3b0c442' }
    expect(outcome(await send(cloud(), { ...signed, headers }))).toEqual([
      400,
      'InvalidArgument',
      '0002-00000214',
    ])
  })

  it.each([
    ['', '0002-00000209'],
    ['range;', '0002-00000210'],
    [';', '0002-00000210'],
    ['range', '0002-00000211'],
    ['x_y', '0002-00000211'],
  ])('is refused with the additional headers %j', async (names, ec) => {
    const signed = headerV4({ ...GET, headers: { x_y: '1' } }, ROOT, NOW)
    const authorization =
      signed.headers.authorization?.replace(',Sig', `,AdditionalHeaders=${names},Sig`) ?? ''
    const reply = await send(cloud(), { ...signed, headers: { ...signed.headers, authorization } })
    expect(outcome(reply)).toEqual([400, 'InvalidArgument', ec])
  })

  it.each([
    [undefined, '0002-00000503'],
    ['yesterday', '0002-00000502'],
    ['20231131T000000Z', '0002-00000502'],
    [new Date(NOW).toUTCString(), '0002-00000502'],
  ])('needs a date, not %j', async (date, ec) => {
    const { 'x-oss-date': _, ...headers } = headerV4(GET, ROOT, NOW).headers
    const sentHeaders = { ...headers, ...(date !== undefined && { 'x-oss-date': date }) }
    const reply = await send(cloud(), {
      method: 'GET',
      path: '/demo-bkt/a/b',
      headers: sentHeaders,
    })
    expect(outcome(reply)).toEqual([403, 'AccessDenied', ec])
  })
})

describe('a V4 header that is unusual', () => {
  it('may have blanks after its commas and its parts in another order', async () => {
    const signed = headerV4({ ...GET, headers: { range: 'bytes=0-0' } }, ROOT, NOW, ['range'])
    const [credential, additional, signature] = (signed.headers.authorization ?? '')
      .replace('OSS4-HMAC-SHA256 ', '')
      .split(',')
    const authorization = `OSS4-HMAC-SHA256 ${signature},  ${additional} , ${credential}`
    const reply = await send(cloud(), { ...signed, headers: { ...signed.headers, authorization } })
    expect([reply.status, reply.text]).toEqual([206, 'h'])
  })

  it('may name its additional headers in any case and order, and is bound to them', async () => {
    const headers = { range: 'bytes=0-0', 'user-agent': 'test' }
    const signed = headerV4({ ...GET, headers }, ROOT, NOW, ['range', 'user-agent'])
    const authorization =
      signed.headers.authorization?.replace('range;user-agent', 'User-Agent;RANGE') ?? ''
    expect(
      (await send(cloud(), { ...signed, headers: { ...signed.headers, authorization } })).status,
    ).toBe(206)
    const other = { ...signed.headers, range: 'bytes=0-1' }
    expect((await send(cloud(), { ...signed, headers: other })).code).toBe('SignatureDoesNotMatch')
  })

  const datedBy = (date: string, day = basicDate(NOW).slice(0, 8)) => {
    const scope = `${day}/cn-hangzhou/oss/aliyun_v4_request`
    const canonical = 'GET\n/demo-bkt/a/b\n\n\n\nUNSIGNED-PAYLOAD'
    const hash = createHash('sha256').update(canonical).digest('hex')
    const signature = v4(ROOT.secret, day, `OSS4-HMAC-SHA256\n${date}\n${scope}\n${hash}`)
    return `OSS4-HMAC-SHA256 Credential=${ROOT.id}/${scope},Signature=${signature}`
  }

  it('may be dated by Date alone, and signs its very text', async () => {
    const date = new Date(NOW).toUTCString()
    const get = (authorization: string) =>
      send(cloud(), { method: 'GET', path: '/demo-bkt/a/b', headers: { authorization, date } })
    expect((await get(datedBy(date))).status).toBe(200)
    expect((await get(datedBy(basicDate(NOW)))).code).toBe('SignatureDoesNotMatch')
    expect((await get(datedBy(date, '20231113'))).ec).toBe('0002-00000212')
  })

  it('covers the query however it is written on the wire, unknown names included', async () => {
    const query = { prefix: "a !'()*~/", 'x y': '', acl2: '+' }
    const signed = headerV4({ method: 'GET', bucket: BUCKET, key: '', query }, ROOT, NOW)
    const bare = signed.path
      .replaceAll('%21', '!')
      .replaceAll('%2A', '*')
      .replaceAll('%20', '+')
      .replace('x+y', 'x%20y=')
    expect((await send(cloud(), { ...signed, path: bare })).status).toBe(200)
    expect((await send(cloud(), { ...signed, path: `${bare}&more=1` })).code).toBe(
      'SignatureDoesNotMatch',
    )
  })
})
