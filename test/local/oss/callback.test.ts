import { createHash, verify } from 'node:crypto'
import { encode, shareCallbacks } from './support/application'
import { ask, BUCKET, NOW, post, ROOT, send } from './support/cloud'
import { formV4, urlV4 } from './support/sign'

const { cloud, application, parameter, put } = shareCallbacks()

it('signs what it sends, by the key at its own URL', async () => {
  const url = `${application().base}/a%20b/cb?x=%2F&y`
  const answer = await put(encode({ callbackUrl: url, callbackBody: `k=\${object}` }))
  expect([answer.status, answer.text]).toEqual([200, '{"ok":"yes"}'])
  expect(answer.headers.etag).toBe('"5D41402ABC4B2A76B9719D911017C592"')
  const [call] = application().calls
  expect(call?.url).toBe('/a%20b/cb?x=%2F&y')
  const body = 'k=in%2F%E6%8A%A5%E5%91%8A%201.txt'
  expect(call?.body).toBe(body)
  const keyUrl = Buffer.from(String(call?.headers['x-oss-pub-key-url']), 'base64').toString()
  expect(keyUrl).toBe(cloud().callbackKey.url)
  const path = keyUrl.replace(cloud().url, '')
  const pem = await send(cloud(), { method: 'GET', path, headers: {} })
  expect(pem.text).toBe(cloud().callbackKey.pem)
  const signature = Buffer.from(String(call?.headers.authorization), 'base64')
  const text = `/a b/cb?x=%2F&y\n${body}`
  expect(verify('md5', Buffer.from(text), pem.text, signature)).toBe(true)
  expect(verify('md5', Buffer.from(`${text}x`), pem.text, signature)).toBe(false)
  expect(call?.headers).toMatchObject({
    'content-type': 'application/x-www-form-urlencoded',
    'content-md5': createHash('md5').update(body).digest('base64'),
    'user-agent': 'aliyun-oss-callback',
    'x-oss-bucket': BUCKET,
    'x-oss-owner': cloud().account.id,
    'x-oss-requester': cloud().account.id,
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
  expect(application().calls[0]?.headers['content-type']).toBe('application/json')
  expect(JSON.parse(application().calls[0]?.body ?? '')).toEqual({
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
  expect(application().calls[0]?.body).toBe(`${format} ${width}x${height}`)
})

it('keeps numbers bare inside quotes of the author', async () => {
  const callbackBody = `{"size":"\${size},\${imageInfo.width}"}`
  await put(parameter({ callbackBody, callbackBodyType: 'application/json' }))
  expect(application().calls[0]?.body).toBe('{"size":"5,null"}')
})

it('is carried by a signed URL', async () => {
  const query = {
    callback: parameter({ callbackBody: `\${x:t}` }),
    'callback-var': encode({ 'x:t': 'v' }),
  }
  const draft = { method: 'PUT', bucket: BUCKET, key: 'url', query }
  const answer = await send(cloud(), urlV4(draft, ROOT, { now: NOW }), 'hello')
  expect([answer.status, application().calls[0]?.body]).toEqual([200, 'v'])
})

it('is carried by a form, with its variables as fields', async () => {
  const fields: [string, string][] = [
    ['key', 'form'],
    ['callback', parameter({ callbackBody: `\${x:Ticket}&\${operation}` })],
    ['x:Ticket', 'T'],
    ['success_action_status', '201'],
  ]
  const signed = formV4({ fields, conditions: [{ bucket: BUCKET }] }, ROOT, NOW)
  const answer = await post(cloud(), signed, { content: 'x', filename: 'x' })
  expect([answer.status, answer.text, application().calls[0]?.body]).toEqual([
    200,
    '{"ok":"yes"}',
    'T&PostObject',
  ])
})

it('replaces the XML of a completed multipart upload', async () => {
  const key = 'parts'
  const begun = await ask(cloud(), { method: 'POST', key, query: { uploads: '' } })
  const uploadId = /<UploadId>(\w+)/.exec(begun.text)?.[1] ?? ''
  await ask(cloud(), { method: 'PUT', key, query: { uploadId, partNumber: '1' } }, 'hello')
  const headers = {
    'x-oss-complete-all': 'yes',
    'x-oss-callback': parameter({ callbackBody: `\${size} \${operation} \${contentMd5}` }),
  }
  const answer = await ask(cloud(), { method: 'POST', key, query: { uploadId }, headers })
  expect([answer.status, answer.text]).toEqual([200, '{"ok":"yes"}'])
  expect(application().calls[0]?.body).toBe('5 CompleteMultipartUpload ')
})

it('uses callbackHost and tries one URL after the other', async () => {
  const callbackUrl = `http://127.0.0.1:1/;${application().base}/second;${application().base}/third`
  const answer = await put(parameter({ callbackUrl, callbackHost: 'app.example' }))
  expect(answer.status).toBe(200)
  expect(application().calls.map(({ url }) => url)).toEqual(['/second'])
  expect(application().calls[0]?.headers.host).toBe('app.example')
})

it.each([
  ['', '/'],
  ['/cb', '/cb'],
  ['?x', '/?x'],
])('calls a URL without a scheme by http: host, port and %j', async (rest, url) => {
  const callbackUrl = `${application().base.replace('http://', '')}${rest}`
  expect((await put(parameter({ callbackUrl }))).status).toBe(200)
  expect(application().calls.map((call) => call.url)).toEqual([url])
})

it.each([
  ['callbackUrl: empty', { callbackUrl: '' }],
  ['no callbackUrl', { callbackUrl: undefined }],
])('means no callback with %s', async (_, more) => {
  const answer = await put(parameter(more))
  expect([answer.status, answer.text, application().calls.length]).toEqual([200, '', 0])
})
