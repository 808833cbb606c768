import type OSS from 'ali-oss'
import { TICKET_GRACE_SECONDS } from '../../shared/auth/ticket'
import {
  aliOssCallback,
  ask,
  type Bytes,
  type FormAnswer,
  type Problem,
  type StsAnswer,
  sendForm,
  sendUrl,
  stsClient,
  token,
  type UrlAnswer,
} from '../e2e/client'
import { bodyOf, openWorld, pass, store, until, type World } from './world'

let world: World

const FILE: Bytes = Buffer.from('hello')
const TYPE = 'text/plain'
const TWICE: Bytes = Buffer.from('hello again')

beforeAll(async () => {
  world = await openWorld('function')
}, 60_000)

afterAll(() => world.close())

type Upload = { bucket: string; key: string; file: Bytes; type: string; ticket: string }

async function grantForm(filename: string, sub = 'alice', rule = 'media'): Promise<FormAnswer> {
  const wish = { rule, filename, contentType: rule === 'avatar' ? 'image/png' : TYPE }
  return (await ask<FormAnswer>(world.info, '/post-policy', wish, await token(world.info, sub)))
    .body
}

async function grantUrl(filename: string, sub = 'alice'): Promise<UrlAnswer> {
  const wish = { rule: 'media', operation: 'put', filename, contentType: TYPE, contentLength: 5 }
  return (await ask<UrlAnswer>(world.info, '/signed-url', wish, await token(world.info, sub))).body
}

async function grantSts(sub = 'alice'): Promise<StsAnswer> {
  const wish = { rule: 'media', access: 'write' }
  return (await ask<StsAnswer>(world.info, '/sts', wish, await token(world.info, sub))).body
}

/** A granted upload whose object is there, while its callback has yet to come. */
async function storedUpload(filename: string, sub = 'alice'): Promise<Upload> {
  const { key, fields } = await grantForm(filename, sub)
  await store(world.info, key, FILE, TYPE)
  const { bucket } = world.info
  return { bucket, key, file: FILE, type: TYPE, ticket: fields['x:ticket'] ?? '' }
}

const REASON = /"event":"refused".*"path":"\/upload-callback".*"reason":"(\w+)"/

/** Sees the dull 403 that tells nothing, and answers the reason in the log. */
async function refusal(answer: Response): Promise<string> {
  expect(answer.status).toBe(403)
  const problem = (await answer.json()) as Problem
  expect({ ...problem, requestId: '' }).toEqual({
    type: 'urn:oss-direct:problem:callback_rejected',
    title: 'Callback rejected',
    status: 403,
    detail: 'This upload could not be proven.',
    code: 'callback_rejected',
    requestId: '',
  })
  const logged = () =>
    world.lines.find((line) => line.includes(problem.requestId) && REASON.test(line))
  await until(() => logged() !== undefined)
  return REASON.exec(logged() ?? '')?.[1] ?? ''
}

function eventsOf(key: string) {
  return world.sink.events.filter(({ subject }) => subject === key)
}

describe('what anyone can have OSS sign', () => {
  it('proves nothing in another bucket by a copied body', async () => {
    const upload = await storedUpload('copied.txt')
    const body = bodyOf(upload, { bucket: 'attackers-bucket' })
    expect(await refusal(await world.call(body))).toBe('ticket_mismatch')
  })

  it('proves nothing by a body that was swapped under its signature', async () => {
    const upload = await storedUpload('swapped.txt')
    const headers = world.headersFor(bodyOf(upload))
    const swapped = bodyOf(upload, { size: 6 })
    expect(await refusal(await world.call(swapped, { headers }))).toBe('callback_signature')
  })

  it('proves nothing for a ticket that is not ours', async () => {
    const upload = await storedUpload('foreign.txt')
    const [header, payload] = upload.ticket.split('.')
    for (const ticket of [`${header}.${payload}.`, `${header}.${payload}.AAAA`, 'x', '']) {
      const reason = await refusal(await world.call(bodyOf(upload, { ticket })))
      expect(reason).toBe('ticket_invalid')
    }
  })

  it('proves nothing before the object is there', async () => {
    const { key, fields } = await grantForm('early.txt')
    const ticket = fields['x:ticket'] ?? ''
    const body = bodyOf({ bucket: world.info.bucket, key, file: FILE, type: TYPE, ticket })
    expect(await refusal(await world.call(body))).toBe('object_mismatch')
  })

  it('proves nothing by a signature with one byte flipped, of version 2.0, or none', async () => {
    const body = bodyOf(await storedUpload('flipped.txt'))
    const { authorization = '' } = world.headersFor(body)
    const flipped = (authorization.startsWith('A') ? 'B' : 'A') + authorization.slice(1)
    const changes = [
      { authorization: flipped },
      { authorization: '' },
      { authorization: '*' },
      { 'x-oss-signature-version': '2.0' },
    ]
    for (const headers of changes) {
      expect(await refusal(await world.call(body, { headers }))).toBe('callback_signature')
    }
  })
})

