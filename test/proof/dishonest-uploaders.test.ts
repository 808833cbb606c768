import type OSS from 'ali-oss'
import { CLOCK_SKEW_SECONDS } from '../../shared/callback/confirm'
import {
  aliOssCallback,
  ask,
  type Bytes,
  ownerClient,
  sendForm,
  sendUrl,
  stsClient,
  token,
} from '../e2e/support/client'
import { until } from '../support/until'
import { FILE, shareAttacks, TYPE } from './support/attack'
import { bodyOf, pass, store } from './support/deployment'

const { deployment, grantForm, grantUrl, grantSts, storedUpload, refusal, eventsOf } =
  shareAttacks()

const TWICE: Bytes = Buffer.from('hello again')

describe('a ticket', () => {
  it('of another user is refused', async () => {
    const [alices, bobs] = await Promise.all([storedUpload('a.txt'), storedUpload('b.txt', 'bob')])
    const body = bodyOf(alices, { ticket: bobs.ticket })
    expect(await refusal(await deployment().call(body))).toBe('ticket_mismatch')
  })

  it('for another key is refused', async () => {
    const [one, other] = await Promise.all([storedUpload('one.txt'), storedUpload('other.txt')])
    const body = bodyOf(one, { object: other.key })
    expect(await refusal(await deployment().call(body))).toBe('ticket_mismatch')
  })

  it('of another rule is refused', async () => {
    const upload = await storedUpload('ruled.txt')
    const { fields } = await grantForm('me.png', 'alice', 'avatar')
    const body = bodyOf(upload, { ticket: fields['x:ticket'] })
    expect(await refusal(await deployment().call(body))).toBe('ticket_mismatch')
  })

  it('of another mechanism is refused', async () => {
    const upload = await storedUpload('mechanism.txt')
    for (const operation of ['PutObject', 'CompleteMultipartUpload']) {
      const reason = await refusal(await deployment().call(bodyOf(upload, { operation })))
      expect(reason).toBe('ticket_mismatch')
    }
  })

  it('for a prefix is refused outside of it', async () => {
    const { callback } = await grantSts('alice')
    const bobs = await storedUpload('bobs.txt', 'bob')
    const body = bodyOf(bobs, { ticket: callback?.callbackVar['x:ticket'] })
    expect(await refusal(await deployment().call(body))).toBe('ticket_mismatch')
  })
})

describe('a lie', () => {
  const LIES: [string, Record<string, unknown>, string][] = [
    ['of a smaller size', { size: 4 }, 'object_mismatch'],
    ['of a size over the limit', { size: 2 ** 40 }, 'upload_size'],
    ['of another granted type', { mimeType: 'text/html' }, 'upload_type'],
    ['of another ETag', { etag: '0'.repeat(32) }, 'object_mismatch'],
    ['of another checksum', { crc64: '1' }, 'object_mismatch'],
  ]
  it.each(LIES)('%s is refused', async (_, lie, reason) => {
    const upload = await storedUpload('lied.txt')
    expect(await refusal(await deployment().call(bodyOf(upload, lie)))).toBe(reason)
  })

  it('about the type is refused where any type was granted', async () => {
    const { callback, prefix } = await grantSts()
    const key = `${prefix}typed.txt`
    await store(deployment().info, key, FILE, TYPE)
    const ticket = callback?.callbackVar['x:ticket'] ?? ''
    const upload = { bucket: deployment().info.bucket, key, file: FILE, type: TYPE, ticket }
    const reason = await refusal(await deployment().call(bodyOf(upload, { mimeType: 'image/png' })))
    expect(reason).toBe('object_mismatch')
  })

  it('about an image is a hint of plain numbers and letters, or left out', async () => {
    const upload = await storedUpload('image.txt')
    const lie = { imageWidth: 'Infinity', imageHeight: '1', imageFormat: '<img src=x>' }
    for (const _ of ['first', 'again']) {
      expect((await deployment().call(bodyOf(upload, lie))).status).toBe(200)
    }
    await until(() => eventsOf(upload.key).length > 0)
    expect(eventsOf(upload.key)[0]?.data).not.toHaveProperty('image')
  })

  it('by replacing the object between upload and callback is refused', async () => {
    const upload = await storedUpload('replaced.txt')
    await store(deployment().info, upload.key, TWICE, TYPE)
    expect(await refusal(await deployment().call(bodyOf(upload)))).toBe('object_mismatch')
  })
})

