import { TICKET_GRACE_SECONDS } from '../../shared/policy/ticket'
import type { Problem } from '../e2e/support/client'
import { until } from '../support/until'
import { FILE, shareAttacks, TYPE } from './support/attack'
import { bodyOf, pass } from './support/deployment'

const { deployment, grantForm, storedUpload, refusal, eventsOf } = shareAttacks()

describe('what anyone can have OSS sign', () => {
  it('proves nothing in another bucket by a copied body', async () => {
    const upload = await storedUpload('copied.txt')
    const body = bodyOf(upload, { bucket: 'attackers-bucket' })
    expect(await refusal(await deployment().call(body))).toBe('ticket_mismatch')
  })

  it('proves nothing by a body that was swapped under its signature', async () => {
    const upload = await storedUpload('swapped.txt')
    const headers = deployment().headersFor(bodyOf(upload))
    const swapped = bodyOf(upload, { size: 6 })
    expect(await refusal(await deployment().call(swapped, { headers }))).toBe('callback_signature')
  })

  it('proves nothing for a ticket that is not ours', async () => {
    const upload = await storedUpload('foreign.txt')
    const [header, payload] = upload.ticket.split('.')
    for (const ticket of [`${header}.${payload}.`, `${header}.${payload}.AAAA`, 'x', '']) {
      const reason = await refusal(await deployment().call(bodyOf(upload, { ticket })))
      expect(reason).toBe('ticket_invalid')
    }
  })

  it('proves nothing before the object is there', async () => {
    const { key, fields } = await grantForm('early.txt')
    const ticket = fields['x:ticket'] ?? ''
    const body = bodyOf({ bucket: deployment().info.bucket, key, file: FILE, type: TYPE, ticket })
    expect(await refusal(await deployment().call(body))).toBe('object_mismatch')
  })

  it('proves nothing by a signature with one byte flipped, of version 2.0, or none', async () => {
    const body = bodyOf(await storedUpload('flipped.txt'))
    const { authorization = '' } = deployment().headersFor(body)
    const flipped = (authorization.startsWith('A') ? 'B' : 'A') + authorization.slice(1)
    const changes = [
      { authorization: flipped },
      { authorization: '' },
      { authorization: '*' },
      { 'x-oss-signature-version': '2.0' },
    ]
    for (const headers of changes) {
      expect(await refusal(await deployment().call(body, { headers }))).toBe('callback_signature')
    }
  })
})

describe('the key that signs', () => {
  const SPOOFS = [
    'https://gosspublic.alicdn.com.evil.tld/callback_pub_key_v1.pem',
    'https://gosspublic.alicdn.com@evil.tld/key.pem',
    'https://evil.tld/gosspublic.alicdn.com/key.pem',
    'https://evil.tld#gosspublic.alicdn.com/key.pem',
    'https://gosspublic.alicdn.com:8443/key.pem',
    'https://gosspublic.alicdn.com./key.pem',
    'https://GOSSPUBLIC.alicdn.com/key.pem',
    'https://[::1]/key.pem',
    'http://127.0.0.1/key.pem',
    'ftp://gosspublic.alicdn.com/key.pem',
    'file:///etc/passwd',
    'https://gosspublic.alicdn.com/../evil/key.pem',
    'https://gosspublic.alicdn.com/%2e%2e/key.pem',
    '',
  ]
  it.each(SPOOFS)('is never fetched from %j', async (spoof) => {
    const body = bodyOf(await storedUpload('spoofed.txt'))
    const headers = { 'x-oss-pub-key-url': Buffer.from(spoof).toString('base64') }
    expect(await refusal(await deployment().call(body, { headers }))).toBe('callback_key_url')
  })

  it('is never looked for in what is no base64', async () => {
    const body = bodyOf(await storedUpload('spoofed.txt'))
    for (const value of ['***', 'A'.repeat(5_000)]) {
      const headers = { 'x-oss-pub-key-url': value }
      expect(await refusal(await deployment().call(body, { headers }))).toBe('callback_key_url')
    }
  })

  it('in 10 kB of base64 does not even reach the function', async () => {
    const body = bodyOf(await storedUpload('spoofed.txt'))
    const headers = { 'x-oss-pub-key-url': 'A'.repeat(10_240) }
    expect((await deployment().call(body, { headers })).status).toBe(400)
  })
})