describe('a replay', () => {
  it('gets the first answer again, whoever sends it, and makes no second event', async () => {
    const upload = await storedUpload('replayed.txt')
    const answers = []
    for (let count = 0; count < 3; count++) answers.push(await world.call(bodyOf(upload)))
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new Set(texts).size).toBe(1)
    await until(() => eventsOf(upload.key).length > 0)
    pass(world, 20)
    expect((await world.call(bodyOf(upload))).status).toBe(200)
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
    const answer = await fetch(`${world.info.gateway}/upload-callback`, {
      ...{ method: 'POST', headers: world.headersFor(body), body: chunks, duplex: 'half' },
    } as RequestInit)
    expect(answer.status).toBe(200)
    expect((await world.call(body)).status).toBe(200)
    await until(() => eventsOf(upload.key).length > 0)
    expect(eventsOf(upload.key)).toHaveLength(1)
  })

  it('of a body that is there twice is refused', async () => {
    const body = bodyOf(await storedUpload('doubled.txt'))
    expect(await refusal(await world.call(body + body))).toBe('callback_body')
  })

  it('with the asynchronous header of a stranger makes no second event', async () => {
    const upload = await storedUpload('async.txt')
    const headers = { 'x-fc-invocation-type': 'Async' }
    expect((await world.call(bodyOf(upload), { headers })).status).toBe(202)
    const forged = { ...headers, authorization: 'AAAA' }
    expect((await world.call(bodyOf(upload), { headers: forged })).status).toBe(202)
    expect((await world.call(bodyOf(upload))).status).toBe(200)
    await until(() => eventsOf(upload.key).length > 0)
    pass(world, 20)
    expect((await world.call(bodyOf(upload))).status).toBe(200)
    expect(eventsOf(upload.key)).toHaveLength(1)
  })
})

describe('a ticket', () => {
  it('of another user is refused', async () => {
    const [alices, bobs] = await Promise.all([storedUpload('a.txt'), storedUpload('b.txt', 'bob')])
    const body = bodyOf(alices, { ticket: bobs.ticket })
    expect(await refusal(await world.call(body))).toBe('ticket_mismatch')
  })

  it('for another key is refused', async () => {
    const [one, other] = await Promise.all([storedUpload('one.txt'), storedUpload('other.txt')])
    const body = bodyOf(one, { object: other.key })
    expect(await refusal(await world.call(body))).toBe('ticket_mismatch')
  })

  it('of another rule is refused', async () => {
    const upload = await storedUpload('ruled.txt')
    const { fields } = await grantForm('me.png', 'alice', 'avatar')
    const body = bodyOf(upload, { ticket: fields['x:ticket'] })
    expect(await refusal(await world.call(body))).toBe('ticket_mismatch')
  })

  it('of another mechanism is refused', async () => {
    const upload = await storedUpload('mechanism.txt')
    for (const operation of ['PutObject', 'CompleteMultipartUpload']) {
      const reason = await refusal(await world.call(bodyOf(upload, { operation })))
      expect(reason).toBe('ticket_mismatch')
    }
  })

  it('for a prefix is refused outside of it', async () => {
    const { callback } = await grantSts('alice')
    const bobs = await storedUpload('bobs.txt', 'bob')
    const body = bodyOf(bobs, { ticket: callback?.callbackVar['x:ticket'] })
    expect(await refusal(await world.call(body))).toBe('ticket_mismatch')
  })
})

