import { createHash, verify } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import { ask, BUCKET, NOW, post, ROOT, send, startCloud, type TestCloud } from './cloud'
import { formV4, urlV4 } from './sign'

type Call = { url: string; headers: IncomingHttpHeaders; body: string }

let cloud: TestCloud
let application: Server
let base = ''
let calls: Call[] = []
let reply: (response: ServerResponse) => void

const json = (body: string) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

beforeAll(async () => {
  cloud = await startCloud()
  application = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('end', () => {
      const { url = '', headers } = request
      calls.push({ url, headers, body: Buffer.concat(chunks).toString('utf8') })
      reply(response)
    })
  })
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve))
  const address = application.address()
  base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
})
afterAll(async () => {
  await cloud.close()
  application.closeAllConnections()
  await new Promise((resolve) => application.close(resolve))
})
beforeEach(() => {
  calls = []
  reply = json('{"ok":"yes"}')
})

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
const parameter = (more: Record<string, unknown> = {}) =>
  encode({ callbackUrl: `${base}/cb`, callbackBody: 'k=v', ...more })

function put(callback: string, body: string | Buffer = 'hello', more: Record<string, string> = {}) {
  const headers = { 'x-oss-callback': callback, 'content-type': 'text/plain', ...more }
  return ask(cloud, { method: 'PUT', key: 'in/报告 1.txt', headers }, body)
}

it('signs what it sends, by the key at its own URL', async () => {
  const url = `${base}/a%20b/cb?x=%2F&y`
  const answer = await put(encode({ callbackUrl: url, callbackBody: `k=\${object}` }))
  expect([answer.status, answer.text]).toEqual([200, '{"ok":"yes"}'])
  expect(answer.headers.etag).toBe('"5D41402ABC4B2A76B9719D911017C592"')
  const [call] = calls
  expect(call?.url).toBe('/a%20b/cb?x=%2F&y')
  const body = 'k=in%2F%E6%8A%A5%E5%91%8A%201.txt'
  expect(call?.body).toBe(body)
  const keyUrl = Buffer.from(String(call?.headers['x-oss-pub-key-url']), 'base64').toString()
  expect(keyUrl).toBe(cloud.callbackKey.url)
  const path = keyUrl.replace(cloud.url, '')
  const pem = await send(cloud, { method: 'GET', path, headers: {} })
  expect(pem.text).toBe(cloud.callbackKey.pem)
  const signature = Buffer.from(String(call?.headers.authorization), 'base64')
  const text = `/a b/cb?x=%2F&y\n${body}`
  expect(verify('md5', Buffer.from(text), pem.text, signature)).toBe(true)
  expect(verify('md5', Buffer.from(`${text}x`), pem.text, signature)).toBe(false)
  expect(call?.headers).toMatchObject({
    'content-type': 'application/x-www-form-urlencoded',
    'content-md5': createHash('md5').update(body).digest('base64'),
    'user-agent': 'aliyun-oss-callback',
    'x-oss-bucket': BUCKET,
    'x-oss-owner': cloud.account.id,
    'x-oss-requester': cloud.account.id,
    'x-oss-signature-version': '1.0',
    'x-oss-additional-headers': '',
    'x-oss-tag': 'CALLBACK',
    'x-oss-request-id': answer.headers['x-oss-request-id'],
    date: new Date(NOW).toUTCString(),
    connection: 'close',
  })
})

const ALL = `{"b":\${bucket},"o":\${object},"e":\${etag},"s":\${size},"m":\${mimeType},"h":\${imageInfo.height},"w":\${imageInfo.width},"f":\${imageInfo.format},"c":\${crc64},"d":\${contentMd5},"v":\${vpcId},"i":\${clientIp},"r":\${reqId},"p":\${operation},"t":\${x:t},"u":\${x:u}}`

