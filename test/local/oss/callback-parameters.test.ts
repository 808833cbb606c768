import { encode, shareCallbacks } from './support/application'
import { ask, BUCKET, NOW, post, ROOT } from './support/cloud'
import { FILE } from './support/forms'
import { outcome } from './support/schemes'
import { formV4 } from './support/sign'

const { cloud, application, parameter, put } = shareCallbacks()

const withVariables = () => parameter({ callbackBody: `\${x:a}&\${x:b}` })

function byHeader(variables: Record<string, string>) {
  const headers = { 'x-oss-callback': withVariables(), 'x-oss-callback-var': encode(variables) }
  return ask(cloud(), { method: 'PUT', key: 'varied', headers }, 'x')
}

function byForm(variables: Record<string, string>) {
  const callback = ['callback', withVariables()] as [string, string]
  const fields = [['key', 'varied'] as [string, string], callback, ...Object.entries(variables)]
  return post(cloud(), formV4({ fields, conditions: [{ bucket: BUCKET }] }, ROOT, NOW), FILE)
}

describe('a parameter that is wrong', () => {
  type Case = [string, string, string, string | undefined]
  const cases: Case[] = [
    ['no base64', 'x123-*&', 'The callback configuration is not base64 encoded.', '0007-00000002'],
    [
      'no JSON',
      Buffer.from('{a').toString('base64'),
      'The callback configuration is not json format.',
      undefined,
    ],
    ['a list', encode([]), 'The callback configuration is not json format.', undefined],
    [
      'a bad port',
      encode({ callbackUrl: 'www.example.com:test', callbackBody: 'a' }),
      'The callback url configuration is invalid.',
      '0007-00000004',
    ],
    ...['ftp://127.0.0.1/x', 'mailto:a@b', '://x', 'http://', 'http:///x', 'a;ftp://b/'].map(
      (callbackUrl): Case => [
        `the URL ${callbackUrl}`,
        encode({ callbackUrl, callbackBody: 'a' }),
        'The callback url configuration is invalid.',
        '0007-00000004',
      ],
    ),
    [
      'a number as URL',
      encode({ callbackUrl: 1, callbackBody: 'a' }),
      'The callback url configuration is invalid.',
      '0007-00000004',
    ],
    [
      'IPv6',
      encode({ callbackUrl: 'http://[::1]/', callbackBody: 'a' }),
      'The callback url configuration is invalid.',
      '0007-00000004',
    ],
    [
      'six URLs',
      encode({ callbackUrl: 'a;b;c;d;e;f', callbackBody: 'a' }),
      'The number of callback url exceed max value.',
      '0007-00000005',
    ],
    [
      'a number as host',
      encode({ callbackUrl: 'a', callbackBody: 'a', callbackHost: 1 }),
      'The callback host configuration is invalid.',
      '0007-00000009',
    ],
    [
      'no body',
      encode({ callbackUrl: 'a', callbackBody: '' }),
      'The callback body is empty.',
      '0007-00000011',
    ],
    [
      'another body type',
      encode({ callbackUrl: 'a', callbackBody: 'a', callbackBodyType: 1 }),
      'The callback body type configuration is invalid.',
      '0007-00000012',
    ],
    [
      'a body that is no JSON',
      encode({
        callbackUrl: 'a',
        callbackBody: `{"a":"\${object}"}`,
        callbackBodyType: 'application/json',
      }),
      'The callback body is not json format.',
      undefined,
    ],
    [
      '$(…)',
      encode({ callbackUrl: 'a', callbackBody: 'a=$(object)' }),
      'The callback body configuration is invalid.',
      undefined,
    ],
    [
      'an unknown variable',
      encode({ callbackUrl: 'a', callbackBody: `a=\${objekt}` }),
      'The callback body configuration is invalid.',
      undefined,
    ],
    [
      'additional headers',
      encode({ callbackUrl: 'a', callbackBody: 'a', additionalHeaders: { 'x-oss-test': 'a' } }),
      'The callback additional headers configuration is invalid.',
      '0007-00000026',
    ],
    [
      'another version',
      encode({ callbackUrl: 'a', callbackBody: 'a', signatureVersion: '2.0' }),
      'callback signature version is invalid',
      undefined,
    ],
    [
      'a text as SNI',
      encode({ callbackUrl: 'a', callbackBody: 'a', callbackSNI: 'true' }),
      'The callback sni configuration is invalid.',
      undefined,
    ],
    [
      'more than 5 KB',
      encode({ callbackUrl: 'a', callbackBody: 'a'.repeat(5000) }),
      'The length of callback exceed max value.',
      undefined,
    ],
  ]
  it.each(cases)('is refused before anything is stored: %s', async (_, callback, message, ec) => {
    const headers = { 'x-oss-callback': callback }
    const answer = await ask(cloud(), { method: 'PUT', key: 'never', headers }, 'x')
    expect([answer.status, answer.code, answer.message, answer.ec]).toEqual([
      400,
      'InvalidArgument',
      message,
      ec,
    ])
    expect((await ask(cloud(), { method: 'HEAD', key: 'never' })).status).toBe(404)
  })

  it.each([
    ['no object', '[]'],
    ['no text', '{"x:a":1}'],
    ['no JSON', '{'],
  ])('is refused with variables of %s', async (_, text) => {
    const vars = { 'x-oss-callback-var': Buffer.from(text).toString('base64') }
    const answer = await put(parameter(), 'x', vars)
    expect(outcome(answer)).toEqual([400, 'InvalidArgument', undefined])
    expect(answer.message).toBe('The callback var is not expecten json.')
  })

  it('goes on with variables whose names have no x:, which nothing can mean', async () => {
    const vars = { 'x-oss-callback-var': encode({ a: '1', 'x:b': '2', 'X:c': '3' }) }
    expect((await put(withVariables(), 'x', vars)).status).toBe(200)
    expect(application().calls[0]?.body).toBe('&2')
  })

  describe.each([
    ['the header', byHeader],
    ['form fields', byForm],
  ])('with variables in %s', (_name, upload) => {
    it('takes 5 KB of them', async () => {
      expect((await upload({ 'x:a': 'v'.repeat(3800), 'x:b': 'v'.repeat(21) })).status).toBe(200)
      expect(application().calls[0]?.body).toBe(`${'v'.repeat(3800)}&${'v'.repeat(21)}`)
    })

    it('is refused before anything is stored with more', async () => {
      const answer = await upload({ 'x:a': 'v'.repeat(3800), 'x:b': 'v'.repeat(22) })
      expect(outcome(answer)).toEqual([400, 'InvalidArgument', '0007-00000101'])
      expect(answer.message).toBe('The length of callback exceed max value.')
      expect((await ask(cloud(), { method: 'HEAD', key: 'varied' })).status).toBe(404)
    })

    afterEach(() => ask(cloud(), { method: 'DELETE', key: 'varied' }))
  })

  it('is refused in header and URL at once', async () => {
    const draft = {
      method: 'PUT',
      key: 'never',
      query: { callback: parameter() },
      headers: { 'x-oss-callback': parameter() },
    }
    const answer = await ask(cloud(), draft, 'x')
    expect([answer.status, answer.code, answer.ec]).toEqual([
      400,
      'InvalidArgument',
      '0007-00000027',
    ])
  })

  it('is refused with variables in header and URL at once', async () => {
    const variables = encode({ 'x:a': 'b' })
    const draft = {
      method: 'PUT',
      key: 'never',
      query: { callback: parameter(), 'callback-var': variables },
      headers: { 'x-oss-callback-var': variables },
    }
    const answer = await ask(cloud(), draft, 'x')
    expect(outcome(answer)).toEqual([400, 'InvalidArgument', undefined])
    expect(answer.message).toContain('Either the callback-var query string parameter')
    expect((await ask(cloud(), { method: 'HEAD', key: 'never' })).status).toBe(404)
  })

  it('is refused with a callbackPolicy, which is not emulated', async () => {
    const answer = await put(parameter({ callbackPolicy: 'p' }))
    expect(outcome(answer)).toEqual([501, 'NotImplemented', undefined])
    expect(answer.message).toBe('callbackPolicy is not implemented.')
  })
})