describe('a lie', () => {
  const LIES: [string, Record<string, unknown>, string][] = [
    ['of a smaller size', { size: 4 }, 'object_mismatch'],
    ['of a size over the limit', { size: 2 ** 40 }, 'ticket_mismatch'],
    ['of another granted type', { mimeType: 'text/html' }, 'ticket_mismatch'],
    ['of another ETag', { etag: '0'.repeat(32) }, 'object_mismatch'],
    ['of another checksum', { crc64: '1' }, 'object_mismatch'],
  ]
  it.each(LIES)('%s is refused', async (_, lie, reason) => {
    const upload = await storedUpload('lied.txt')
    expect(await refusal(await world.call(bodyOf(upload, lie)))).toBe(reason)
  })

  it('about the type is refused where any type was granted', async () => {
    const { callback, prefix } = await grantSts()
    const key = `${prefix}typed.txt`
    await store(world.info, key, FILE, TYPE)
    const ticket = callback?.callbackVar['x:ticket'] ?? ''
    const upload = { bucket: world.info.bucket, key, file: FILE, type: TYPE, ticket }
    const reason = await refusal(await world.call(bodyOf(upload, { mimeType: 'image/png' })))
    expect(reason).toBe('object_mismatch')
  })

  it('by replacing the object between upload and callback is refused', async () => {
    const upload = await storedUpload('replaced.txt')
    await store(world.info, upload.key, TWICE, TYPE)
    expect(await refusal(await world.call(bodyOf(upload)))).toBe('object_mismatch')
  })
})

describe('the callback', () => {
  it('can’t be dropped from a form or pointed elsewhere', async () => {
    const elsewhere = Buffer.from(
      JSON.stringify({ callbackUrl: 'https://evil.example/', callbackBody: 'x' }),
    ).toString('base64')
    for (const change of [{ callback: elsewhere }, { 'x:ticket': 'x' }]) {
      const { url, fields } = await grantForm('form.txt')
      const sent = await sendForm({ url, fields: { ...fields, ...change } }, FILE)
      expect(sent.status).toBe(403)
    }
    const { url, fields } = await grantForm('form.txt')
    const { callback: _, ...rest } = fields
    expect((await sendForm({ url, fields: rest }, FILE)).status).toBe(403)
  })

  it('can’t be dropped from a URL or pointed elsewhere by query or header', async () => {
    const { url, method, headers } = await grantUrl('url.txt')
    const without = new URL(url)
    without.searchParams.delete('callback')
    const changed = new URL(url)
    changed.searchParams.set('callback', 'e30=')
    for (const each of [without, changed]) {
      expect((await sendUrl({ url: each.href, method, headers }, FILE)).status).toBe(403)
    }
    const more = { ...headers, 'x-oss-callback': 'e30=' }
    expect((await sendUrl({ url, method, headers: more }, FILE)).status).toBeGreaterThanOrEqual(400)
  })

  it('dropped by an STS user, the trigger tells of the upload all the same', async () => {
    const lent = await grantSts()
    const key = `${lent.prefix}dropped.txt`
    await stsClient(lent).put(key, FILE, { mime: TYPE, headers: { 'Content-Type': TYPE } })
    await until(
      () => eventsOf(key).length > 0,
      () => pass(world, 1),
    )
    expect(eventsOf(key)[0]?.data).toMatchObject({ rule: 'media', sub: 'alice', proof: 'trigger' })
  })

  it('altered by an STS user proves only what is stored', async () => {
    const lent = await grantSts()
    const callback = aliOssCallback(lent)
    const body = callback.body.replace(/\$\{size\}/, '1')
    const upload = stsClient(lent).put(`${lent.prefix}altered.txt`, FILE, {
      callback: { ...callback, body },
    } as OSS.PutObjectOptions)
    await expect(upload).rejects.toMatchObject({ code: 'CallbackFailed' })
  })

  it('of a type or size that the rule does not allow makes no event by the trigger either', async () => {
    const key = 'avatars/alice/00000000-0000-4000-8000-000000000000.png'
    await store(world.info, key, FILE, 'text/html')
    const said = () =>
      world.lines.some((line) => /upload ignored.*-8000-.*outside the limits/.test(line))
    await until(said, () => pass(world, 1))
    expect(eventsOf(key)).toEqual([])
  })

  it('outside every rule makes no event, and the log says so', async () => {
    await store(world.info, 'avatars/alice/no-uuid.png', FILE, 'image/png')
    const said = () =>
      world.lines.some((line) => /upload ignored.*no-uuid.*under no rule/.test(line))
    await until(said, () => pass(world, 1))
    expect(eventsOf('avatars/alice/no-uuid.png')).toEqual([])
  })
})