it('fills in every variable as JSON', async () => {
  const answer = await put(
    parameter({ callbackBody: ALL, callbackBodyType: 'application/json' }),
    'hello',
    { 'x-oss-callback-var': encode({ 'x:t': 'a"b\n' }) },
  )
  expect(answer.status).toBe(200)
  expect(calls[0]?.headers['content-type']).toBe('application/json')
  expect(JSON.parse(calls[0]?.body ?? '')).toEqual({
    b: BUCKET,
    o: 'in/报告 1.txt',
    e: '5D41402ABC4B2A76B9719D911017C592',
    s: 5,
    m: 'text/plain',
    h: null,
    w: null,
    f: null,
    c: '11177612005948864433',
    d: 'XUFAKrxLKna5cZ2REBfFkg==',
    v: '',
    i: '127.0.0.1',
    r: answer.headers['x-oss-request-id'],
    p: 'PutObject',
    t: 'a"b\n',
    u: null,
  })
})

const IMAGES: [string, string, number, number][] = [
  [
    'png',
    'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAADUlEQVR4nGNgIAUAAAA8AAEnl8HfAAAAAElFTkSuQmCC',
    3,
    2,
  ],
  ['gif', 'R0lGODlhBQAEAIAAAAAAAP///ywAAAAABQAEAAACBISPqVgAOw==', 5, 4],
  ['webp', 'UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA=', 1, 1],
]
it.each(IMAGES)('tells the size of a %s', async (format, base64, width, height) => {
  const template = `\${imageInfo.format} \${imageInfo.width}x\${imageInfo.height}`
  await put(parameter({ callbackBody: template }), Buffer.from(base64, 'base64'))
  expect(calls[0]?.body).toBe(`${format} ${width}x${height}`)
})

it('keeps numbers bare inside quotes of the author', async () => {
  const callbackBody = `{"size":"\${size},\${imageInfo.width}"}`
  await put(parameter({ callbackBody, callbackBodyType: 'application/json' }))
  expect(calls[0]?.body).toBe('{"size":"5,null"}')
})

it('is carried by a signed URL', async () => {
  const query = {
    callback: parameter({ callbackBody: `\${x:t}` }),
    'callback-var': encode({ 'x:t': 'v' }),
  }
  const draft = { method: 'PUT', bucket: BUCKET, key: 'url', query }
  const answer = await send(cloud, urlV4(draft, ROOT, { now: NOW }), 'hello')
  expect([answer.status, calls[0]?.body]).toEqual([200, 'v'])
})

it('is carried by a form, with its variables as fields', async () => {
  const fields: [string, string][] = [
    ['key', 'form'],
    ['callback', parameter({ callbackBody: `\${x:Ticket}&\${operation}` })],
    ['x:Ticket', 'T'],
    ['success_action_status', '201'],
  ]
  const signed = formV4({ fields, conditions: [{ bucket: BUCKET }] }, ROOT, NOW)
  const answer = await post(cloud, signed, { content: 'x', filename: 'x' })
  expect([answer.status, answer.text, calls[0]?.body]).toEqual([
    200,
    '{"ok":"yes"}',
    'T&PostObject',
  ])
})

it('replaces the XML of a completed multipart upload', async () => {
  const key = 'parts'
  const begun = await ask(cloud, { method: 'POST', key, query: { uploads: '' } })
  const uploadId = /<UploadId>(\w+)/.exec(begun.text)?.[1] ?? ''
  await ask(cloud, { method: 'PUT', key, query: { uploadId, partNumber: '1' } }, 'hello')
  const headers = {
    'x-oss-complete-all': 'yes',
    'x-oss-callback': parameter({ callbackBody: `\${size} \${operation} \${contentMd5}` }),
  }
  const answer = await ask(cloud, { method: 'POST', key, query: { uploadId }, headers })
  expect([answer.status, answer.text]).toEqual([200, '{"ok":"yes"}'])
  expect(calls[0]?.body).toBe('5 CompleteMultipartUpload ')
})

it('uses callbackHost and tries one URL after the other', async () => {
  const callbackUrl = `http://127.0.0.1:1/;${base}/second;${base}/third`
  const answer = await put(parameter({ callbackUrl, callbackHost: 'app.example' }))
  expect(answer.status).toBe(200)
  expect(calls.map(({ url }) => url)).toEqual(['/second'])
  expect(calls[0]?.headers.host).toBe('app.example')
})

it.each([
  ['callbackUrl: empty', { callbackUrl: '' }],
  ['no callbackUrl', { callbackUrl: undefined }],
])('means no callback with %s', async (_, more) => {
  const answer = await put(parameter(more))
  expect([answer.status, answer.text, calls.length]).toEqual([200, '', 0])
})