describe('the same bytes', () => {
  it('of another type are another event, even within a second', async () => {
    const types = [TYPE, 'image/png']
    const grants = await Promise.all(types.map((type) => grantUrl('typed.bin', type)))
    const sent = []
    for (const grant of grants) sent.push((await sendUrl(grant, FILE)).body.contentType)
    expect(sent).toEqual(types)
    const told = () => eventsOf('media/alice/typed.bin').map(({ data }) => data.contentType)
    await until(() => told().length === types.length)
    expect(told().sort()).toEqual([...types].sort())
  })
})

describe('an object that is older than the ticket', () => {
  it('proves nothing, whoever wrote it', async () => {
    const key = 'media/alice/older.txt'
    await store(deployment().info, key, FILE, TYPE)
    pass(deployment(), CLOCK_SKEW_SECONDS + 1)
    const [form, lent] = await Promise.all([grantForm('older.txt'), grantSts()])
    const upload = { bucket: deployment().info.bucket, key, file: FILE, type: TYPE }
    for (const ticket of [form.fields['x:ticket'], lent.callback?.callbackVar['x:ticket']]) {
      const body = bodyOf({ ...upload, ticket: ticket ?? '' })
      expect(await refusal(await deployment().call(body))).toBe('object_mismatch')
    }
  })

  it('proves nothing again when its marker is gone', async () => {
    const upload = await storedUpload('told.txt')
    expect((await deployment().call(bodyOf(upload))).status).toBe(200)
    await until(() => eventsOf(upload.key).length > 0)
    const [event] = eventsOf(upload.key)
    await ownerClient(deployment().info).delete(`.oss-direct/uploads/${event?.id}`)
    pass(deployment(), CLOCK_SKEW_SECONDS + 1)
    const { fields } = await grantForm('told.txt')
    const body = bodyOf(upload, { ticket: fields['x:ticket'] })
    expect(await refusal(await deployment().call(body))).toBe('object_mismatch')
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
      () => pass(deployment(), 1),
    )
    expect(eventsOf(key)[0]?.data).toMatchObject({ rule: 'media', sub: 'alice', proof: 'trigger' })
  })

  it('can’t go with copies and appends, of which the trigger tells each', async () => {
    const client = stsClient(await grantSts('alice', 'read-write'))
    const [copied, grown] = ['media/alice/copied.txt', 'media/alice/grown.txt']
    await client.put('media/alice/source.txt', FILE)
    await client.copy(copied, 'media/alice/source.txt')
    const sizesOf = (key: string) => eventsOf(key).map(({ data }) => data.size)
    const told = (count: number) => () =>
      eventsOf(copied).length === 1 && eventsOf(grown).length === count
    const tick = () => pass(deployment(), 1)
    const { nextAppendPosition: position } = await client.append(grown, FILE)
    await until(told(1), tick)
    await client.append(grown, FILE, { position })
    await until(told(2), tick)
    expect([sizesOf(copied), sizesOf(grown)]).toEqual([[5], [5, 10]])
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
    await store(deployment().info, key, FILE, 'text/html')
    const said = () =>
      deployment().lines.some((line) => /upload ignored.*-8000-.*upload_type/.test(line))
    await until(said, () => pass(deployment(), 1))
    expect(eventsOf(key)).toEqual([])
  })

  it('outside every rule makes no event, and the log says so', async () => {
    await store(deployment().info, 'avatars/alice/no-uuid.png', FILE, 'image/png')
    const said = () =>
      deployment().lines.some((line) => /upload ignored.*no-uuid.*under no rule/.test(line))
    await until(said, () => pass(deployment(), 1))
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
    const request = { rule: 'media', operation: 'get', key }
    const alice = await token(deployment().info, 'alice')
    expect((await ask(deployment().info, '/signed-url', request, alice)).status).toBe(403)
  })

  it('keeps no marker after a refusal', async () => {
    const upload = await storedUpload('refused.txt')
    await refusal(await deployment().call(bodyOf(upload, { size: 4 })))
    expect((await deployment().call(bodyOf(upload))).status).toBe(200)
  })
})
