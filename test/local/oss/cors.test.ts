import {
  ask,
  BUCKET,
  NOW,
  post,
  type Reply,
  ROOT,
  send,
  startCloud,
  type TestCloud,
} from './support/cloud'
import { formV4 } from './support/sign'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud()
})
afterAll(() => cloud.close())

const preflight = (headers: Record<string, string>, bucket = BUCKET) =>
  send(cloud, { method: 'OPTIONS', path: `/${bucket}/any`, headers })

let buckets = 0

/** Makes a bucket, and gives it these rules. */
async function bucketWith(rules: string): Promise<{ bucket: string; reply: Reply }> {
  const bucket = `ruled-${++buckets}`
  await ask(cloud, { method: 'PUT', bucket, key: '' })
  return { bucket, reply: await setRules(bucket, rules) }
}

const setRules = (bucket: string, rules: string) =>
  ask(cloud, { method: 'PUT', bucket, key: '', query: { cors: '' } }, rules)

const ASK = {
  origin: 'http://localhost:5173',
  'access-control-request-method': 'PUT',
  'access-control-request-headers': 'content-type, x-oss-date',
}

it('lets pages of this machine in by default, and lets it read the ETag', async () => {
  const reply = await preflight(ASK)
  expect([reply.status, reply.text]).toEqual([200, ''])
  expect(reply.headers).toMatchObject({
    'access-control-allow-origin': 'http://localhost:5173',
    'access-control-allow-methods': 'GET, PUT, POST, DELETE, HEAD',
    'access-control-allow-headers': 'content-type, x-oss-date',
    'access-control-expose-headers': 'ETag, x-oss-request-id, x-oss-hash-crc64ecma',
  })
  const headers = { origin: 'http://localhost:5173' }
  const put = await ask(cloud, { method: 'PUT', key: 'a', headers }, 'x')
  expect(put.headers).toMatchObject({
    'access-control-allow-origin': 'http://localhost:5173',
    'access-control-expose-headers': 'ETag, x-oss-request-id, x-oss-hash-crc64ecma',
  })
  const absent = await ask(cloud, { method: 'GET', key: 'absent', headers })
  expect([absent.status, absent.headers['access-control-allow-origin']]).toEqual([
    404,
    'http://localhost:5173',
  ])
})

it('answers a cross-origin form', async () => {
  const fields = formV4({ fields: [['key', 'f']], conditions: [{ bucket: BUCKET }] }, ROOT, NOW)
  const reply = await post(cloud, fields, { content: 'x' }, { origin: 'http://localhost:5173' })
  expect(reply.headers['access-control-allow-origin']).toBe('http://localhost:5173')
})

it.each([
  ['Origin', { ...ASK, origin: '' }],
  ['Access-Control-Request-Method', { ...ASK, 'access-control-request-method': '' }],
])('refuses a preflight without %s', async (name, headers) => {
  const reply = await preflight(headers)
  expect([reply.status, reply.code]).toEqual([400, 'BadRequest'])
  expect(reply.message).toContain(name)
})