describe('a path', () => {
  const ENCODED = ['/upload%2Dcallback', '/%75pload-callback', '/upload%2dcallback']
  it.each(ENCODED)('%s is refused, which decodes to ours', async (path) => {
    const body = bodyOf(await storedUpload('path.txt'))
    expect(await refusalAt(await deployment().call(body, { path }), path)).toBe('callback_path')
  })

  const OTHERS = [
    '/upload-callback%0A',
    '/upload-callback%2F',
    '/upload-callback/',
    '//upload-callback',
    '/upload%252Dcallback',
    '/upload-callback%00',
  ]
  it.each(OTHERS)('%s leads nowhere', async (path) => {
    const body = bodyOf(await storedUpload('path.txt'))
    expect((await deployment().call(body, { path })).status).toBe(404)
  })

  it('with a query is refused', async () => {
    const body = bodyOf(await storedUpload('path.txt'))
    const path = '/upload-callback?a=b'
    expect(await refusal(await deployment().call(body, { path }))).toBe('callback_path')
  })

  async function refusalAt(answer: Response, path: string): Promise<string> {
    expect(answer.status).toBe(403)
    const { requestId } = (await answer.json()) as Problem
    const line = () =>
      deployment().lines.find((each) => each.includes(requestId) && each.includes('refused'))
    await until(() => line() !== undefined)
    expect(line()).toContain(path)
    return /"reason":"(\w+)"/.exec(line() ?? '')?.[1] ?? ''
  }
})

describe('a replay', () => {
  it('gets the first answer again, whoever sends it, and makes no second event', async () => {
    const upload = await storedUpload('replayed.txt')
    const answers = []
    for (let count = 0; count < 3; count++) answers.push(await deployment().call(bodyOf(upload)))
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new Set(texts).size).toBe(1)
    await until(() => eventsOf(upload.key).length > 0)
    pass(deployment(), 20)
    expect((await deployment().call(bodyOf(upload))).status).toBe(200)
    expect(eventsOf(upload.key)).toHaveLength(1)
  })

  it('is answered the same in a chunked body', async () => {
    const upload = await storedUpload('chunked.txt')
    const body = bodyOf(upload)
    const chunks = new ReadableStream({
      start(controller) {
        for (const byte of Buffer.from(body)) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    const answer = await fetch(`${deployment().info.gateway}/upload-callback`, {
      ...{ method: 'POST', headers: deployment().headersFor(body), body: chunks, duplex: 'half' },
    } as RequestInit)
    expect(answer.status).toBe(200)
    expect((await deployment().call(body)).status).toBe(200)
    await until(() => eventsOf(upload.key).length > 0)
    expect(eventsOf(upload.key)).toHaveLength(1)
  })

  it('of a body that is there twice is refused', async () => {
    const body = bodyOf(await storedUpload('doubled.txt'))
    expect(await refusal(await deployment().call(body + body))).toBe('callback_body')
  })

  it('with the asynchronous header of a stranger makes no second event', async () => {
    const upload = await storedUpload('async.txt')
    const headers = { 'x-fc-invocation-type': 'Async' }
    expect((await deployment().call(bodyOf(upload), { headers })).status).toBe(202)
    const forged = { ...headers, authorization: 'AAAA' }
    expect((await deployment().call(bodyOf(upload), { headers: forged })).status).toBe(202)
    expect((await deployment().call(bodyOf(upload))).status).toBe(200)
    await until(() => eventsOf(upload.key).length > 0)
    pass(deployment(), 20)
    expect((await deployment().call(bodyOf(upload))).status).toBe(200)
    expect(eventsOf(upload.key)).toHaveLength(1)
  })
})

it('never shows a ticket, signature or secret in a log line', async () => {
  const upload = await storedUpload('secret.txt')
  await deployment().call(bodyOf(upload))
  const text = deployment().lines.join('\n')
  expect(text).not.toContain(upload.ticket.split('.')[2])
  expect(text).not.toContain(deployment().headersFor(bodyOf(upload)).authorization)
  expect(text).not.toContain(deployment().info.accessKeySecret)
})

describe('time', () => {
  it('ends a ticket: a replay after it proves nothing', async () => {
    const upload = await storedUpload('expired.txt')
    expect((await deployment().call(bodyOf(upload))).status).toBe(200)
    pass(deployment(), TICKET_GRACE_SECONDS + 3600)
    expect(await refusal(await deployment().call(bodyOf(upload)))).toBe('ticket_expired')
  })
})
