import { BUCKET, NOW, ROOT, send } from './support/cloud'
import { GET, outcome, shareObject } from './support/schemes'
import { basicDate, urlV4 } from './support/sign'

const cloud = shareObject()

describe('a V4 URL that is malformed', () => {
  const url = () => urlV4(GET, ROOT, { now: NOW })
  const set = (name: string, value: string | undefined) => {
    const signed = url()
    const parameter = new RegExp(`([?&])${name}=[^&]*&?`)
    const path = signed.path.replace(parameter, value === undefined ? '$1' : `$1${name}=${value}&`)
    return { ...signed, path }
  }
  const day = basicDate(NOW).slice(0, 8)
  const scope = (text: string) => encodeURIComponent(text)
  const cases: [string, string | undefined, number, string, string | undefined][] = [
    ['x-oss-signature-version', 'OSS2', 400, 'InvalidArgument', '0002-00000066'],
    ['x-oss-signature', undefined, 403, 'AccessDenied', '0002-00000219'],
    ['x-oss-signature', '', 403, 'AccessDenied', '0002-00000220'],
    ['x-oss-expires', undefined, 403, 'AccessDenied', '0002-00000215'],
    ['x-oss-expires', '', 403, 'AccessDenied', '0002-00000216'],
    ['x-oss-credential', undefined, 403, 'AccessDenied', '0002-00000217'],
    ['x-oss-credential', '', 403, 'AccessDenied', '0002-00000218'],
    [
      'x-oss-credential',
      scope(`L(/${day}/cn-hangzhou/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000222',
    ],
    [
      'x-oss-credential',
      scope(`a/20231115/cn-hangzhou/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000223',
    ],
    [
      'x-oss-credential',
      scope(`a/2023/cn-hangzhou/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000223',
    ],
    [
      'x-oss-credential',
      scope(`a/${day}/cn-beijing/oss/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000228',
    ],
    [
      'x-oss-credential',
      scope(`a/${day}/cn-hangzhou/ecs/aliyun_v4_request`),
      400,
      'InvalidArgument',
      '0002-00000227',
    ],
    [
      'x-oss-credential',
      scope(`a/${day}/cn-hangzhou/oss/request`),
      400,
      'InvalidArgument',
      '0002-00000224',
    ],
    ['x-oss-credential', 'a', 400, 'InvalidArgument', '0002-00000224'],
    ['x-oss-date', undefined, 403, 'AccessDenied', undefined],
    ['x-oss-date', '2023-11-14', 403, 'AccessDenied', undefined],
  ]
  it.each(cases)('is refused with %s=%s', async (name, value, status, code, ec) => {
    expect(outcome(await send(cloud(), set(name, value)))).toEqual([status, code, ec])
  })

  it('is bound to its additional headers, the length for one', async () => {
    const draft = {
      method: 'PUT',
      bucket: BUCKET,
      key: 'sized',
      headers: { 'content-length': '5' },
    }
    const signed = urlV4(draft, ROOT, { now: NOW, additional: ['content-length'] })
    expect((await send(cloud(), signed, 'hello')).status).toBe(200)
    const headers = { 'content-length': '6' }
    expect((await send(cloud(), { ...signed, headers }, 'hello!')).code).toBe(
      'SignatureDoesNotMatch',
    )
    const host = urlV4({ ...GET, headers: { host: 'localhost' } }, ROOT, {
      now: NOW,
      additional: ['host'],
    })
    expect((await send(cloud(), host)).status).toBe(200)
    const elsewhere = { host: '127.0.0.1' }
    expect((await send(cloud(), { ...host, headers: elsewhere })).code).toBe(
      'SignatureDoesNotMatch',
    )
  })

  it('must say that its payload is unsigned when it speaks of it', async () => {
    const status = async (payload: string) => {
      const signed = urlV4({ ...GET, headers: { 'x-oss-content-sha256': payload } }, ROOT, {
        now: NOW,
      })
      return outcome(await send(cloud(), signed))
    }
    expect(await status('UNSIGNED-PAYLOAD')).toEqual([200, undefined, undefined])
    for (const payload of ['abc', 'e3b0c442', '']) {
      expect(await status(payload)).toEqual([400, 'InvalidArgument', '0002-00000214'])
    }
  })

  it('takes no token from a header', async () => {
    const signed = url()
    const headers = { 'x-oss-security-token': 'token' }
    expect(outcome(await send(cloud(), { ...signed, headers }))).toEqual([
      400,
      'InvalidRequest',
      undefined,
    ])
  })
})
