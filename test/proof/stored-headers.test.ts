import type OSS from 'ali-oss'
import {
  aliOssCallback,
  ask,
  type FormAnswer,
  type StsAnswer,
  sendForm,
  sendUrl,
  stsClient,
  token,
  type UrlAnswer,
} from '../e2e/support/client'
import { until } from '../support/until'
import { FILE, TYPE } from './support/attack'
import { bodyOf, pass, shareDeployment } from './support/deployment'

// OSS stores what no signature covers, and what STS credentials send; it shows all of it to our HeadObject.
const deployment = shareDeployment('function')
const v1 = shareDeployment('function', { SIGNATURE_VERSION: 'v1' })

const HARMFUL = {
  'Content-Disposition': 'attachment; filename="Setup.exe"',
  'Cache-Control': 'max-age=31536000',
  'Content-Encoding': 'gzip',
}

async function grant<Body>(path: string, request: object, at = deployment()): Promise<Body> {
  return (await ask<Body>(at.info, path, request, await token(at.info, 'alice'))).body
}

function grantUrl(rule: string, filename: string, at = deployment()): Promise<UrlAnswer> {
  const request = { rule, operation: 'put', filename, contentType: TYPE, contentLength: 5 }
  return grant('/signed-url', request, at)
}

const lend = (rule: string) => grant<StsAnswer>('/sts', { rule, access: 'write' })

function putBySts(lent: StsAnswer, name: string, headers: object, callback?: OSS.ObjectCallback) {
  const options = { mime: TYPE, headers: { 'Content-Type': TYPE, ...headers } }
  return stsClient(lent).put(`${lent.prefix}${name}`, FILE, {
    ...options,
    ...(callback && { callback }),
  } as OSS.PutObjectOptions)
}

async function expectIgnored(name: string): Promise<void> {
  const { lines, sink } = deployment()
  const isIgnored = () =>
    lines.some((line) => line.includes('upload ignored') && line.includes(name))
  await until(isIgnored, () => pass(deployment(), 1))
  expect(sink.events.filter(({ subject }) => subject?.endsWith(name))).toEqual([])
}

describe.each(Object.entries(HARMFUL))('%s that the rule does not fix', (name, value) => {
  const file = (way: string) => `${name.toLowerCase()}-${way}.txt`

  it('is not proven in a form, by callback or trigger', async () => {
    const request = { rule: 'media', filename: file('form'), contentType: TYPE }
    const form = await grant<FormAnswer>('/post-policy', request)
    const fields = { ...form.fields, [name]: value }
    expect((await sendForm({ url: form.url, fields }, FILE)).status).not.toBe(200)
    expect(deployment().sink.events.some(({ subject }) => subject === form.key)).toBe(false)
  })

  it('is not proven by a URL, whose signature does not cover it', async () => {
    const put = await grantUrl('media', file('url'))
    const sent = await sendUrl({ ...put, headers: { ...put.headers, [name]: value } }, FILE)
    expect(sent.status).toBe(203)
    await expectIgnored(file('url'))
  })

  it('is not proven with STS credentials', async () => {
    const lent = await lend('media')
    const put = putBySts(lent, file('sts'), { [name]: value }, aliOssCallback(lent))
    await expect(put).rejects.toMatchObject({ code: 'CallbackFailed' })
    await expectIgnored(file('sts'))
  })
})

describe('headers that the rule fixes', () => {
  it('are not proven where STS credentials leave them out', async () => {
    const lent = await lend('served')
    const fixed = { 'Cache-Control': 'private', 'Content-Disposition': 'attachment' }
    await putBySts(lent, 'kept.txt', fixed, aliOssCallback(lent))
    const put = putBySts(lent, 'left.txt', {}, aliOssCallback(lent))
    await expect(put).rejects.toMatchObject({ code: 'CallbackFailed' })
    await expectIgnored('left.txt')
  })

  it('are not proven where an uploader drops them under signature version 1', async () => {
    const put = await grantUrl('served', 'v1.txt', v1())
    const { 'cache-control': _, 'content-disposition': __, ...rest } = put.headers
    expect((await sendUrl({ ...put, headers: rest }, FILE)).status).toBe(203)
    expect((await sendUrl(put, FILE)).status).toBe(200)
  })
})

describe('an upload with STS credentials under the ticket of a URL', () => {
  it('is not proven without an operation, nor by the promise of another file’s MD5', async () => {
    const lent = await lend('media')
    const contentMd5 = Buffer.alloc(16, 1).toString('base64')
    const request = { rule: 'media', operation: 'put', filename: 'as-url.txt' }
    const put = await grant<UrlAnswer>('/signed-url', {
      ...{ ...request, contentType: TYPE, contentLength: 5, contentMd5 },
    })
    await putBySts(lent, 'as-url.txt', {})
    const callbackVar = new URL(put.url).searchParams.get('callback-var') ?? ''
    const ticket = JSON.parse(Buffer.from(callbackVar, 'base64').toString())['x:ticket']
    const upload = { bucket: deployment().info.bucket, key: put.key, file: FILE }
    for (const operation of [null, 'PutObject']) {
      const body = bodyOf({ ...upload, type: TYPE, ticket }, { operation, contentMd5 })
      expect((await deployment().call(body)).status).toBe(403)
    }
  })
})