describe('an answer that breaks the contract', () => {
  const failures: [string, (response: ServerResponse) => void, string, string | undefined][] = [
    ['another status', (r) => r.writeHead(502).end(), 'Error status : 502.', '0007-00000203'],
    [
      'a redirect',
      (r) => r.writeHead(301, { location: `${base}/elsewhere` }).end(),
      'Error status : 301.',
      '0007-00000203',
    ],
    ['no JSON', json('<html>'), 'Response body is not valid json format.', '0007-00000205'],
    [
      'a byte order mark',
      json('\ufeff{}'),
      'Response body is not valid json format.',
      '0007-00000205',
    ],
    [
      'no length',
      (r) => r.write('{}') && r.end(),
      'Error status : 400.User server missing content-length.',
      undefined,
    ],
    [
      'length zero',
      (r) => r.writeHead(200, { 'content-length': 0 }).end(),
      'Error status : 400.User server return invalid conent-length value.',
      undefined,
    ],
    [
      'more than 1 MB',
      json(JSON.stringify('x'.repeat(1024 * 1024 - 1))),
      'Error status : 400.User server return too long content-length value.',
      undefined,
    ],
    [
      'a broken connection',
      (r) => r.socket?.destroy(),
      'Error status : -1.OSS can not connect to your callbackUrl, please check it.',
      undefined,
    ],
  ]
  it.each(failures)('is 203 after %s, and the object stays', async (_, respond, message, ec) => {
    reply = respond
    const answer = await put(parameter(), `stored after ${message}`)
    expect([answer.status, answer.code, answer.message, answer.ec]).toEqual([
      203,
      'CallbackFailed',
      message,
      ec,
    ])
    expect(answer.headers.etag).toBeDefined()
    expect(calls).toHaveLength(1)
    const got = await ask(cloud, { method: 'GET', key: 'in/报告 1.txt' })
    expect(got.text).toBe(`stored after ${message}`)
    expect(cloud.log.find(({ status }) => status === 203)).toMatchObject({ code: 'CallbackFailed' })
  })

  it('takes exactly 1 MB', async () => {
    reply = json(JSON.stringify('x'.repeat(1024 * 1024 - 2)))
    expect((await put(parameter())).status).toBe(200)
  })

  it('is 203 after five seconds', async () => {
    reply = () => undefined
    const started = Date.now()
    const answer = await put(parameter())
    expect([answer.status, answer.message, answer.ec]).toEqual([
      203,
      'Cost too long time.',
      '0007-00000202',
    ])
    expect(Date.now() - started).toBeGreaterThan(4900)
  })
})

describe('a parameter that is wrong', () => {
  const faults: [string, string, string, string | undefined][] = [
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
      'more than 5 KB',
      encode({ callbackUrl: 'a', callbackBody: 'a'.repeat(5000) }),
      'The length of callback exceed max value.',
      undefined,
    ],
  ]
  it.each(faults)('is refused before anything is stored: %s', async (_, callback, message, ec) => {
    const headers = { 'x-oss-callback': callback }
    const answer = await ask(cloud, { method: 'PUT', key: 'never', headers }, 'x')
    expect([answer.status, answer.code, answer.message, answer.ec]).toEqual([
      400,
      'InvalidArgument',
      message,
      ec,
    ])
    expect((await ask(cloud, { method: 'HEAD', key: 'never' })).status).toBe(404)
  })

  it.each([
    ['no object', '[]'],
    ['no text', '{"x:a":1}'],
    ['no x:', '{"a":"b"}'],
    ['no JSON', '{'],
  ])('is refused with variables of %s', async (_, text) => {
    const vars = { 'x-oss-callback-var': Buffer.from(text).toString('base64') }
    const answer = await put(parameter(), 'x', vars)
    expect([answer.status, answer.message]).toEqual([400, 'The callback var is not expecten json.'])
  })

  it('is refused in header and URL at once', async () => {
    const draft = {
      method: 'PUT',
      key: 'never',
      query: { callback: parameter() },
      headers: { 'x-oss-callback': parameter() },
    }
    const answer = await ask(cloud, draft, 'x')
    expect([answer.status, answer.code, answer.ec]).toEqual([
      400,
      'InvalidArgument',
      '0007-00000027',
    ])
  })
})
