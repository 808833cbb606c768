import {
  ask,
  BUCKET,
  NOW,
  type Reply,
  ROOT,
  send,
  startCloud,
  type TestCloud,
  textOf,
  toForm,
} from './support/cloud'
import { FILE } from './support/forms'
import { formV4, headerV4, type Signed, urlV4 } from './support/sign'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud({ cnames: { 'files.example.com': BUCKET } })
})
afterAll(() => cloud.close())

const KEYS = ['plain', 'dir/a b', 'a+b', 'a%2Fb', "x!'()*~", 'what?#&=', '报告/1']
const HOSTS: [string, string, boolean][] = [
  ['the path', 'localhost:9001', true],
  ['the host', `${BUCKET}.localhost:9001`, false],
  ["OSS's own domain", `${BUCKET}.oss-cn-hangzhou.aliyuncs.com`, false],
  ['a custom domain', 'files.example.com', false],
]

/** Sends a request to a host, with the bucket in the path or in the host. */
function sendTo(host: string, isPathStyle: boolean, signed: Signed, body: Buffer | string = '') {
  const path = isPathStyle ? signed.path : signed.path.replace(`/${BUCKET}`, '')
  return send(cloud, { ...signed, path, headers: { ...signed.headers, host } }, body)
}

/** Gets the URL of a `Location`: its host and path are all that a client has. */
async function open(location: string, key: string): Promise<string> {
  const { host, pathname } = new URL(location)
  const { path } = urlV4({ method: 'GET', bucket: BUCKET, key }, ROOT, { now: NOW })
  const query = path.slice(path.indexOf('?'))
  return (await send(cloud, { method: 'GET', path: `${pathname}${query}`, headers: { host } })).text
}

describe.each(HOSTS)('with the bucket in %s', (_, host, isPathStyle) => {
  const sign = (method: string, key: string, query: Record<string, string>) =>
    headerV4({ method, bucket: BUCKET, key, query }, ROOT, NOW)

  async function upload(key: string, more: Record<string, string> = {}): Promise<Reply> {
    const begun = await ask(cloud, { method: 'POST', key, query: { uploads: '' } })
    const uploadId = textOf(begun.text, 'UploadId') ?? ''
    const part = await ask(cloud, { method: 'PUT', key, query: { uploadId, partNumber: '1' } }, key)
    const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.etag}</ETag></Part></CompleteMultipartUpload>`
    return sendTo(host, isPathStyle, sign('POST', key, { uploadId, ...more }), body)
  }

  it.each(KEYS)('a completed upload tells where %j is', async (key) => {
    for (const query of [{}, { 'encoding-type': 'url' }]) {
      const location = textOf((await upload(key, query)).text, 'Location') ?? ''
      expect(location).toMatch(isPathStyle ? `http://${host}/${BUCKET}/` : `http://${host}/`)
      expect(await open(location, key)).toBe(key)
    }
  })

  it.each(KEYS)('a form answered by 201 tells where %j is', async (key) => {
    const fields: [string, string][] = [
      ['key', key],
      ['success_action_status', '201'],
    ]
    const signed = formV4({ fields, conditions: [{ bucket: BUCKET }] }, ROOT, NOW)
    const { contentType, body } = toForm(signed, { ...FILE, content: key })
    const headers = { 'content-type': contentType }
    const form = { method: 'POST', path: `/${BUCKET}/`, headers }
    const location = textOf((await sendTo(host, isPathStyle, form, body)).text, 'Location') ?? ''
    expect(location).toMatch(isPathStyle ? `http://${host}/${BUCKET}/` : `http://${host}/`)
    expect(await open(location, key)).toBe(key)
  })
})
