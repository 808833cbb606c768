import { NOW, ROOT, send } from './support/cloud'
import { EXPIRES, GET, outcome, shareObject } from './support/schemes'
import { headerV1, urlV1 } from './support/sign'

const cloud = shareObject()

describe('a V1 URL that is malformed', () => {
  const cases: [string, string, number, string, string | undefined][] = [
    ['no Expires', 'OSSAccessKeyId=a&Signature=b', 403, 'AccessDenied', '0002-00000067'],
    ['no Signature', 'OSSAccessKeyId=a&Expires=1', 403, 'AccessDenied', '0002-00000067'],
    ['no key id', 'Expires=1&Signature=b', 403, 'AccessDenied', '0002-00000067'],
    [
      'a blank Expires',
      'OSSAccessKeyId=a&Expires=&Signature=b',
      403,
      'AccessDenied',
      '0002-00000068',
    ],
    [
      'Expires abc',
      'OSSAccessKeyId=a&Expires=abc&Signature=b',
      403,
      'AccessDenied',
      '0002-00000070',
    ],
    ['Expires -1', 'OSSAccessKeyId=a&Expires=-1&Signature=b', 403, 'AccessDenied', '0002-00000070'],
    [
      'Expires 1.5',
      'OSSAccessKeyId=a&Expires=1.5&Signature=b',
      403,
      'AccessDenied',
      '0002-00000070',
    ],
    [
      'odd characters',
      `OSSAccessKeyId=a%20b&Expires=${EXPIRES}&Signature=b`,
      403,
      'InvalidAccessKeyId',
      '0002-00000073',
    ],
  ]
  it.each(cases)('is refused with %s', async (_, query, status, code, ec) => {
    const signed = { method: 'GET', path: `/demo-bkt/a/b?${query}`, headers: {} }
    expect(outcome(await send(cloud(), signed))).toEqual([status, code, ec])
  })

  it('counts the first of a repeated parameter', async () => {
    const signed = urlV1(GET, ROOT, EXPIRES)
    const path = `${signed.path}&Expires=1&Signature=x&OSSAccessKeyId=y`
    expect((await send(cloud(), { ...signed, path })).status).toBe(200)
  })

  it('signs the first of a repeated override', async () => {
    const query = { 'response-content-language': 'en' }
    const signed = urlV1({ ...GET, query }, ROOT, EXPIRES)
    const more = { ...signed, path: `${signed.path}&response-content-language=de` }
    const reply = await send(cloud(), more)
    expect([reply.status, reply.headers['content-language']]).toEqual([200, 'en'])
  })

  it('lets anybody add parameters that V1 does not sign, and no others', async () => {
    const signed = urlV1(GET, ROOT, EXPIRES)
    expect((await send(cloud(), { ...signed, path: `${signed.path}&utm=x&prefix=y` })).status).toBe(
      200,
    )
    for (const more of ['response-content-type=a', 'x-oss-unknown=b', 'acl', 'callback=c']) {
      const reply = await send(cloud(), { ...signed, path: `${signed.path}&${more}` })
      expect(reply.code).toBe('SignatureDoesNotMatch')
    }
  })

  it('takes no token from a header', async () => {
    const headers = { 'x-oss-security-token': 'token' }
    const reply = await send(cloud(), { ...urlV1(GET, ROOT, EXPIRES), headers })
    expect([reply.status, reply.code, reply.message]).toEqual([
      400,
      'InvalidRequest',
      'Security-token must be provided by query string parameter.',
    ])
  })
})

describe('a V1 header', () => {
  it('may be dated by x-oss-date, which then counts', async () => {
    const date = new Date(NOW).toUTCString()
    const { v1 } = await import('./support/sign')
    const text = `GET\n\n\n${date}\nx-oss-date:${date}\n/demo-bkt/a/b`
    const authorization = `OSS ${ROOT.id}:${v1(ROOT.secret, text)}`
    const headers = { 'x-oss-date': date, date: 'Thu, 01 Jan 1970 00:00:00 GMT', authorization }
    expect((await send(cloud(), { method: 'GET', path: '/demo-bkt/a/b', headers })).status).toBe(
      200,
    )
  })

  it('joins repeated headers with a comma', async () => {
    const signed = headerV1({ ...GET, headers: { 'x-oss-meta-a': 'b,c' } }, ROOT, NOW)
    const headers = { ...signed.headers, 'x-oss-meta-a': ['b', 'c'] } as unknown as Record<
      string,
      string
    >
    expect((await send(cloud(), { ...signed, headers })).status).toBe(200)
  })

  it.each([
    [undefined, '0002-00000503'],
    ['soon', '0002-00000502'],
    ['Fri, 31 Nov 2023 00:00:00 GMT', '0002-00000502'],
    ['2023-11-31T00:00:00Z', '0002-00000502'],
  ])('needs a date, not %j', async (date, ec) => {
    const headers = { authorization: 'OSS a:b', ...(date !== undefined && { date }) }
    const reply = await send(cloud(), { method: 'GET', path: '/demo-bkt/a/b', headers })
    expect([...outcome(reply), reply.message]).toEqual([
      403,
      'AccessDenied',
      ec,
      'OSS authentication requires a valid Date.',
    ])
  })

  it('refuses odd characters in a key id', async () => {
    const headers = { authorization: 'OSS a(b:c', date: new Date(NOW).toUTCString() }
    const reply = await send(cloud(), { method: 'GET', path: '/demo-bkt/a/b', headers })
    expect(outcome(reply)).toEqual([403, 'InvalidAccessKeyId', '0002-00000901'])
  })
})