describe('with own rules', () => {
  let bucket = ''

  beforeEach(async () => {
    const rules = `<CORSConfiguration>
      <CORSRule><AllowedOrigin>https://*.example</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>
        <AllowedHeader>X-OSS-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule>
      <CORSRule><AllowedOrigin>https://b.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>
      <ResponseVary>true</ResponseVary></CORSConfiguration>`
    const made = await bucketWith(rules)
    expect(made.reply.status).toBe(200)
    bucket = made.bucket
  })

  const origin = 'https://a.example'
  const put = { origin, 'access-control-request-method': 'PUT' }
  it.each([
    ['a matching request', { ...put, 'access-control-request-headers': 'x-oss-date' }, 200],
    ['no headers', put, 200],
    ['another origin', { ...put, origin: 'https://a.example.org' }, 403],
    ['another scheme', { ...put, origin: 'http://a.example' }, 403],
    ['another method', { ...put, 'access-control-request-method': 'GET' }, 403],
    [
      'one header too many',
      { ...put, 'access-control-request-headers': 'x-oss-a,content-type' },
      403,
    ],
    [
      'the second rule',
      { origin: 'https://b.example', 'access-control-request-method': 'GET' },
      200,
    ],
  ])('answers %s', async (_, headers, status) => {
    const reply = await preflight(headers, bucket)
    expect(reply.status).toBe(status)
    if (status === 403) {
      expect(reply.code).toBe('AccessForbidden')
      expect(reply.message).toContain('This CORS request is not allowed.')
    } else {
      expect(reply.headers).toMatchObject({
        'access-control-allow-origin': headers.origin,
        vary: 'Origin',
      })
      const isFirst = headers.origin === origin
      expect(reply.headers['access-control-max-age']).toBe(isFirst ? '60' : undefined)
      expect(reply.headers['access-control-expose-headers']).toBe(isFirst ? 'ETag' : undefined)
    }
  })

  it('still serves a request of another origin, without CORS headers', async () => {
    const headers = { origin: 'https://evil.test' }
    const reply = await ask(cloud, { method: 'PUT', bucket, key: 'c', headers }, 'x')
    expect([reply.status, reply.headers['access-control-allow-origin']]).toEqual([200, undefined])
  })

  it('shows its rules, and forgets them', async () => {
    const rules = { bucket, key: '', query: { cors: '' } }
    const shown = await ask(cloud, { method: 'GET', ...rules })
    expect(shown.text).toContain('<AllowedOrigin>https://*.example</AllowedOrigin>')
    expect(shown.text).toContain('<MaxAgeSeconds>60</MaxAgeSeconds>')
    const gone = await ask(cloud, { method: 'DELETE', ...rules })
    expect(gone.status).toBe(204)
    const none = await ask(cloud, { method: 'GET', ...rules })
    expect([none.status, none.code]).toEqual([404, 'NoSuchCORSConfiguration'])
    expect((await preflight(put, bucket)).status).toBe(403)
  })

  it('takes ten rules', async () => {
    const rule =
      '<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>'
    const rules = `<CORSConfiguration>${rule.repeat(10)}</CORSConfiguration>`
    expect((await setRules(bucket, rules)).status).toBe(200)
  })

  it.each([
    ['no rule', 'MalformedXML', '<CORSConfiguration/>'],
    [
      'eleven rules',
      'MalformedXML',
      `<CORSConfiguration>${'<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>'.repeat(11)}</CORSConfiguration>`,
    ],
    [
      'no origin',
      'MalformedXML',
      '<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
    ],
    [
      'two asterisks',
      'InvalidArgument',
      '<CORSConfiguration><CORSRule><AllowedOrigin>*a*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
    ],
    [
      'an unknown method',
      'InvalidArgument',
      '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PATCH</AllowedMethod></CORSRule></CORSConfiguration>',
    ],
    [
      'an exposed wildcard',
      'InvalidArgument',
      '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>*</ExposeHeader></CORSRule></CORSConfiguration>',
    ],
    [
      'a control character',
      'MalformedXML',
      '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>a\x01b</ExposeHeader></CORSRule></CORSConfiguration>',
    ],
    [
      'a line break in a name',
      'MalformedXML',
      '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>a\nb</ExposeHeader></CORSRule></CORSConfiguration>',
    ],
  ])('refuses rules with %s', async (_, code, rules) => {
    const reply = await setRules(bucket, rules)
    expect([reply.status, reply.code, reply.ec]).toEqual([400, code, undefined])
    expect((await preflight(put, bucket)).status).toBe(200)
  })
})

describe.each([
  ['true', 'Origin'],
  ['false', undefined],
])('with a ResponseVary of %s', (value, vary) => {
  let bucket = ''

  beforeAll(async () => {
    const rule =
      '<CORSRule><AllowedOrigin>https://a.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>'
    const vary = `<ResponseVary>${value}</ResponseVary>`
    bucket = (await bucketWith(`<CORSConfiguration>${rule}${vary}</CORSConfiguration>`)).bucket
    await ask(cloud, { method: 'PUT', bucket, key: 'v' }, 'x')
  })

  it.each<[string, Record<string, string>]>([
    ['an origin of the rules', { origin: 'https://a.example' }],
    ['another origin', { origin: 'https://evil.test' }],
    ['no origin', {}],
  ])('answers alike to %s', async (_, headers) => {
    for (const key of ['v', 'absent']) {
      expect((await ask(cloud, { method: 'GET', bucket, key, headers })).headers.vary).toBe(vary)
    }
    const asking = { ...headers, 'access-control-request-method': 'GET' }
    expect((await preflight(asking, bucket)).headers.vary).toBe(vary)
    expect((await preflight(headers, bucket)).headers.vary).toBe(vary)
  })
})