describe('the ledger', () => {
  it('can’t be written or read with anything that is lent', async () => {
    const client = stsClient(await grantSts())
    const key = '.oss-direct/uploads/forged'
    await expect(client.put(key, FILE)).rejects.toMatchObject({ status: 403 })
    await expect(client.get(key)).rejects.toMatchObject({ status: 403 })
    const { url, fields } = await grantForm('form.txt')
    expect((await sendForm({ url, fields: { ...fields, key } }, FILE)).status).toBe(403)
    const wish = { rule: 'media', operation: 'get', key }
    const alice = await token(world.info, 'alice')
    expect((await ask(world.info, '/signed-url', wish, alice)).status).toBe(403)
  })

  it('keeps no marker after a refusal', async () => {
    const upload = await storedUpload('refused.txt')
    await refusal(await world.call(bodyOf(upload, { size: 4 })))
    expect((await world.call(bodyOf(upload))).status).toBe(200)
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
    expect(await refusal(await world.call(body, { headers }))).toBe('callback_key_url')
  })

  it('is never looked for in what is no base64', async () => {
    const body = bodyOf(await storedUpload('spoofed.txt'))
    for (const value of ['***', 'A'.repeat(5_000)]) {
      const headers = { 'x-oss-pub-key-url': value }
      expect(await refusal(await world.call(body, { headers }))).toBe('callback_key_url')
    }
  })

  it('in 10 kB of base64 does not even reach the function', async () => {
    const body = bodyOf(await storedUpload('spoofed.txt'))
    const headers = { 'x-oss-pub-key-url': 'A'.repeat(10_240) }
    expect((await world.call(body, { headers })).status).toBe(400)
  })
})

describe('a path', () => {
  const ENCODED = ['/upload%2Dcallback', '/%75pload-callback', '/upload%2dcallback']
  it.each(ENCODED)('%s is refused, which decodes to ours', async (path) => {
    const body = bodyOf(await storedUpload('path.txt'))
    expect(await refusalAt(await world.call(body, { path }), path)).toBe('callback_path')
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
    expect((await world.call(body, { path })).status).toBe(404)
  })

  it('with a query is refused', async () => {
    const body = bodyOf(await storedUpload('path.txt'))
    const path = '/upload-callback?a=b'
    expect(await refusal(await world.call(body, { path }))).toBe('callback_path')
  })

  async function refusalAt(answer: Response, path: string): Promise<string> {
    expect(answer.status).toBe(403)
    const { requestId } = (await answer.json()) as Problem
    const line = () =>
      world.lines.find((each) => each.includes(requestId) && each.includes('refused'))
    await until(() => line() !== undefined)
    expect(line()).toContain(path)
    return /"reason":"(\w+)"/.exec(line() ?? '')?.[1] ?? ''
  }
})

it('never shows a ticket, signature or secret in a log line', async () => {
  const upload = await storedUpload('secret.txt')
  await world.call(bodyOf(upload))
  const text = world.lines.join('\n')
  expect(text).not.toContain(upload.ticket.split('.')[2])
  expect(text).not.toContain(world.headersFor(bodyOf(upload)).authorization)
  expect(text).not.toContain(world.info.accessKeySecret)
})

describe('time', () => {
  it('ends a ticket: a replay after it proves nothing', async () => {
    const upload = await storedUpload('expired.txt')
    expect((await world.call(bodyOf(upload))).status).toBe(200)
    pass(world, TICKET_GRACE_SECONDS + 3600)
    expect(await refusal(await world.call(bodyOf(upload)))).toBe('ticket_expired')
  })
})
