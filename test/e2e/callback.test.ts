import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { LocalCloud } from '../../local/start'
import {
  ask,
  type Bytes,
  eventsOf,
  type FormAnswer,
  type Info,
  ownerClient,
  type Problem,
  sendForm,
  token,
} from './support/client'
import { openCloud } from './support/cloud'

let cloud: LocalCloud
let info: Info
let signed: FormAnswer

const FILE: Bytes = Buffer.from('hello')
const ETAG = createHash('md5').update(FILE).digest('hex').toUpperCase()

beforeAll(async () => {
  cloud = await openCloud()
  info = cloud.info
  signed = await grant('a.txt')
}, 60_000)

afterAll(() => cloud.close())

async function grant(filename: string): Promise<FormAnswer> {
  const request = { rule: 'media', filename, contentType: 'text/plain' }
  const alice = await token(info, 'alice')
  return (await ask<FormAnswer>(info, '/post-policy', request, alice)).body
}

function callbackBody(change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    bucket: info.bucket,
    object: signed.key,
    etag: ETAG,
    size: FILE.length,
    mimeType: 'text/plain',
    ...{ crc64: null, contentMd5: null, operation: 'PostObject', reqId: null },
    ...{ imageHeight: null, imageWidth: null, imageFormat: null },
    ticket: signed.fields['x:ticket'],
    ...change,
  })
}

function strangersCallback(body: string, headers: Record<string, string> = {}) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const authorization = sign('md5', Buffer.from(`/upload-callback\n${body}`), privateKey)
  return fetch(`${info.gateway}/upload-callback`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: authorization.toString('base64'),
      ...headers,
    },
    body,
  })
}

/** Makes the local OSS sign a body for our callback URL, as the owner of any bucket can. */
async function ossCallback(body: string): Promise<Response> {
  const callback = { callbackUrl: `${info.gateway}/upload-callback`, callbackBody: body }
  const parameter = { ...callback, callbackBodyType: 'application/json' }
  const client = ownerClient(info)
  const url = client.signatureUrlV4 as unknown as (
    method: string,
    seconds: number,
    request: object,
    key: string,
  ) => Promise<string>
  const queries = { callback: Buffer.from(JSON.stringify(parameter)).toString('base64') }
  return fetch(await url.call(client, 'PUT', 60, { queries }, 'elsewhere/any.txt'), {
    method: 'PUT',
    body: new Uint8Array(FILE),
  })
}

it('refuses a callback that a stranger signed, whatever key it names', async () => {
  const body = callbackBody()
  const urls = [
    'https://gosspublic.alicdn.com/callback_pub_key_v1.pem',
    'https://gosspublic.alicdn.com.evil.example/key.pem',
    `${info.gateway}/key.pem`,
  ]
  for (const url of urls) {
    const answer = await strangersCallback(body, {
      'x-oss-pub-key-url': Buffer.from(url).toString('base64'),
    })
    expect(answer.status).toBe(403)
    expect(((await answer.json()) as Problem).code).toBe('callback_rejected')
  }
})

it('refuses what OSS signed before the upload is there, and makes no event of it', async () => {
  const { key, fields } = await grant('early.txt')
  const body = callbackBody({ object: key, ticket: fields['x:ticket'] })
  expect((await ossCallback(body)).status).toBe(203)
  expect(await eventsOf(info, key)).toEqual([])
})

describe('after a proven upload', () => {
  beforeAll(async () => {
    const sent = await sendForm(signed, FILE)
    expect([sent.status, sent.body.status]).toEqual([200, 'ok'])
  })

  // The event of the upload itself, and never another.
  afterEach(async () => {
    expect(await eventsOf(info, signed.key)).toMatchObject([
      { data: { proof: 'callback', size: 5 } },
    ])
    expect(await eventsOf(info, 'media/mallory/a.txt')).toEqual([])
  })

  it('answers the same callback again with the same words', async () => {
    const answer = await ossCallback(callbackBody())
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({
      status: 'ok',
      key: signed.key,
      size: 5,
      etag: ETAG,
      contentType: 'text/plain',
    })
  })

  const LIES: [string, Record<string, unknown>][] = [
    ['another key', { object: 'media/mallory/a.txt' }],
    ['another bucket', { bucket: 'other-bucket' }],
    ['another size', { size: 6 }],
    ['a size that is a text', { size: '5' }],
    ['a size below zero', { size: -1 }],
    ['another ETag', { etag: '0'.repeat(32) }],
    ['another type', { mimeType: 'text/html' }],
    ['no ticket', { ticket: undefined }],
    ['an empty ticket', { ticket: '' }],
  ]

  it.each(LIES)('refuses %s although OSS signed it', async (_, lie) => {
    const answer = await ossCallback(callbackBody(lie))
    expect(answer.status).toBe(203)
    expect(await answer.text()).toContain('CallbackFailed')
  })

  it('refuses a ticket with one character changed', async () => {
    const ticket = signed.fields['x:ticket'] ?? ''
    for (const at of [5, ticket.indexOf('.') + 5, ticket.length - 5]) {
      const changed = ticket.slice(0, at) + (ticket[at] === 'A' ? 'B' : 'A') + ticket.slice(at + 1)
      expect((await ossCallback(callbackBody({ ticket: changed }))).status).toBe(203)
    }
  })
})
